import type { PageAction } from "../messages.ts";
import type { TextSighting } from "../text-messages.ts";
import { inSlices } from "./idle.ts";
import { Looks } from "./looks.ts";
import { type Passage, type Piece, passagesOf, piecesIn, topmost } from "./passages.ts";
import { type ChangeKind, TextTrees } from "./text-trees.ts";

const CHUNK_CHARS = 4_000;
/** Longer than any pattern's match, so that none is cut in two. */
const OVERLAP_CHARS = 400;
const MIN_CHARS = 12;
const SUBJECTS_A_MESSAGE = 64;
const MAX_CHARS_A_PAGE = 5_000_000;
const MAX_REMEMBERED = 4_096;
/** Of more it costs less to read everything than to find out what. */
const MAX_CHANGES = 1_000;
const SETTLE_MS = { text: 200, looks: 2_000 } as const;
/** While a page keeps changing, reading it takes a twentieth of the time at most. */
const REST = 20;

/** A chunk of a passage, from an offset on. */
export interface Chunk {
  readonly passage: Passage;
  readonly offset: number;
}

/** Who takes the answers. */
export interface TextHandlers {
  submit(sightings: readonly TextSighting[]): void;
  /** What was decided about a chunk that stands on the page; also each time that it is read again. */
  onAction(chunk: Chunk, action: PageAction): void;
  /** The page was read anew: what was found earlier may be gone. */
  onRead(): void;
  /** Whether we cover a comment ourselves. */
  isCovered(element: Element): boolean;
}

/** A chunk that was asked about, and all places where it stands. */
interface Question {
  readonly id: string;
  readonly chunks: Chunk[];
  action?: PageAction;
}

/** Reads the page's text when the browser is idle, and asks about each distinct chunk once. */
export class TextGuard {
  readonly #handlers: TextHandlers;
  readonly #signal: AbortSignal;
  readonly #trees: TextTrees;
  readonly #changed = { text: new Set<Node>(), looks: new Set<Node>() };
  readonly #timers = new Map<ChangeKind, ReturnType<typeof setTimeout>>();
  readonly #byText = new Map<string, Question>();
  readonly #waiting = new Map<string, Question>();
  #looks: Looks | undefined;
  #isReading = false;
  #restUntil = 0;
  #lastId = 0;
  #charsLeft = MAX_CHARS_A_PAGE;

  /** @param signal ends the reading. */
  constructor(handlers: TextHandlers, signal: AbortSignal) {
    this.#handlers = handlers;
    this.#signal = signal;
    this.#trees = new TextTrees((node, kind) => this.#schedule(node, kind));
    signal.addEventListener("abort", () => this.#trees.stop());
    this.#schedule(document, "text");
  }

  onActions(actions: readonly PageAction[]): void {
    for (const action of actions) {
      const question = this.#waiting.get(action.id);
      this.#waiting.delete(action.id);
      if (!question) continue;
      question.action = action;
      for (const chunk of question.chunks.splice(0)) this.#handlers.onAction(chunk, action);
    }
  }

  /** How many pieces have their verdict. */
  get read(): number {
    return this.#lastId - this.#waiting.size;
  }

  /** All that stands on the page, in the order of the document, for a user who waits. */
  async readAll(): Promise<Piece[]> {
    return (await inSlices(this.#pieces(this.#trees.all()), () => this.#lookAnew(), this.#signal, true)).result;
  }

  #schedule(node: Node, kind: ChangeKind) {
    const changed = this.#changed[kind];
    if (changed.size < MAX_CHANGES) changed.add(node);
    else for (const root of this.#trees.all()) changed.add(root);
    this.#wake(kind);
  }

  #wake(kind: ChangeKind) {
    if (this.#timers.has(kind) || this.#isReading || this.#signal.aborted) return;
    const delay = Math.max(SETTLE_MS[kind], this.#restUntil - performance.now());
    const timer = setTimeout(() => {
      this.#timers.delete(kind);
      if (!this.#isReading) void this.#read();
    }, delay);
    this.#timers.set(kind, timer);
  }

  async #read() {
    const changed = new Set([...this.#changed.text, ...this.#changed.looks]);
    this.#changed.text.clear();
    this.#changed.looks.clear();
    this.#isReading = true;
    try {
      const { spentMs } = await inSlices(this.#steps(topmost(changed)), () => this.#lookAnew(), this.#signal);
      this.#restUntil = performance.now() + REST * spentMs;
      this.#handlers.onRead();
    } catch (error) {
      // The guard may end in the middle of a page.
      if (!this.#signal.aborted) throw error;
    } finally {
      this.#isReading = false;
      for (const kind of ["text", "looks"] as const) if (this.#changed[kind].size > 0) this.#wake(kind);
    }
  }

  *#steps(roots: readonly Node[]): Generator<unknown, void> {
    const passages = yield* passagesOf(yield* this.#pieces(roots));
    let sightings: TextSighting[] = [];
    for (const passage of passages) {
      sightings.push(...this.#questionsOf(passage));
      if (sightings.length >= SUBJECTS_A_MESSAGE) {
        this.#handlers.submit(sightings);
        sightings = [];
        yield;
      }
    }
    if (sightings.length > 0) this.#handlers.submit(sightings);
  }

  #lookAnew() {
    this.#looks = undefined;
  }

  *#pieces(roots: readonly Node[]): Generator<unknown, Piece[]> {
    const pieces: Piece[] = [];
    const looks = () => {
      this.#looks ??= new Looks((element) => this.#handlers.isCovered(element));
      return this.#looks;
    };
    for (const root of roots) {
      const steps = piecesIn(root, looks, (element) => this.#trees.enter(element));
      let step = steps.next();
      for (; !step.done; step = steps.next()) {
        if (step.value) pieces.push(step.value);
        yield;
      }
      if (!step.value) this.#schedule(root, "text");
    }
    return pieces;
  }

  /** What is to be asked about a passage: the chunks that nobody has asked about. */
  #questionsOf(passage: Passage): TextSighting[] {
    if (passage.text.trim().length < MIN_CHARS) return [];
    const { structure, comment, text } = passage;
    const context = comment ? "comment" : "page";
    return offsetsIn(text).flatMap((offset) => {
      const words = text.slice(offset, offset + CHUNK_CHARS);
      const key = `${context} ${structure.role} ${structure.concealments} ${words}`;
      const known = this.#byText.get(key);
      if (known) this.#again(known, { passage, offset });
      if (known || words.length > this.#charsLeft) return [];
      this.#charsLeft -= words.length;
      const question: Question = { id: `t${++this.#lastId}`, chunks: [{ passage, offset }] };
      this.#remember(key, question);
      this.#waiting.set(question.id, question);
      return [{ kind: "text", id: question.id, context, text: words, structure }];
    });
  }

  #remember(key: string, question: Question) {
    this.#byText.set(key, question);
    const [oldest] = this.#byText.keys();
    if (this.#byText.size > MAX_REMEMBERED && oldest !== undefined) this.#byText.delete(oldest);
  }

  #again(question: Question, chunk: Chunk) {
    if (question.action) this.#handlers.onAction(chunk, question.action);
    else question.chunks.push(chunk);
  }
}

/** Where the overlapping chunks of a text begin. */
function offsetsIn({ length }: string): number[] {
  const step = CHUNK_CHARS - OVERLAP_CHARS;
  const count = Math.max(1, Math.ceil((length - OVERLAP_CHARS) / step));
  return Array.from({ length: count }, (_, i) => i * step);
}
