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
  "blocklisted",
] as const;
export type Category = (typeof CATEGORIES)[number];

/** A thing that a person can check. */
export type Evidence =
  /** UTF-16 offsets into the subject's text, `end` exclusive. */
  | { readonly kind: "span"; readonly start: number; readonly end: number; readonly rule: string }
  | { readonly kind: "rule"; readonly rule: string; readonly value: string }
  | { readonly kind: "class"; readonly name: string; readonly score: Probability };

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

/** All that the detectors have to say of one subject. A failure does not silence the detectors that worked. */
export interface Finding {
  readonly signals: readonly Signal[];
  readonly labels?: Labels;
  readonly failure?: Failure;
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

/** What may be done about a subject, in ascending severity. */
export const ACTION_KINDS = ["allow", "warn", "blur", "hide", "block"] as const;
export type ActionKind = (typeof ACTION_KINDS)[number];

export interface Action {
  readonly kind: ActionKind;
  readonly category: Verdict["category"];
  /** What led here: the user's exemption, an exact rule, the weighed opinions, or that nothing could be judged. */
  readonly reason: "allowlisted" | "paused" | "certain" | "judged" | "failure";
  /** The user may look all the same, with one click. */
  readonly mayReveal: boolean;
}

/** From which probability on a category leads to which action; a missing kind is never chosen. */
export type Limits = Readonly<Partial<Record<Exclude<ActionKind, "allow">, Probability>>>;

/** Limits for one category, in some contexts or in all. */
export interface Rule {
  readonly category: Category;
  readonly contexts?: readonly Context[];
  readonly limits: Limits;
  /** So many detectors must each give it one half or more before anything is done; certainty needs none. */
  readonly voters?: number;
}

/** The user's wishes: the only thing that turns a verdict into an action. */
export interface Policy {
  /** The first rule that fits category and context holds; a category without a rule is never acted on. */
  readonly rules: readonly Rule[];
  /** Hosts, each with its subdomains, that the user exempts. */
  readonly allowlist: readonly string[];
  /** Nothing is acted on before this moment; null when the guard is on. */
  readonly pausedUntil: Moment | null;
  /** The action for what could not be judged. */
  readonly onFailure: Readonly<Record<SubjectKind, ActionKind>>;
  readonly mayReveal: boolean;
  /** A model's detector id to its weight in the vote; 1 where absent. */
  readonly weights: Readonly<Record<string, number>>;
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
