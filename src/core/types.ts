import type { Structure } from "./page/structure.ts";

/**
 * The vocabulary of Wardlight. Data moves one way:
 *
 *   Subject --detect--> Signal[] --decide--> Verdict + Action --record--> Journal
 *
 * Everything here is plain, structured-clonable data: it crosses contexts and is stored as it is.
 */

/** A calibrated probability in [0, 1]. */
export type Probability = number;

/** Milliseconds since the epoch. */
export type Moment = number;

/**
 * Where a subject stands: `page` is something the user reads, `comment` somebody else's words on it, `prompt` the
 * user's own typing into an AI chat, `paste` foreign text entering a chat.
 */
export const CONTEXTS = ["page", "comment", "prompt", "paste"] as const;
export type Context = (typeof CONTEXTS)[number];

/** Decoded picture: row-major RGBA, 8 bits a channel, not premultiplied; `data.length === 4 * width * height`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

interface SubjectBase {
  /** Unique among the subjects of one sender; answers carry it back. */
  readonly id: string;
  readonly context: Context;
}
export interface TextSubject extends SubjectBase {
  readonly kind: "text";
  readonly text: string;
  /** What its page tells beside its words; absent where nobody looked. */
  readonly structure?: Structure;
  /** Its labels are wanted, whatever is found in it. */
  readonly isDescribed?: boolean;
}
export interface ImageSubject extends SubjectBase {
  readonly kind: "image";
  readonly pixels: Pixels;
}
export interface UrlSubject extends SubjectBase {
  readonly kind: "url";
  /** Absolute and parseable by the WHATWG URL parser. */
  readonly url: string;
}

/** The smallest unit that can be judged and acted on. */
export type Subject = TextSubject | ImageSubject | UrlSubject;
export type SubjectKind = Subject["kind"];

/** What can be wrong with a subject: one flat list, shared by every detector, policy and report. */
export const CATEGORIES = [
  "sexual",
  "toxicity",
  "hate",
  "offensive",
  "injection",
  "pii",
  "secret",
  "phishing",
  "malware",
  "adult",
  "scam",
  "gambling",
  "blocklisted",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** A thing that a person can check. */
export type Evidence =
  /** UTF-16 offsets into the subject's text, `end` exclusive; `score` where each span has one of its own. */
  | {
      readonly kind: "span";
      readonly start: number;
      readonly end: number;
      readonly rule: string;
      readonly score?: Probability;
    }
  | { readonly kind: "rule"; readonly rule: string; readonly value: string }
  | { readonly kind: "class"; readonly name: string; readonly score: Probability }
  /** Whom the subject pretends to be: the brand's name and best-known host, and the rule that says so. */
  | { readonly kind: "target"; readonly rule: string; readonly name: string; readonly host: string };

/** One detector's opinion of one subject in one category. No signal means no opinion, not innocence. */
export interface Signal {
  readonly category: Category;
  readonly score: Probability;
  /** The detector's path, such as `text/patterns`. */
  readonly detector: string;
  /** `name@version` of the model behind it; absent for rules. */
  readonly model?: string;
  /** Exact knowledge (a listed host, a check digit), which decides alone. */
  readonly isCertain?: boolean;
  /** A weak sign, such as the share of skin tones: it moves the vote a little and is no voter. */
  readonly isHint?: boolean;
  /** Its share in the vote, in [0, 1], beside another model that was fitted together with it; 1 where absent. */
  readonly weight?: number;
  readonly evidence: readonly Evidence[];
}

/** What describes a subject and is never a threat by itself. */
export interface Labels {
  /** Class to probability, by question. */
  readonly topic?: Readonly<Record<string, Probability>>;
  readonly intent?: Readonly<Record<string, Probability>>;
  readonly sentiment?: Readonly<Record<string, Probability>>;
  /** ISO 639-1; absent where it cannot be told. */
  readonly language?: string;
}

/** The kinds of failure that a user can tell apart and act on. */
export type FailureCode = "model" | "resource" | "security" | "validation";
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** `name@version` of the model that could not be opened, where it was one. */
  readonly model?: string;
}

/** A part of a picture, in fractions [0, 1] of its width and height. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All that the detectors have to say of one subject. A failure does not silence the detectors that worked. */
export interface Finding {
  readonly signals: readonly Signal[];
  readonly labels?: Labels;
  readonly failure?: Failure;
  /** Where the evidence against a picture is concentrated; empty where it is everywhere, absent where nobody looked. */
  readonly regions?: readonly Region[];
  /** The user said of this picture that it was withheld wrongly. */
  readonly isDisputed?: boolean;
  /** Where it was known from: findings of this session or of an earlier one, or another file of the same picture. */
  readonly recalled?: "memory" | "disk" | "likeness";
}

/** The combined opinion. It says what is true, never what to do. */
export interface Verdict {
  /** `unknown` when nothing could be judged. */
  readonly category: Category | "safe" | "unknown";
  readonly score: Probability;
  /** Weighted standard deviation of the opinions on `category`, in [0, 0.5]. */
  readonly uncertainty: Probability;
  /** Weighted share of the opinions on `category` that stand on the verdict's side of one half. */
  readonly consensus: Probability;
  readonly scores: Readonly<Partial<Record<Category, Probability>>>;
  readonly signals: readonly Signal[];
  readonly labels?: Labels;
  readonly failure?: Failure;
}

/** What may be done about a subject, in ascending severity; `hold` stops what is about to be sent until the user decides. */
export const ACTION_KINDS = ["allow", "warn", "hold", "blur", "hide", "block"] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

/** How a withheld picture looks. */
export const COVERS = ["blur", "card", "pixelate", "remove"] as const;
export type Cover = (typeof COVERS)[number];

