/** The content scripts of a frame live in one world. */
const HELD = Symbol.for("wardlight-held");
const world = globalThis as unknown as Record<symbol, boolean | undefined>;

/** Whether none of our scripts may make the browser work out styles now; see `Survey.hold`. */
export function isHeld(): boolean {
  return world[HELD] === true;
}

export function setHeld(isHeld: boolean): void {
  world[HELD] = isHeld;
}
