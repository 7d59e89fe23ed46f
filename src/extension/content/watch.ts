import { t } from "../browser.ts";
import type { PageAction } from "../messages.ts";
import { frameOf, type Moving, UNREADABLE } from "./frames.ts";
import type { Questions } from "./questions.ts";
import { Scenes, type Thumb } from "./scenes.ts";
import { type Fate, SHOWN } from "./veil.ts";

/** While the guard is paused, a look this often finds out whether it is back. */
const PAUSED_MS = 60_000;

/** One thing that moves: what was judged of it, and what is being asked. When to look is for its kind to say. */
export abstract class Watch<Element extends Moving = Moving> {
  readonly element: Element;
  protected readonly questions: Questions;
  protected readonly scenes = new Scenes<Fate>();
  /** Of what was looked at last; undefined where that has no verdict. */
  protected fate: Fate | undefined;
  protected isVisible = false;
  #isPending = false;
  #isUnreadable = false;
  /** Until when everything is shown without a look, in the document's time. */
  #freeUntil = 0;
  /** Answers about an earlier source are for nobody. */
  #source = 0;

  constructor(element: Element, questions: Questions) {
    this.element = element;
    this.questions = questions;
  }

  /** It has come into the viewport of a tab in front, or left it. */
  abstract see(isVisible: boolean): void;
  /** Dresses the element for its fate. */
  abstract present(): void;
  protected abstract look(): void;
  /** What the journal may call it. */
  protected abstract address(): string;
  abstract end(): void;

  /** The user wants to see it, whatever comes, until its source changes. */
  reveal(): void {
    this.#free(Number.POSITIVE_INFINITY);
  }

  protected get isFree(): boolean {
    return performance.now() < this.#freeUntil;
  }

  /** Whether a look can tell anything new. */
  protected get isWatchful(): boolean {
    return this.isVisible && !this.#isUnreadable && !this.isFree;
  }

  protected startAnew(): void {
    this.scenes.forget();
    this.fate = undefined;
    this.#source++;
    this.#isPending = false;
    this.#isUnreadable = false;
    this.#freeUntil = 0;
  }

  protected settle(fate: Fate | undefined): void {
    this.fate = fate;
    this.present();
  }

  /** One question at a time: what comes in between is looked at when its answer is there. */
  protected judge(thumb: Thumb): void {
    if (this.#isPending) return;
    this.#isPending = true;
    this.#ask(frameOf(this.element), (fate, action) => {
      if (!action) return this.settle(fate);
      this.#isPending = false;
      if (this.scenes.learn(thumb, fate, performance.now())) this.settle(fate);
      else this.look();
    });
  }

  /** Nobody can look at this source; the judge answers with what the policy wants done then. */
  protected giveUp(): void {
    if (this.#isUnreadable) return;
    this.#isUnreadable = true;
    this.#ask(UNREADABLE, (fate) => {
      const isTold = fate === SHOWN || !fate.action;
      this.settle(isTold ? fate : { ...fate, title: t("heldTitle", t("reasonUnreadable")), why: t("why_unreadable") });
    });
  }

  #ask(pixels: typeof UNREADABLE, onAnswer: (fate: Fate, action?: PageAction) => void): void {
    const source = this.#source;
    this.questions.askAboutPixels(pixels, this.address(), (fate, action) => {
      if (source !== this.#source) return;
      if (action?.reason === "allowlisted") this.#free(Number.POSITIVE_INFINITY);
      if (action?.reason === "paused") this.#free(performance.now() + PAUSED_MS);
      onAnswer(fate, action);
    });
  }

  #free(until: number) {
    this.#freeUntil = until;
    this.settle(SHOWN);
  }
}
