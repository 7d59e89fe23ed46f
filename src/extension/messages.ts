import type { Decision } from "../core/decide.ts";
import type { PackChange } from "../core/pack-pins.ts";
import type { Settings } from "../core/policy.ts";
import type { GpuReport, NoGpu, Provider } from "../core/provider.ts";
import type { JournalEvent } from "../core/report/journal.ts";
import type {
  Action,
  Context,
  Cover,
  Draft,
  Evidence,
  Failure,
  Moment,
  PackPin,
  Pixels,
  Policy,
  Probability,
  Region,
  Verdict,
} from "../core/types.ts";
import type { PageFacts } from "../core/url/page.ts";
import type { Refresh } from "../core/url/subscription.ts";
import type { Erasure } from "../storage/journal.ts";
import { browser, type Runtime } from "./browser.ts";
import type { CareMessages } from "./care-messages.ts";
import type { DraftDoor } from "./draft-messages.ts";
import type { HelpMessages } from "./help-messages.ts";
import type { FoundEntries, ListFacts, ListOutcome, ListRequest } from "./list-messages.ts";
import type { LockMessages } from "./lock-messages.ts";
import type { GpuCheck, Measurement, PackFile, PackTrial } from "./model-messages.ts";
import type { Hostility, PageDescription, PassageWish, TextDoor, TextSighting } from "./text-messages.ts";

/**
 * Every request in the extension, by door. Requests go one way — page → guard, judge → journal and network, own pages →
 * console, background → engine, popup → page — and only answers come back. Bulk judging has a port of its own (below).
 */
export interface Protocol {
  /** Content scripts and the judge knock here. It tells a page of its own address and links alone. */
  guard: DraftDoor & {
    /** Resolves when a judge with a policy is listening. */
    wake: (request: null) => void;
    /** Exempts the site of the tab that asks, at its user's click; never from a private window. */
    allowSite: (request: null) => void;
    /** Reveals the picture of this address in those frames of the tab that are nothing but that picture. */
    reveal: (request: string) => void;
    /** What is to be said of the page itself; `facts` of a page that asks for something, once it has loaded. */
    arrive: (request: { readonly facts: PageFacts | null }) => PageWarning | null;
    /** The bad ones among a page's links, at most 100 a message. */
    links: (request: readonly string[]) => LinkWarning[];
    /** What was found in the frame's text is not what it was: the button in the toolbar counts anew. */
    counted: (request: null) => void;
    /** Back to where the tab came from. */
    leave: (request: null) => void;
  };
  /**
   * The judge alone. Answers `true` after commit, and an answer it must be: Chrome resolves what it asked of a worker that
   * was killed, with nothing. The same event twice is stored once.
   */
  journal: {
    record: (request: readonly JournalEvent[]) => true;
  };
  /** The judge alone, which has no say over requests itself. */
  network: {
    /** Lets the extension's own requests for an address carry this `Referer`; answers with the loan's number. */
    lend: (request: { url: string; referrer: string }) => number;
    giveBack: (request: number) => void;
  };
  /** The judge alone, which has no say over tabs itself. */
  navigation: {
    /** What the text of a page is about, so far. */
    describe: (request: PageDescription) => void;
  };
  /** The extension's own pages alone. */
  console: HelpMessages &
    LockMessages &
    CareMessages & {
      status: (request: null) => Status;
      settings: (request: Partial<Settings>) => Settings;
      events: (request: EventQuery) => JournalEvent[];
      /** How many steps the blocked page of an address lies from what its tab showed before. */
      stepsBack: (request: { tabId: number; url: string }) => number;
      /** What there is to say of an address that was stopped, judged anew. */
      explainBlock: (request: { url: string }) => BlockReport;
      /** Opens an address in its tab all the same; false where that is not allowed, or not yet. */
      proceed: (request: { url: string; tabId: number }) => boolean;
      /** Answers with the moment from which on the address may be opened. */
      coolOff: (request: { url: string }) => Moment;
      /** Keeps in the journal that a verdict is held to be wrong. */
      dispute: (request: { url: string; tabId: number }) => null;
      lists: (request: null) => ListFacts[];
      findEntries: (request: { words: string }) => FoundEntries;
      addList: (request: ListRequest) => ListOutcome;
      refreshList: (request: { id: string }) => ListOutcome;
      changeList: (request: { id: string; refresh?: Refresh; isRemoved?: boolean }) => ListOutcome;
      /** Erases the journal and every remembered verdict. */
      erase: (request: null) => Erased;
      /** Has the graphics card run the self-check, in a worker of its own; it changes nothing. */
      checkGpu: (request: GpuCheck) => GpuReport;
      /** Has the packaged test card and its control judged as pictures of a page; nothing is recorded. */
      test: (request: null) => SelfTest;
      /** The model packs that the user trusts. Their files lie in a database that the options page alone writes. */
      packs: (request: null) => readonly PackPin[];
      changePacks: (request: PackChange) => readonly PackPin[];
      /** Has a pack that lies in the database run on the two packaged pictures; rejects with what is wrong with it. */
      tryPack: (request: PackFile) => PackTrial;
      /** Has every network that is in use judge a packaged picture, in a worker of its own. */
      measure: (request: null) => readonly Measurement[];
    };
  /** Background to judge. */
  engine: {
    configure: (request: Policy) => void;
    state: (request: null) => JudgeState;
    checkGpu: (request: GpuCheck) => GpuReport;
    /** Rejects before the first policy. */
    test: (request: { readonly bytes: Uint8Array }) => TestResult;
    testText: (request: TextTest) => Decision;
    /** Forgets every verdict on pictures, in memory and on disk. */
    forget: (request: null) => void;
    tryPack: (request: PackFile) => PackTrial;
    measure: (request: null) => readonly Measurement[];
  };
  /** Served by the content script for addresses, one a frame. */
  notice: {
    /** The page has become another without being loaded anew. */
    warn: (request: PageWarning) => void;
    /** A frame of this page was stopped. */
    frame: (request: FrameNotice) => void;
  };
  texts: TextDoor;
  /** Served by every content script, for our own pages alone; ask with `sendToFrame`. */
  page: {
    summary: (request: null) => PageSummary;
    /** The site was exempted: everything withheld is shown. */
    release: (request: null) => void;
    reveal: Protocol["guard"]["reveal"];
  };
}

