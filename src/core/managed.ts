import { canonical } from "./bytes.ts";
import { isHours } from "./lock/lock.ts";
import { type Path, RULE_OF, valueAt, withValue } from "./lock/weakening.ts";
import { DEFAULT_SETTINGS, parseSettings, type Settings } from "./policy.ts";

/** What an organisation has set for this browser; it wins over the user's own settings. */
export interface Managed {
  readonly values: ReadonlyMap<Path, unknown>;
  /** Nobody weakens anything here. */
  readonly isLocked: boolean;
  /** What weakens waits at least so long. */
  readonly coolingHours: number;
}

export const UNMANAGED: Managed = { values: new Map(), isLocked: false, coolingHours: 0 };

/** A pause is a moment's wish and cannot be set; that there be none is what `isLocked` says. */
export const MANAGEABLE: readonly Path[] = [...RULE_OF.keys()].filter((path) => path !== "pausedUntil");

/** Reads what administrators wrote; what is not sound is left out, each place by itself, and told of. */
export function parseManaged(value: unknown, onOdd: (path: Path) => void): Managed {
  if (typeof value !== "object" || value === null) return UNMANAGED;
  const { isLocked, coolingHours } = value as Readonly<Record<string, unknown>>;
  const given = MANAGEABLE.flatMap((path) => {
    const wanted = valueAt(value, path);
    return wanted === undefined ? [] : [[path, wanted] as const];
  });
  const sound = given.filter(([path, wanted]) => {
    const isKept = isSound(path, wanted);
    if (!isKept) onOdd(path);
    return isKept;
  });
  return {
    values: new Map(sound),
    isLocked: isLocked === true,
    coolingHours: isHours(coolingHours) ? coolingHours : 0,
  };
}

function isSound(path: Path, value: unknown): boolean {
  try {
    return canonical(valueAt(parseSettings(withValue(DEFAULT_SETTINGS, path, value)), path)) === canonical(value);
  } catch {
    return false;
  }
}

/** The settings as they hold: the organisation's where it has any, else the user's. */
export function withManaged(settings: Settings, { values }: Managed): Settings {
  return [...values].reduce((all, [path, value]) => withValue(all, path, value), settings);
}

/** Which of the organisation's settings a change would alter, if it could. */
export function againstManaged(wanted: Settings, { values }: Managed): Path[] {
  return [...values].flatMap(([path, value]) => (canonical(valueAt(wanted, path)) === canonical(value) ? [] : [path]));
}

/** What the user asks for, with the user's own values in the places that the organisation has set. */
export function withOwn(wanted: Settings, own: Settings, { values }: Managed): Settings {
  return [...values.keys()].reduce((all, path) => withValue(all, path, valueAt(own, path)), wanted);
}
