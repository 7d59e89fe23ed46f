import { cascaded } from "../detector.ts";
import type { Detector, ImageSubject } from "../types.ts";

/** Below this score the light network's word is enough to let a picture through; above it the second is asked. */
export const HARMLESS_BELOW = 0.1;

/**
 * The networks in the catalogue's order, each asked only about what those before it leave open. What is done about a
 * picture needs two of them (`Rule.voters`), so an early exit can only allow.
 */
export function pictureCascade(networks: readonly Detector<ImageSubject>[]): Detector<ImageSubject>[] {
  const [first, ...rest] = networks;
  if (!first) return [];
  const isHarmless = (signals: readonly { score: number }[]) => signals.every(({ score }) => score < HARMLESS_BELOW);
  return [rest.reduce((cheap, costly) => cascaded(cheap, costly, isHarmless), first)];
}
