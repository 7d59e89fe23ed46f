import { cascaded } from "../detector.ts";
import type { Detector, ImageSubject, Signal } from "../types.ts";

/** Below this score the light network's word is enough to let a picture through; above it the second is asked. */
export const HARMLESS_BELOW = 0.1;

/**
 * The networks in the catalogue's order. The first may let a picture through alone. The second is asked about the rest,
 * and each further one only where those before it stand on both sides of one half. What is done about a picture needs two
 * of them (`Rule.voters`), so an early exit can only allow.
 */
export function pictureCascade(networks: readonly Detector<ImageSubject>[]): Detector<ImageSubject>[] {
  const [first, second, ...rest] = networks;
  if (!first) return [];
  if (!second) return [first];
  const isHarmless = (signals: readonly Signal[]) => signals.every(({ score }) => score < HARMLESS_BELOW);
  return [rest.reduce((asked, next) => cascaded(asked, next, isAgreed), cascaded(first, second, isHarmless))];
}

function isAgreed(signals: readonly Signal[]): boolean {
  const votes = signals.map(({ score }) => score >= 0.5);
  return votes.every((vote) => vote === votes[0]);
}
