import fc from "fast-check";
import type { JournalEvent, TallyEvent, VerdictEvent } from "../../../src/core/report/journal.ts";
import { ACTION_KINDS, CATEGORIES, CONTEXTS } from "../../../src/core/types.ts";

/** A picture that was blurred, but for what the test says. */
export function verdict(fields: Partial<VerdictEvent> = {}): VerdictEvent {
  return {
    kind: "verdict",
    id: "v",
    at: 10,
    subject: "image",
    context: "page",
    site: "pictures.example",
    label: "https://pictures.example/beach.jpg",
    category: "sexual",
    score: 0.91,
    uncertainty: 0.04,
    action: "blur",
    reason: "judged",
    latencyMs: 38,
    evidence: [{ kind: "class", name: "porn", score: 0.88, detector: "image/nsfw" }],
    models: ["nsfw@1.0.0"],
    ...fields,
  };
}

/** Three harmless texts, but for what the test says. */
export function tally(fields: Partial<TallyEvent> = {}): TallyEvent {
  return { kind: "tally", id: "t", at: 20, site: "news.example", subject: "text", allowed: 3, ...fields };
}

const HOSTILE = [
  "<script>alert(1)</script>",
  "\"'><img src=x onerror=alert(1)>",
  "</style>",
  "&lt;b&gt;",
  "]]>",
  "$&$1",
];
/** Any text, and those that have broken pages before. */
export const words = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...HOSTILE));
const score = fc.double({ min: 0, max: 1, noNaN: true });
const detector = words;
const piece = fc.oneof(
  fc.record({ kind: fc.constant("span" as const), start: fc.nat(), end: fc.nat(), rule: words, detector }),
  fc.record({ kind: fc.constant("rule" as const), rule: words, value: words, detector }),
  fc.record({ kind: fc.constant("class" as const), name: words, score, detector }),
);
const base = { at: fc.nat(), site: words, subject: fc.constantFrom("text" as const, "image" as const, "url" as const) };

const verdicts: fc.Arbitrary<VerdictEvent> = fc.record(
  {
    ...base,
    kind: fc.constant("verdict" as const),
    id: fc.uuid(),
    context: fc.constantFrom(...CONTEXTS),
    label: words,
    category: fc.constantFrom(...CATEGORIES, "safe" as const, "unknown" as const),
    score,
    uncertainty: score,
    action: fc.constantFrom(...ACTION_KINDS),
    reason: fc.constantFrom("judged" as const, "certain" as const, "failure" as const),
    latencyMs: fc.nat(),
    evidence: fc.array(piece, { maxLength: 4 }),
    models: fc.array(words, { maxLength: 3 }),
    failure: fc.record({ code: fc.constantFrom("model" as const, "resource" as const), message: words }),
  },
  {
    noNullPrototype: true,
    requiredKeys: [
      "kind",
      "id",
      "at",
      "site",
      "subject",
      "context",
      "label",
      "category",
      "score",
      "uncertainty",
      "action",
      "reason",
      "latencyMs",
      "evidence",
      "models",
    ],
  },
);
const tallies: fc.Arbitrary<TallyEvent> = fc.record(
  { ...base, kind: fc.constant("tally" as const), id: fc.uuid(), allowed: fc.nat({ max: 1_000 }) },
  { noNullPrototype: true },
);

export const journalEvents: fc.Arbitrary<JournalEvent[]> = fc.array(fc.oneof(verdicts, tallies), { maxLength: 12 });
