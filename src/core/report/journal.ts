import type {
  Action,
  Context,
  Evidence,
  Failure,
  Labels,
  Moment,
  Probability,
  SubjectKind,
  Verdict,
} from "../types.ts";

/** A verdict that was acted on, or a picture or address that was judged. */
export interface VerdictEvent {
  readonly kind: "verdict";
  /** Globally unique; recording the same id twice stores it once. */
  readonly id: string;
  readonly at: Moment;
  readonly subject: SubjectKind;
  readonly context: Context;
  /** Host of the page. */
  readonly site: string;
  /** What was judged, shortened: an address without query and fragment, or the words that gave rise to the verdict. */
  readonly label: string;
  readonly category: Verdict["category"];
  readonly score: Probability;
  readonly uncertainty: Probability;
  readonly action: Action["kind"];
  readonly reason: Action["reason"];
  readonly latencyMs: number;
  readonly evidence: readonly (Evidence & { readonly detector: string })[];
  /** `name@version` of every network that had a say. */
  readonly models: readonly string[];
  readonly failure?: Failure;
  /** What a text that was acted on is about and how it sounds: the likeliest class of each kind. */
  readonly labels?: Readonly<Partial<Record<LabelKind, string>>>;
}

export const LABEL_KINDS = ["topic", "sentiment", "language"] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

/** Harmless text is counted, not listed: a page has hundreds of pieces. */
export interface TallyEvent {
  readonly kind: "tally";
  readonly id: string;
  readonly at: Moment;
  readonly site: string;
  readonly subject: SubjectKind;
  readonly allowed: number;
}

export type JournalEvent = VerdictEvent | TallyEvent;

const MAX_LABEL = 200;
const MAX_EVIDENCE = 40;

/** Shortens an address to what a person needs to recognise it; content in `data:` addresses is dropped. */
export function labelOfUrl(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return shorten(url);
  if (parsed.protocol === "data:") return `data:${parsed.pathname.split(/[;,]/, 1)[0] ?? ""}`;
  if (parsed.protocol === "blob:") return "blob:";
  return shorten(`${parsed.origin === "null" ? parsed.protocol : parsed.origin}${parsed.pathname}`);
}

/** The words around the first span, or the beginning. */
export function labelOfText(text: string, spans: readonly { start: number; end: number }[]): string {
  const [first] = spans;
  return shorten((first ? text.slice(first.start, first.end) : text).replace(/\s+/g, " ").trim());
}

export function shorten(text: string): string {
  const characters = [...text.slice(0, 4 * MAX_LABEL)];
  return characters.length <= MAX_LABEL ? text : `${characters.slice(0, MAX_LABEL - 1).join("")}…`;
}

/** Everything of a verdict that the journal keeps, with its evidence bounded. */
export function verdictEvent(
  fields: Pick<VerdictEvent, "id" | "at" | "subject" | "context" | "site" | "label" | "latencyMs">,
  verdict: Verdict,
  action: Action,
): VerdictEvent {
  const evidence = verdict.signals.flatMap(({ detector, evidence: items }) =>
    items.map((item) => ({ ...item, detector })),
  );
  const models = verdict.signals.flatMap((signal) => signal.model ?? []);
  return {
    ...fields,
    kind: "verdict",
    category: verdict.category,
    score: verdict.score,
    uncertainty: verdict.uncertainty,
    action: action.kind,
    reason: action.reason,
    evidence: evidence.slice(0, MAX_EVIDENCE),
    models: [...new Set(models)],
    ...(verdict.failure ? { failure: verdict.failure } : {}),
    ...(verdict.labels && action.kind !== "allow" ? { labels: likeliest(verdict.labels) } : {}),
  };
}

function likeliest({ topic, sentiment, language }: Labels): NonNullable<VerdictEvent["labels"]> {
  const best = (classes: Labels["topic"]) =>
    Object.entries(classes ?? {}).reduce<readonly [string, number]>(
      (top, entry) => (entry[1] > top[1] ? entry : top),
      ["", 0],
    )[0];
  const labels = { topic: best(topic), sentiment: best(sentiment), language: language ?? "" };
  return Object.fromEntries(Object.entries(labels).filter(([, name]) => name !== ""));
}