/** A bad address, as a page may know it. */
export interface PageWarning {
  readonly host: string;
  readonly category: Verdict["category"];
  readonly score: Probability;
  /** The brand that it pretends to be. */
  readonly target?: string;
}

export interface LinkWarning extends PageWarning {
  readonly url: string;
  /** It will not open; else there is only a warning. */
  readonly isStopped: boolean;
}

export interface FrameNotice extends PageWarning {
  /** What the frame was sent to at first. */
  readonly url: string;
}

export interface BlockReport {
  /** False where it would open by now. */
  readonly isStopped: boolean;
  readonly category: Verdict["category"];
  readonly score: Probability;
  readonly uncertainty: Probability;
  readonly isCertain: boolean;
  /** What speaks against it besides a list. */
  readonly evidence: readonly (Evidence & { readonly detector: string })[];
  readonly list?: ListFacts;
  /** The listed host or page. */
  readonly entry?: string;
  readonly mayProceed: boolean;
  /** Until then the user has closed the way on; null where it is open. */
  readonly heldUntil: Moment | null;
  /** From when on it may be opened after cooling off; null where that has not been asked for. */
  readonly cooledAt: Moment | null;
}

/** Newest first. */
export interface EventQuery {
  readonly since: Moment;
  readonly until: Moment;
  readonly limit: number;
}

export interface ModelState {
  /** `name@version`. */
  readonly id: string;
  /** `asleep` until its first subject and again when idle. */
  readonly state: "asleep" | "ready" | "failed";
  readonly failure?: Failure;
  /** What runs it, or ran it before it fell asleep; absent before its first subject. */
  readonly provider?: Provider;
  /** Why the graphics card serves no model; absent when it does, or before the first subject. */
  readonly noGpu?: NoGpu;
}

