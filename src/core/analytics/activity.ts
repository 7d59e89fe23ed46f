import type { Moment } from "../types.ts";
import type { Span } from "./fold.ts";
import type { HostClass } from "./host-class.ts";

/** What stood in front of the user from a moment on: a class of host, or nothing that counts (away, private, our own page). */
export interface Scene {
  readonly since: Moment;
  readonly hostClass: HostClass | null;
}

/** What goes on unchanged is written down in pieces, so that little is lost when the browser ends. */
const PIECE_MS = 5 * 60_000;
/** Longer than this without any news, nobody knows: a machine that slept tells nobody. */
const MOST_MS = 60 * 60_000;

/** What is in front now, and the stretch of time that is over; a clock that was set back or leapt ahead gives none. */
export function turnTo(
  scene: Scene | null,
  hostClass: HostClass | null,
  now: Moment,
): { readonly scene: Scene; readonly span: Span | null } {
  const next = { since: now, hostClass };
  if (!scene) return { scene: next, span: null };
  const length = now - scene.since;
  const isSame = scene.hostClass === hostClass;
  if (isSame && (hostClass === null || (length >= 0 && length < PIECE_MS))) return { scene, span: null };
  if (scene.hostClass === null || length <= 0 || length > MOST_MS) return { scene: next, span: null };
  return { scene: next, span: { from: scene.since, until: now, hostClass: scene.hostClass } };
}
