import type { Concealment, Structure } from "../core/page/structure.ts";
import type { Described } from "../core/page-labels.ts";
import type { Action, Context } from "../core/types.ts";
import type { PageAct } from "./messages.ts";

/** A passage as a content script saw it. */
export interface TextSighting {
  readonly kind: "text";
  readonly id: string;
  readonly context: Context;
  readonly text: string;
  /** Absent where nothing is known of it, as of what the user writes. */
  readonly structure?: Structure;
}

/** A page, by the address with which it was loaded, and what its text is about. */
export interface PageDescription {
  readonly tabId: number;
  readonly url: string;
  readonly described: readonly Described[];
}

/** What is to be done about a passage that gives orders to an AI. */
export interface PassageWish {
  readonly highlights: boolean;
  readonly neutralises: boolean;
  /** Programs that read the page are to be told. */
  readonly marks: boolean;
}

/** That the comment in which a passage stands is to be covered, besides what is done about the passage itself. */
export interface Hostility extends Pick<Action, "category" | "mayReveal"> {
  readonly kind: "blur" | "hide";
  readonly score: number;
}

/** Served by the content script for text, for our own pages and the background alone. */
export interface TextDoor {
  summary: (request: null) => TextSummary;
  /** Every passage that is not before its reader's eyes, at most `MAX_HIDDEN`; those with orders to an AI first. */
  hidden: (request: null) => readonly HiddenText[];
  /** Shows these over the page; nothing, to show nothing. */
  show: (request: readonly HiddenText[]) => void;
  /** What a person can read on it. */
  plain: (request: null) => string;
  /** Puts neutralised passages back, and no further one is neutralised. */
  restore: (request: null) => void;
  /** The site was exempted: every comment is shown and every passage put back. */
  release: (request: null) => void;
}

/** What was found in one frame's text, as it stands now. */
export interface TextSummary {
  /** How many pieces have their verdict. */
  readonly read: number;
  /** Passages that give orders to an AI. */
  readonly marked: number;
  /** How many of these no reader sees. */
  readonly hidden: number;
  /** How many of these are replaced. */
  readonly neutralised: number;
  /** Comments that are covered. */
  readonly covered: number;
  /** Newest first, at most `MAX_ACTS`. */
  readonly acts: readonly PageAct[];
}

export interface HiddenText {
  /** At most `MAX_HIDDEN_CHARS`. */
  readonly text: string;
  readonly concealments: readonly Concealment[];
  readonly isMarked: boolean;
}

export const MAX_HIDDEN = 200;
export const MAX_HIDDEN_CHARS = 1_000;