export interface JudgeState {
  readonly models: readonly ModelState[];
  /** Judged since the judge was started. */
  readonly judged: number;
  /** How many of them were pictures that it knew: from this session, an earlier one, or another file of theirs. */
  readonly recalled: Readonly<Record<"memory" | "disk" | "likeness", number>>;
  /** How many files were asked for a second time, since the page's own copy could not be read. */
  readonly reread: number;
}

/** What came of one picture of the self-test. */
export interface TestResult {
  readonly verdict: Verdict;
  readonly action: Action;
  /** From the file to the decision, as pages have to wait for it. */
  readonly latencyMs: number;
}

/** A text that no page shows. */
export interface TextTest {
  readonly text: string;
  readonly context: Context;
}

/** The card is made to be withheld, the control to be shown. */
export interface SelfTest {
  readonly card: TestResult;
  readonly control: TestResult;
}

export interface Status {
  readonly settings: Settings;
  readonly judge: JudgeState;
  readonly lists: readonly { readonly id: string; readonly count: number; readonly updated: string }[];
  /** How many the journal keeps; 0 where it cannot be opened. */
  readonly events: number;
  /** Why the journal could not be read or written last; the guard goes on without. */
  readonly journalFailure?: string;
  /** Changes whenever the background starts anew. */
  readonly bootId: string;
}

/** What erasing the journal came to. */
export interface Erased {
  /** How many there were. */
  readonly events: number;
  /** What the database holds afterwards: one entry that says so, and the key that it is sealed with. */
  readonly left: Erasure;
}

export type { GpuCheck, Measurement, PackFile, PackTrial } from "./model-messages.ts";
export type { Hostility, PageDescription, TextSighting, TextSummary } from "./text-messages.ts";

/** How soon a picture is wanted: 0 it is in the viewport, 1 near it, 2 elsewhere. */
export const URGENCIES = [0, 1, 2] as const;
export type Urgency = (typeof URGENCIES)[number];

/** What a content script saw. It becomes a `Subject` only after validation, and a picture after decoding. */
export type Sighting =
  | TextSighting
  | {
      readonly kind: "image";
      readonly id: string;
      readonly context: Context;
      /** Absolute address, without content for `data:` and `blob:`. */
      readonly src: string;
      /** The file as the page got it; absent where only the judge may fetch it. */
      readonly bytes?: Uint8Array;
      /**
       * What stands on the screen, where there is no file (canvas, a frame of a video): judged instead of `src`. Of width 0
       * where the browser lets nobody read it.
       */
      readonly pixels?: Pixels;
      /** The small pictures that stand side by side as one large one: judged instead of `src`. */
      readonly parts?: readonly Part[];
      /** Default 2. */
      readonly urgency?: Urgency;
    };

/** A small picture and its place, in CSS pixels from the upper left corner of what it is a part of. */
export interface Part {
  /** Absolute address. */
  readonly src: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What alone is seen of it there, as fractions of the file. Default all. */
  readonly region?: Region;
}

/** What the page does about a sighting; spans are where the text gave rise to it. */
export interface PageAction extends Action {
  readonly id: string;
  readonly subject: Sighting["kind"];
  /** As in the journal: a shortened address, or the words that gave rise to it. */
  readonly label: string;
  readonly score: Probability;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  /** Where a withheld picture's evidence is concentrated; absent where it is everywhere, or was not asked for. */
  readonly regions?: readonly Region[];
  readonly draft?: Draft;
  /** What is done about a passage that is not allowed. */
  readonly wish?: PassageWish;
  /** Of a passage in a comment that is to be covered. */
  readonly hostility?: Hostility;
  /** How a withheld picture is to look. */
  readonly cover?: Cover;
  /** The detectors that gave a withheld picture's category one half or more. */
  readonly judges?: readonly string[];
}