export interface Action {
  readonly kind: ActionKind;
  readonly category: Verdict["category"];
  /**
   * What led here: the user's exemption, an exact rule, the weighed opinions, that nothing could be judged, that colour
   * and shape had to do instead of the networks, that the user holds the verdict to be wrong, or chose to go on all the
   * same.
   */
  readonly reason: "allowlisted" | "paused" | "certain" | "judged" | "failure" | "heuristic" | "disputed" | "proceeded";
  /** The user may look all the same, with one click. */
  readonly mayReveal: boolean;
}

/** A stretch of what the user is about to send, why, and what is to be done about it. */
export interface DraftPiece {
  readonly start: number;
  readonly end: number;
  /** A type of personal data, `SECRET` or `INJECTION`. */
  readonly type: string;
  readonly action: "warn" | "hold";
}

/** What there is to say of a text that is about to be sent. */
export interface Draft {
  readonly pieces: readonly DraftPiece[];
  /** Whether the policy has anything held at all, so that a send has to wait for its verdict. */
  readonly mayHold: boolean;
}

/** From which probability on a category leads to which action; a missing kind is never chosen. */
export type Limits = Readonly<Partial<Record<Exclude<ActionKind, "allow">, Probability>>>;

/** Limits for one category, in some contexts or in all. */
export interface Rule {
  readonly category: Category;
  readonly contexts?: readonly Context[];
  readonly limits: Limits;
  /** Hosts, each with its subdomains, where the rule does not hold. */
  readonly exceptOn?: readonly string[];
  /** So many detectors must each give it one half or more before anything is done; certainty needs none. */
  readonly voters?: number;
  /** Classes of a classifier whose probability counts besides its positive ones, such as `Sexy`. */
  readonly classes?: readonly string[];
}

/** A model pack that the user trusts: exactly these bytes, and no others under the same name. */
export interface PackPin {
  /** What it judges; of those for text at most one is enabled. */
  readonly kind: "image" | "text";
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly license: string;
  readonly source: string;
  /** What whoever made it has to say of it; "" for nothing. */
  readonly about: string;
  readonly categories: readonly Category[];
  /** In the vote on pictures, in (0, 1], where each packaged network has 1; the heads of a text encoder have their own. */
  readonly weight: number;
  /** Of the pack's file, lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly addedAt: Moment;
  readonly isEnabled: boolean;
}

/** What is done about a passage with orders to an AI, where it stands. */
export interface PassageCare {
  readonly highlights: boolean;
  /** Other words take its place, until the user wants it back. */
  readonly neutralises: boolean;
  /** Hosts, each with its subdomains, where it carries a mark that programs can read. */
  readonly markedSites: readonly string[];
}

/** The user's wishes: the only thing that turns a verdict into an action. */
export interface Policy {
  /** The first rule that fits category and context holds; a category without a rule is never acted on. */
  readonly rules: readonly Rule[];
  /** Hosts, each with its subdomains, that the user exempts. */
  readonly allowlist: readonly string[];
  /** Hosts, each with its subdomains, whose addresses the user vouches for; pictures and text on them are judged still. */
  readonly trustedAddresses: readonly string[];
  /** Hosts, each with its subdomains, where nothing that the user writes or pastes is acted on. */
  readonly quietSites: readonly string[];
  /** Nothing is acted on before this moment; null when the guard is on. */
  readonly pausedUntil: Moment | null;
  /** The action for what could not be judged. */
  readonly onFailure: Readonly<Record<SubjectKind, ActionKind>>;
  readonly mayReveal: boolean;
  /** A blocked page may be opened all the same, at once; else only after a time of cooling off. */
  readonly mayProceed: boolean;
  /** A model's detector id to its weight in the vote; 1 where absent. */
  readonly weights: Readonly<Record<string, number>>;
  /** What decides about a picture when no network can be opened: nothing, or colour and shape alone. */
  readonly fallback: "hide" | "heuristic";
  /** Whether to look for the regions of a withheld picture that led to its verdict. */
  readonly isRegional: boolean;
  /** Whether verdicts on pictures may outlive the visit. */
  readonly remembers: boolean;
  /** Whether a picture of a private window may be asked for a second time where the page's own copy cannot be read. */
  readonly rereadsInPrivate: boolean;
  readonly cover: Cover;
  readonly passages: PassageCare;
  /** Whether it is asked what pages are about, also of those in which nothing is found. */
  readonly describesPages: boolean;
  /** Model packs that may be asked; absent for none. */
  readonly packs?: readonly PackPin[];
}

/** Where and when a subject was met. */
export interface Circumstance {
  /** Host of the page in the tab, without port. */
  readonly site: string;
  readonly at: Moment;
}

/** Anything that can look at subjects: a table of expressions, a list, a linear model, a network. */
export interface Detector<S extends Subject = Subject> {
  readonly id: string;
  readonly kind: S["kind"];
  /** Every category it can ever speak of. */
  readonly categories: readonly Category[];
  /** One list of signals a subject, in order. Rejects as a whole, with a `WardlightError` where it knows the cause. */
  detect(subjects: readonly S[], signal: AbortSignal): Promise<Signal[][]>;
}

/** Anything that describes subjects. */
export interface Labeller<S extends Subject = Subject> {
  readonly id: string;
  /** One set of labels a subject, in order. Rejects as a whole, with a `WardlightError` where it knows the cause. */
  label(subjects: readonly S[], signal: AbortSignal): Promise<Labels[]>;
}

/** What core asks of a neural network; implemented by `src/inference` alone. */
export interface Model<Input, Output> {
  /** `name@version`. */
  readonly id: string;
  run(input: Input, signal: AbortSignal): Promise<Output>;
}
