import { clockHere } from "../../../storage/clock.ts";
import { lifeInView } from "../life.ts";
import { type Overview, overviewOf } from "./compute.ts";

/** A year, and what the weeks before it say of its beginning. */
const DAYS_BACK = 400;

export interface LoadedOverview {
  readonly overview: Overview;
  /** The days are nobody's: an invented life was loaded. */
  readonly isInvented: boolean;
  readonly isEmpty: boolean;
}

/** The invented life while there is one, else the user's own. */
export async function loadOverview(): Promise<LoadedOverview> {
  const [now, clock] = [Date.now(), clockHere()];
  const { journal, isInvented } = await lifeInView();
  const [days, helps] = await Promise.all([journal.days(clock(now).day - DAYS_BACK), journal.helps()]);
  return { overview: overviewOf({ days, helps }, now, clock), isInvented, isEmpty: days.length === 0 };
}
