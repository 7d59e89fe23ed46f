import type { Category, Moment } from "../core/types.ts";
import type { ListCategory, ListFailure, Subscription } from "../core/url/subscription.ts";

/** A list, shipped or the user's own. */
export interface ListFacts {
  readonly id: string;
  readonly category: Category;
  readonly isOn: boolean;
  readonly count: number;
  readonly updatedAt: Moment;
  readonly sources: readonly { readonly name: string; readonly license?: string }[];
  readonly own?: Subscription;
}

/** Entries that a search met. */
export interface FoundEntries {
  readonly entries: readonly { readonly list: string; readonly entry: string }[];
  readonly total: number;
}

/** A list to add: from its address, or the bytes of a file and its name. */
export type ListRequest = { readonly category: ListCategory } & (
  | { readonly url: string; readonly name?: undefined; readonly bytes?: undefined }
  | { readonly name: string; readonly bytes: Uint8Array; readonly url?: undefined }
);

/** What came of adding, refreshing or changing a list. */
export interface ListOutcome {
  readonly list?: Subscription;
  /** How many entries were added or removed. */
  readonly changed?: number;
  readonly failure?: ListFailure;
}
