import type { Random } from "../random.ts";
import type { Moment } from "../types.ts";

/** Ways to help in the moment: a breath, words of one's own, no way on tonight, a person to call, a goal to look at. */
export const HELPS = ["breath", "reason", "tonight", "ally", "goal"] as const;
export type HelpKind = (typeof HELPS)[number];

/** Help that was offered. */
export interface Help {
  readonly id: string;
  readonly at: Moment;
  readonly kind: HelpKind;
  /** `open` until it is known: `used` the user took it up, `dismissed` they did not want it, `continued` they went on. */
  readonly answer: "open" | "used" | "dismissed" | "continued";
  /** What the user wrote, for themselves alone. */
  readonly words?: string;
}

/** When help may be offered at all. */
export interface HelpWishes {
  /** Kinds that the user wants, of those that are set up: an ally needs a contact, a goal its words. */
  readonly kinds: readonly HelpKind[];
  /** Local minutes since midnight between which nothing is offered; equal for never. */
  readonly quietFrom: number;
  readonly quietTo: number;
}

const MOST_A_DAY = 3;
const BETWEEN_MS = 45 * 60_000;
const DAY_MS = 86_400_000;
/** Help has worked when no attempt follows for so long. */
const WORKED_MS = 60 * 60_000;
/** What helped long ago counts half after so long. */
const HALF_LIFE_MS = 60 * DAY_MS;

/**
 * What to offer now, or null. Thompson sampling: of each kind's chance to work, which is known the better the more often
 * it was tried, one value is drawn, and the highest wins. At most three in 24 hours and one in 45 minutes; after two in a
 * row that were not wanted, none for a day. @param minute the local minute of `now`
 */
export function chooseHelp(
  helps: readonly Help[],
  attempts: readonly { readonly at: Moment }[],
  { kinds, quietFrom, quietTo }: HelpWishes,
  { now, minute }: { readonly now: Moment; readonly minute: number },
  random: Random,
): HelpKind | null {
  const today = helps.filter(({ at }) => at <= now && at > now - DAY_MS).toSorted((a, b) => a.at - b.at);
  const last = today.at(-1);
  const isUnwanted = today.length >= 2 && today.slice(-2).every(({ answer }) => answer === "dismissed");
  if (isQuiet(minute, quietFrom, quietTo) || today.length >= MOST_A_DAY || isUnwanted) return null;
  if (last && now - last.at < BETWEEN_MS) return null;
  let best: { kind: HelpKind; value: number } | null = null;
  for (const kind of kinds) {
    const { worked, failed } = recordOf(kind, helps, attempts, now);
    const value = beta(1 + worked, 1 + failed, random);
    if (!best || value > best.value) best = { kind, value };
  }
  return best?.kind ?? null;
}

/** Both ends may lie on either side of midnight. */
export function isQuiet(minute: number, from: number, to: number): boolean {
  return from <= to ? from <= minute && minute < to : minute >= from || minute < to;
}

/** Whether help has worked: null while that is open. */
export function hasWorked(help: Help, attempts: readonly { readonly at: Moment }[], now: Moment): boolean | null {
  if (help.answer === "dismissed" || help.answer === "continued") return false;
  // The attempt that it answers has begun before it.
  if (attempts.some(({ at }) => at > help.at && at <= help.at + WORKED_MS)) return false;
  return now >= help.at + WORKED_MS ? true : null;
}

/** How often a kind has worked and failed, old times counting less. */
export function recordOf(
  kind: HelpKind,
  helps: readonly Help[],
  attempts: readonly { readonly at: Moment }[],
  now: Moment,
): { readonly worked: number; readonly failed: number } {
  let [worked, failed] = [0, 0];
  for (const help of helps) {
    if (help.kind !== kind) continue;
    const outcome = hasWorked(help, attempts, now);
    const weight = 0.5 ** (Math.max(0, now - help.at) / HALF_LIFE_MS);
    if (outcome === true) worked += weight;
    if (outcome === false) failed += weight;
  }
  return { worked, failed };
}

/** A draw from a beta distribution, by two from gamma distributions; both parameters are at least 1. */
function beta(a: number, b: number, random: Random): number {
  const [x, y] = [gamma(a, random), gamma(b, random)];
  return x / (x + y);
}

/** Marsaglia and Tsang (2000), for shapes of at least 1. */
function gamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
