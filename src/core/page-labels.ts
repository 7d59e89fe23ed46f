import type { Labels, Probability } from "./types.ts";

/** The questions that labels answer, and their classes: those of the catalogue's heads. */
export const PAGE_LABELS = {
  topic: [
    ...["biology", "business", "chemistry", "computer science", "economics", "engineering", "health", "history"],
    ...["law", "math", "other", "philosophy", "physics", "psychology"],
  ],
  intent: [
    ...["information_retrieval", "data_transformation", "calculation", "communication", "scheduling"],
    ...["file_operations", "analysis", "no_function_needed"],
  ],
  sentiment: ["negative", "neutral", "positive"],
} as const;
/** In the order in which people read them. */
export const LABEL_QUESTIONS = ["topic", "intent", "sentiment"] as const;

/** A question and a class, such as `topic/law`. */
export type PageLabel = string;

/** Every label that can be named, question by question. */
export const ALL_PAGE_LABELS: readonly PageLabel[] = LABEL_QUESTIONS.flatMap((question) =>
  PAGE_LABELS[question].map((name) => `${question}/${name}`),
);

/** A label that a page bears, and how probable that is. */
export interface Described {
  readonly label: PageLabel;
  readonly score: Probability;
}

/** What has been read of a page: its characters, and the sum of each label's probability, weighed by them. */
export interface PageReading {
  readonly chars: number;
  readonly sums: Readonly<Record<PageLabel, number>>;
}

/** Of a page of which nothing was read. */
export const UNREAD: PageReading = { chars: 0, sums: {} };
/** A heading and a menu say little of a page. */
const LEAST_CHARS = 400;
const LEAST_SCORE = 0.5;

/** The reading with one more passage of so many characters. */
export function readOn({ chars, sums }: PageReading, labels: Labels, length: number): PageReading {
  const next = { ...sums };
  for (const question of LABEL_QUESTIONS)
    for (const [name, score] of Object.entries(labels[question] ?? {})) {
      const label = `${question}/${name}`;
      next[label] = (next[label] ?? 0) + score * length;
    }
  return { chars: chars + length, sums: next };
}

/** The labels that the mean of all passages gives one half or more, at most one a question; none of too short a page. */
export function describedAs({ chars, sums }: PageReading): Described[] {
  if (chars < LEAST_CHARS) return [];
  return Object.entries(sums)
    .map(([label, sum]) => ({ label, score: sum / chars }))
    .filter(({ score }) => score >= LEAST_SCORE);
}
