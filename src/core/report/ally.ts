import type { Checkpoint, DayCount } from "../chain.ts";
import type { Moment } from "../types.ts";
import type { Summary } from "./summary.ts";

/**
 * Numbers are told in steps of this, rounded down, so that no single page or evening can be read from them, nor worked out
 * from a sum and its other parts.
 */
export const LEAST_COUNT = 5;

/** The words of a report for an ally, in English; the keys are those of the extension's messages. */
export const ALLY_ENGLISH = {
  ally_title: "How it went, by Wardlight",
  ally_none: "0",
  ally_few: "fewer than 5",
  ally_acted: "Acted on:",
  ally_weeks: "Week by week:",
  ally_categories: "By category:",
  ally_note:
    "No site, page or hour is in here, and numbers are rounded down to fives. Keep this: the line below proves later that the journal was not shortened or rewritten.",
} as const;

export type AllyKey = keyof typeof ALLY_ENGLISH;

interface AllyLocale {
  readonly label: (key: AllyKey) => string;
  /** The name of a category. */
  readonly category: (name: string) => string;
}

const ENGLISH: AllyLocale = { label: (key) => ALLY_ENGLISH[key], category: (name) => name };

/** What an ally gets: counts without any page, and a checkpoint of the journal as the last line. */
export function allyText(
  { summary, days, since, until }: { summary: Summary; days: readonly DayCount[]; since: Moment; until: Moment },
  checkpoint: Checkpoint,
  { label, category }: AllyLocale = ENGLISH,
): string {
  const told = (count: number) =>
    count === 0 ? label("ally_none") : count < LEAST_COUNT ? label("ally_few") : `≥ ${count - (count % LEAST_COUNT)}`;
  const weeks = weeksOf(days).map(([monday, acted]) => `  ${monday}  ${told(acted)}`);
  const categories = categoriesOf(days).map(([name, acted]) => `  ${category(name)}  ${told(acted)}`);
  return [
    label("ally_title"),
    `${dateOf(Math.max(since, Date.parse(days[0]?.day ?? "") || since))} – ${dateOf(Math.min(until, checkpoint.at))}`,
    "",
    `${label("ally_acted")} ${told(summary.acted)}`,
    "",
    label("ally_weeks"),
    ...(weeks.length > 0 ? weeks : [`  ${label("ally_none")}`]),
    "",
    label("ally_categories"),
    ...(categories.length > 0 ? categories : [`  ${label("ally_none")}`]),
    "",
    label("ally_note"),
    "",
    JSON.stringify(checkpoint),
    "",
  ].join("\n");
}

/** The checkpoint in a file: the file itself, or a line of it. */
export function checkpointIn(text: string): Checkpoint | undefined {
  for (const line of [text, ...text.split("\n").reverse()]) {
    const value = parsed(line) as Partial<Checkpoint> | undefined;
    const { n, hash, at, key, signature } = value ?? {};
    if (typeof n !== "number" || typeof at !== "number") continue;
    if (typeof hash === "string" && typeof key === "string" && typeof signature === "string") {
      return { n, hash, at, key, signature };
    }
  }
  return undefined;
}

const DAY_MS = 86_400_000;

/** By the Monday on which a week begins; the days are those of the reader's clock. */
function weeksOf(days: readonly DayCount[]): [string, number][] {
  const weeks = new Map<string, number>();
  for (const { day, acted } of days) {
    const at = Date.parse(day);
    const monday = dateOf(at - ((new Date(at).getUTCDay() + 6) % 7) * DAY_MS);
    weeks.set(monday, (weeks.get(monday) ?? 0) + acted);
  }
  return [...weeks];
}

function categoriesOf(days: readonly DayCount[]): [string, number][] {
  const totals = new Map<string, number>();
  for (const { categories } of days)
    for (const [name, count] of Object.entries(categories)) totals.set(name, (totals.get(name) ?? 0) + count);
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1));
}

function dateOf(at: Moment): string {
  return new Date(Math.min(253_402_300_799_999, Math.max(0, at))).toISOString().slice(0, 10);
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