/** Something that was done to a page, as the page itself remembers it. */
export interface PageAct extends Pick<PageAction, keyof Action | "subject" | "label" | "score"> {
  readonly at: Moment;
}

/** What happened in one frame: what it shows now, and what was done since it was loaded. */
export interface PageSummary {
  /** The MIME type of its document. */
  readonly contentType: string;
  readonly pictures: { readonly shown: number; readonly waiting: number; readonly veiled: number };
  /** Newest first, at most `MAX_ACTS`. */
  readonly acts: readonly PageAct[];
}

export const MAX_ACTS = 50;

/** The port `judge`, one a frame. A message a second while work is pending keeps Firefox's event page alive. */
export type ToJudge =
  | { readonly kind: "judge"; readonly sightings: readonly Sighting[] }
  | { readonly kind: "waiting" }
  /** Nobody waits for these any more. */
  | { readonly kind: "withdraw"; readonly ids: readonly string[] }
  /** What the user scrolled to; a subject that is already being judged keeps its turn. */
  | { readonly kind: "hasten"; readonly wishes: readonly { readonly id: string; readonly urgency: Urgency }[] }
  /** The user says that the picture judged under this id was withheld wrongly. */
  | { readonly kind: "dispute"; readonly id: string };
export type ToPage = { readonly kind: "ready" } | { readonly kind: "actions"; readonly actions: readonly PageAction[] };

export const JUDGE_PORT = "judge";

type Door = keyof Protocol;
type Kind<D extends Door> = keyof Protocol[D] & string;
type Request<D extends Door, K extends Kind<D>> = Protocol[D][K] extends (request: infer Q) => unknown ? Q : never;
type Answer<D extends Door, K extends Kind<D>> = Protocol[D][K] extends (request: never) => infer A ? A : never;
type Envelope = { door: Door; kind: string; request: unknown };

/** Rejects when nobody serves the door, when the visitor may not enter, or with the handler's own error. */
export function send<D extends Door, K extends Kind<D>>(
  door: D,
  kind: K,
  request: Request<D, K>,
): Promise<Answer<D, K>> {
  return browser.runtime.sendMessage({ door, kind, request } satisfies Envelope);
}

/** Asks the content script of one frame. Rejects where none is listening. */
export function sendToFrame<D extends "page" | "notice" | "texts", K extends Kind<D>>(
  { tabId, frameId }: { tabId: number; frameId: number },
  door: D,
  kind: K,
  request: Request<D, K>,
): Promise<Answer<D, K>> {
  return browser.tabs.sendMessage(tabId, { door, kind, request } satisfies Envelope, { frameId });
}

/** Tells every frame of a tab. Resolves when one has answered; rejects where none is listening. */
export function sendToTab<D extends "page" | "texts", K extends Kind<D>>(
  tabId: number,
  door: D,
  kind: K,
  request: Request<D, K>,
): Promise<unknown> {
  return browser.tabs.sendMessage(tabId, { door, kind, request } satisfies Envelope);
}

export type Handlers<D extends Door> = {
  [K in Kind<D>]: (request: Request<D, K>, visitor: Runtime.MessageSender) => Answer<D, K> | Promise<Answer<D, K>>;
};

/** Register in the first tick of a context, or the message that woke it is lost. */
export function serve<D extends Door>(door: D, handlers: Handlers<D>): void {
  browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) => {
    const { door: knocked, kind, request } = (message ?? {}) as Partial<Envelope>;
    if (knocked !== door || typeof kind !== "string" || !Object.hasOwn(handlers, kind)) return undefined;
    if (!mayEnter(door, sender)) return undefined;
    const handler = handlers[kind as Kind<D>] as (request: unknown, visitor: Runtime.MessageSender) => unknown;
    return (async () => handler(request, sender))();
  });
}

function mayEnter(door: Door, { id, url }: Runtime.MessageSender): boolean {
  if (id !== browser.runtime.id) return false;
  return door === "guard" || (url?.startsWith(browser.runtime.getURL("")) ?? false);
}
