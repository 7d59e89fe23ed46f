import { checkpointIn } from "../core/report/ally.ts";
import { type Verification, verifyReport } from "../core/report/verify.ts";
import type { VerifierWord, VerifierWords } from "./words.ts";

/** The page that checks a report without Wardlight: one file, no network, in the reader's language where it is known. */
const WORDS: VerifierWords = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const language =
  navigator.languages.map((name) => name.split("-", 1)[0] ?? "").find((name) => Object.hasOwn(WORDS, name)) ?? "en";
const [report, kept] = ["report", "kept"].map((id) => document.getElementById(id) as HTMLInputElement);
const result = document.getElementById("result");

function t(key: VerifierWord, ...values: (string | number)[]): string {
  return values.reduce<string>(
    (text, value, i) => text.replace(`$${i + 1}`, () => String(value)),
    WORDS[language]?.[key] ?? key,
  );
}

async function check(): Promise<void> {
  const [file, other] = [report?.files?.[0], kept?.files?.[0]];
  if (!file) return;
  const held = other && checkpointIn(await other.text());
  if (other && !held) return say(false, t("check_noCheckpoint"));
  tell(await verifyReport(parsed(await file.text()), crypto.subtle, held));
}

function tell(found: Verification) {
  if (!found.isWhole) {
    const place = found.n === undefined ? [] : [t("check_place", found.n)];
    return say(false, t("check_broken"), ...place, t(`broken_${found.code}`));
  }
  const piece = found.begins === "piece" ? [t("report_piece")] : [];
  const proof = found.held ? t(`check_${found.held}`) : t("report_limits");
  say(true, t("check_whole"), t("check_counts", found.events, found.entries), ...piece, proof);
  result?.append(document.createElement("br"), t("check_device", found.device));
}

function say(isWhole: boolean, ...sentences: string[]) {
  if (!result) return;
  result.className = isWhole ? "whole" : "broken";
  result.textContent = sentences.join(" ");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

document.documentElement.lang = language;
document.title = t("check_title");
for (const place of document.querySelectorAll<HTMLElement>("[data-words]")) {
  const keys = (place.dataset.words ?? "").split(" ") as VerifierWord[];
  place.textContent = keys.map((key) => t(key)).join(" ");
}
for (const input of [report, kept]) input?.addEventListener("change", () => void check());
