import type { Measurement } from "../../messages.ts";

/** The larger network that is offered as a pack. */
export const ACCURATE = "nsfw-inception-v3";
const LIGHT = "nsfw-mobilenet-v2";

/**
 * How many times the light network's time the accurate one takes, on WebAssembly and one thread: measured, see
 * models/nsfw-inception-v3/MODEL_CARD.md.
 */
export const ACCURATE_RATIO = 10;

/** A picture on which all networks are asked should not stay hidden longer than this for judging alone. */
export const FIT_MS = 600;

/** Whether this machine is fast enough for the accurate set. */
export interface Fit {
  /** For one picture that all are asked about. */
  readonly totalMs: number;
  readonly accurateMs: number;
  /** The accurate set was measured itself; else its time is computed from the light network's. */
  readonly isMeasured: boolean;
  readonly isFit: boolean;
}

/** Undefined when the light network was not measured. */
export function fitOf(measured: readonly Measurement[]): Fit | undefined {
  const named = (name: string) => measured.find(({ id }) => id.startsWith(`${name}@`));
  const light = named(LIGHT);
  if (!light) return undefined;
  const accurate = named(ACCURATE);
  const accurateMs = accurate?.latencyMs ?? light.latencyMs * ACCURATE_RATIO;
  const others = measured.filter((one) => one !== accurate).reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  const totalMs = others + accurateMs;
  return { totalMs, accurateMs, isMeasured: accurate !== undefined, isFit: totalMs <= FIT_MS };
}
