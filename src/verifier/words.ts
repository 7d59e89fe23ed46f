/** The messages of the extension that the page needs: the build writes them into it, in every language. */
export const VERIFIER_WORDS = [
  "check_title",
  "check_lead",
  "check_offline",
  "check_report",
  "check_kept",
  "check_noCheckpoint",
  "check_whole",
  "check_counts",
  "check_device",
  "check_within",
  "check_outside",
  "check_broken",
  "check_place",
  "report_piece",
  "report_limits",
  "broken_shape",
  "broken_beginning",
  "broken_order",
  "broken_link",
  "broken_signature",
  "broken_device",
  "broken_damaged",
  "broken_events",
  "broken_head",
  "broken_seal",
  "broken_held",
] as const;

export type VerifierWord = (typeof VERIFIER_WORDS)[number];

/** By language (ISO 639-1) and key; `$1`… stand for what is put in. */
export type VerifierWords = Readonly<Record<string, Readonly<Record<VerifierWord, string>>>>;
