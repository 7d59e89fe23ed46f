import { openTallies } from "../../storage/tallies.ts";

/** The analytics' rows, opened on first use; the background is their one writer. */
export const TALLIES = openTallies("analytics");
