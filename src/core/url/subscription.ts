import type { Category, Moment } from "../types.ts";
import type { LineRefusal, ListRefusal } from "./list-text.ts";

/** What a list of the user's own may be about. */
export const LIST_CATEGORIES = ["blocklisted", "adult", "phishing", "malware", "scam", "gambling"] as const;
export type ListCategory = (typeof LIST_CATEGORIES)[number] & Category;

/** When a list is asked for anew; `manual` never asks by itself. */
export const REFRESHES = ["manual", "daily", "weekly"] as const;
export type Refresh = (typeof REFRESHES)[number];

const HOUR_MS = 3_600_000;
const EVERY_MS: Record<Refresh, number> = {
  manual: Number.POSITIVE_INFINITY,
  daily: 24 * HOUR_MS,
  weekly: 168 * HOUR_MS,
};

/** Why a list could not be had, or not be used. */
export type ListProblem = ListRefusal | "network" | "status" | "access" | "full";

export interface ListFailure {
  readonly problem: ListProblem;
  readonly detail?: string;
  readonly at: Moment;
}

/** A list that the user added. */
export interface Subscription {
  readonly id: string;
  /** In [0, MAX_SUBSCRIPTIONS): which block rules are its own. */
  readonly slot: number;
  readonly title: string;
  readonly category: ListCategory;
  readonly source: ListSource;
  readonly refresh: Refresh;
  readonly hosts: number;
  readonly pages: number;
  readonly refused: Readonly<Partial<Record<LineRefusal, number>>>;
  /** Lower-case hex of SHA-256 (`versionText`). */
  readonly version: string;
  /** Where the changes since this version can be had, relative to the source. */
  readonly delta?: string;
  /** When its content last became another. */
  readonly updatedAt: Moment;
  readonly checkedAt: Moment;
  /** Of the newest attempt; the last good version stays. */
  readonly failure?: ListFailure;
  /** Taken away, but not beyond recall. */
  readonly isRemoved?: boolean;
}

export type ListSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "file"; readonly name: string };

export const MAX_SUBSCRIPTIONS = 24;

/** Whether a list is to be asked for anew. */
export function isDue({ source, refresh, checkedAt, isRemoved }: Subscription, now: Moment): boolean {
  return source.kind === "url" && !isRemoved && now - checkedAt >= EVERY_MS[refresh];
}

/** A web address that a list can be had from; undefined for any other. Plain http only on this very machine. */
export function listAddress(typed: string): string | undefined {
  const url = URL.parse(typed.trim());
  if (url?.username !== "" || url.password !== "") return undefined;
  const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isLocal) ? url.href : undefined;
}
