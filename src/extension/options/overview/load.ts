import { localClock } from "../../../core/analytics/local-time.ts";
import { openTallies } from "../../../storage/tallies.ts";
import type { OverviewRows } from "../../help-messages.ts";
import { ask } from "../console.ts";
import { type Overview, overviewOf } from "./compute.ts";

/** A year, and what the weeks before it say of its beginning. */
const DAYS_BACK = 400;

/** An invented life lies in a database of its own, whose one writer is this page; the real rows are never mixed with it. */
export const invented = openTallies("simulated-life");

export interface LoadedOverview {
  readonly overview: Overview;
  /** The days are nobody's: an invented life was loaded. */
  readonly isInvented: boolean;
  readonly isEmpty: boolean;
}

export function clockHere() {
  return localClock(Intl.DateTimeFormat().resolvedOptions().timeZone);
}

/** The invented life while there is one, else the user's own. */
export async function loadOverview(): Promise<LoadedOverview> {
  const [now, clock] = [Date.now(), clockHere()];
  const since = clock(now).day - DAYS_BACK;
  const days = await invented.since(since);
  const isInvented = days.length > 0;
  const rows: OverviewRows = isInvented ? { days, helps: await invented.helps() } : await ask("overview", { since });
  return { overview: overviewOf(rows, now, clock), isInvented, isEmpty: rows.days.length === 0 };
}
