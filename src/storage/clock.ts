import { type LocalClock, localClock } from "../core/analytics/local-time.ts";

let here: { readonly timeZone: string; readonly clock: LocalClock } | undefined;

/** The wall clock of where the device is now; the zone may change while the program lives. */
export function clockHere(): LocalClock {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (timeZone !== here?.timeZone) here = { timeZone, clock: localClock(timeZone) };
  return here.clock;
}
