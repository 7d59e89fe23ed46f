import { readFile } from "node:fs/promises";
import type { Checkpoint } from "../core/chain.ts";
import { checkpointIn } from "../core/report/ally.ts";
import { type Verification, verifyReport } from "../core/report/verify.ts";

/**
 * Checks a report file and says what was found.
 * @param heldPath a file with a checkpoint that somebody else kept, such as an ally's report.
 * @returns the exit status: 0 whole, 1 broken, 2 it could not be checked.
 */
export async function verifyFile(path: string, heldPath?: string): Promise<{ status: 0 | 1 | 2; text: string }> {
  let held: Checkpoint | undefined;
  try {
    held = heldPath === undefined ? undefined : checkpointIn(await readFile(heldPath, "utf8"));
  } catch (error) {
    return { status: 2, text: `${heldPath} cannot be read: ${(error as Error).message}` };
  }
  if (heldPath !== undefined && !held) return { status: 2, text: `${heldPath} holds no checkpoint.` };
  try {
    const found = await verifyReport(parsed(await readFile(path, "utf8")), crypto.subtle, held);
    return { status: found.isWhole ? 0 : 1, text: describeVerification(found) };
  } catch (error) {
    return { status: 2, text: `${path} cannot be read: ${(error as Error).message}` };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const BEGINS = {
  mark: "from the journal's beginning",
  fold: "from where older days were folded into counts",
  piece: "a piece from the middle of a journal",
  empty: "without any entry",
};

function describeVerification(found: Verification): string {
  if (!found.isWhole) {
    const place = found.n === undefined ? "" : ` at entry ${found.n}`;
    const events = found.events ? ` (events ${found.events[0]} to ${found.events[1]})` : "";
    return `BROKEN${place}${events}: ${found.message}`;
  }
  const { events, entries, checkpoints, begins, held, device } = found;
  return [
    `WHOLE: ${events} events in ${entries} entries, ${BEGINS[begins]}, ${checkpoints} signed checkpoints.`,
    held === undefined
      ? "A cut tail or a chain that was written anew shows only against a checkpoint that somebody else holds (--against)."
      : held === "within"
        ? "It goes through the checkpoint that it was held against."
        : "The checkpoint that it was held against lies outside of this report, so it proves nothing here.",
    `Signed by device ${device}`,
  ].join("\n");
}
