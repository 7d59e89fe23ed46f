import { checkpointIn } from "../core/report/ally.ts";
import { type Verification, verifyReport } from "../core/report/verify.ts";

/** The page that checks a report without Wardlight: one file, no network, English. */
const [report, kept] = ["report", "kept"].map((id) => document.getElementById(id) as HTMLInputElement);
const result = document.getElementById("result");

async function check(): Promise<void> {
  const [file, other] = [report?.files?.[0], kept?.files?.[0]];
  if (!file) return;
  const held = other && checkpointIn(await other.text());
  if (other && !held) return say(false, "The second file holds no checkpoint.");
  tell(await verifyReport(parsed(await file.text()), crypto.subtle, held));
}

function tell(found: Verification) {
  if (!found.isWhole) {
    const place = found.n === undefined ? "" : ` at entry ${found.n}`;
    return say(false, `Broken${place}. ${found.message}`);
  }
  const { events, entries, checkpoints, begins, held, device } = found;
  const against = { within: "It goes through the checkpoint.", outside: "The checkpoint lies outside of this report." };
  const proof = held ? against[held] : "That its end was cut off shows only against a checkpoint that you hold.";
  say(
    true,
    `Whole: ${events} events, ${entries} entries, ${checkpoints} checkpoints; begins with: ${begins}. ${proof}`,
  );
  if (result) result.append(document.createElement("br"), `Signed by device ${device}`);
}

function say(isWhole: boolean, text: string) {
  if (!result) return;
  result.className = isWhole ? "whole" : "broken";
  result.textContent = text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

for (const input of [report, kept]) input?.addEventListener("change", () => void check());
