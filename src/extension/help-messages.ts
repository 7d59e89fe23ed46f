import type { DayTally } from "../core/analytics/day.ts";
import type { Help, HelpKind } from "../core/analytics/intervention.ts";
import type { Ally, Wishes } from "../core/analytics/wishes.ts";
import type { Moment } from "../core/types.ts";

/** What own pages ask of analytics and help; a part of the door `console` in messages.ts. */
export interface HelpMessages {
  /** The analytics' rows from a local day on (days since 1970-01-01), and the help that was offered. */
  overview: (request: { since: number }) => OverviewRows;
  /** Changes what the user wants of help; answers with all of it. */
  wishes: (request: Partial<Wishes>) => Wishes;
  /** What to offer on the blocked page now, if anything; it counts as offered then. */
  offerHelp: (request: null) => HelpOffer | null;
  answerHelp: (request: { id: string; answer: Help["answer"]; words?: string }) => null;
  /** Closes the way on, and these hosts, until the morning, whose moment it answers with. */
  holdTonight: (request: { hosts: readonly string[] }) => Moment;
}

/** What the overview is computed from. */
export interface OverviewRows {
  readonly days: readonly DayTally[];
  readonly helps: readonly Help[];
}

/** Help to offer, with what the user has set up for it. */
export interface HelpOffer {
  readonly id: string;
  readonly kind: HelpKind;
  readonly ally: Ally | null;
  readonly goals: readonly string[];
  /** What the user wrote the last time. */
  readonly words?: string;
}
