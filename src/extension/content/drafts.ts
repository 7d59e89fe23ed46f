import type { Draft, DraftPiece } from "../../core/types.ts";
import { type MessageKey, t } from "../browser.ts";
import { send } from "../messages.ts";
import { isAiChat } from "./chats.ts";
import type { DraftJudge } from "./draft-judge.ts";
import { DraftNotice, type NoticeButton } from "./draft-notice.ts";
import { type Box, boxOf, replaceIn, textIn } from "./editable.ts";
import { foreignText } from "./foreign.ts";
import type { Placeholders } from "./placeholders.ts";
import { type Ruling, SendGate } from "./sends.ts";
import { isOrphaned } from "./succession.ts";

const TYPED_MS = 50;
/** By then a site has emptied the box that was sent, without an event that tells. */
const SENT_MS = 500;
/** A page may become a chat. */
const CHAT_KNOWN_MS = 3_000;

/** Foreign text that was found to carry orders: the words, to see whether they are still in the box. */
interface Foreign {
  readonly words: string;
  readonly action: DraftPiece["action"];
}

/** Watches what the user writes, pastes and drops in AI chats, says what is in it, and can take it out. */
export class DraftGuard {
  readonly #judge: DraftJudge;
  readonly #placeholders: Placeholders;
  readonly #notice: DraftNotice;
  readonly #known = new WeakMap<Box, { isChat: boolean; at: number }>();
  /** Words that the user has decided to send. */
  readonly #approved = new Set<string>();
  #foreign: Foreign[] = [];
  #box: Box | undefined;
  #isQuiet = false;
  #isLooking = false;
  /** The text that the note speaks of until it changes: it is held, or was redacted. */
  #spokenOf: string | undefined;
  /** The text that the user was asked to send again: a verdict that comes late, and finds nothing, leaves the note. */
  #again: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(judge: DraftJudge, placeholders: Placeholders, signal: AbortSignal) {
    this.#judge = judge;
    this.#placeholders = placeholders;
    this.#notice = new DraftNotice(signal);
    const options = { signal, capture: true } as const;
    addEventListener("focusin", (event) => this.#enter(event), options);
    addEventListener("input", (event) => this.#onInput(event), options);
    addEventListener("paste", (event) => this.#onForeign(event, event.clipboardData), options);
    addEventListener("drop", (event) => this.#onForeign(event, event.dataTransfer), options);
    addEventListener("change", (event) => this.#onFiles(event), options);
    // The user may come back from the settings.
    addEventListener("focus", (event) => event.target === window && this.#renew(), options);
    document.addEventListener("visibilitychange", () => document.hidden || this.#renew(), { signal });
    new SendGate(
      {
        box: () => (this.#isSilent ? undefined : this.#box),
        ruling: (box, text) => this.#ruling(box, text),
        judge: async (_, text) => this.#rulingOf(await this.#judge.judge(text, "prompt"), text),
        onHeld: (box, text, issue) => this.#showHeld(box, text, issue),
        onPassed: (box) => void setTimeout(() => this.#look(box), SENT_MS),
        onPressAgain: (box, text) => this.#askAgain(box, text),
      },
      signal,
    );
  }

  /** The box of an event, where it belongs to a chat; that is then the one the user writes in. */
  #enter(event: Event): Box | undefined {
    const box = this.#notice.holds(event) ? undefined : boxOf(event);
    if (!box || this.#isSilent || !this.#isChat(box)) return undefined;
    if (box !== this.#box) {
      this.#box = box;
      this.#notice.close();
      // Nothing to judge: it wakes the judge, and asks what the policy would hold.
      void this.#judge.judge("", "prompt");
    }
    return box;
  }

  /** The user wants it so, or the extension is gone: then nothing may hold a message back. */
  get #isSilent(): boolean {
    return this.#isQuiet || isOrphaned();
  }

  #isChat(box: Box): boolean {
    const known = this.#known.get(box);
    const now = performance.now();
    if (known && (known.isChat || now - known.at < CHAT_KNOWN_MS)) return known.isChat;
    const isChat = isAiChat(box);
    this.#known.set(box, { isChat, at: now });
    return isChat;
  }

  #renew() {
    this.#judge.forget();
    if (!this.#box || this.#isSilent) return;
    void this.#judge.judge("", "prompt");
    void this.#look(this.#box);
  }

  #onInput(event: Event) {
    const box = this.#enter(event);
    if (!box) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(box), TYPED_MS);
  }

  /** One text at a time: what was typed while the judge was busy, in this box or the next, is judged as it stands by then. */
  async #look(box: Box): Promise<void> {
    // The user writes in another box by now, which the note belongs to.
    if (box !== this.#box) return;
    const text = textIn(box);
    if (text !== this.#again) this.#again = undefined;
    if (text.trim() === "") return this.#notice.close();
    if (this.#isLooking) return;
    this.#isLooking = true;
    const draft = await this.#judge.judge(text, "prompt");
    this.#isLooking = false;
    if (box !== this.#box || textIn(box) !== text) return this.#box && this.#look(this.#box);
    this.#tell(box, text, draft);
  }

  /** What comes from elsewhere is judged as foreign text at once; the box as a whole once it has it. */
  async #onForeign(event: Event, data: DataTransfer | null) {
    const box = this.#enter(event);
    if (!box || !data) return;
    for (const text of await foreignText(data.getData("text/plain"), data.files)) await this.#lookAtForeign(box, text);
  }

  async #onFiles({ target }: Event) {
    const box = this.#box;
    if (!(target instanceof HTMLInputElement) || !target.files || !box?.isConnected) return;
    for (const text of await foreignText("", target.files)) await this.#lookAtForeign(box, text);
  }

  async #lookAtForeign(box: Box, text: string) {
    const { pieces } = await this.#judge.judge(text, "paste");
    const isInBox = textIn(box).includes(text.trim().slice(0, 200));
    // What is in the box is judged there, but for orders, which are looked for in foreign text alone.
    const news = pieces.filter(({ type }) => type === "INJECTION" || !isInBox);
    const orders = news.filter(({ type }) => type === "INJECTION");
    this.#foreign.push(...orders.map(({ start, end, action }) => ({ words: text.slice(start, end), action })));
    if (news.length === 0) return;
    const lines = [this.#list(news), orders.length > 0 ? t("draft_foreignLead") : t("draft_fileLead")];
    this.#show(box, t("draft_foreign"), lines, [this.#dismiss(news.map(({ start, end }) => text.slice(start, end)))]);
  }

  #ruling(box: Box, text: string): Ruling | undefined {
    if (this.#ordersIn(text).some(({ action }) => action === "hold")) return "hold";
    const known = this.#judge.known(text, "prompt");
    if (known) return this.#rulingOf(known, text);
    return this.#judge.mayHold && box.isConnected ? undefined : "pass";
  }

  #rulingOf(draft: Draft, text: string): Ruling {
    const isHeld = this.#open(draft.pieces, text).some(({ action }) => action === "hold");
    return isHeld || this.#ordersIn(text).some(({ action }) => action === "hold") ? "hold" : "pass";
  }

  #ordersIn(text: string): Foreign[] {
    return this.#foreign.filter(({ words }) => text.includes(words) && !this.#approved.has(words));
  }

  /** The pieces that the user has not decided about. */
  #open(pieces: readonly DraftPiece[], text: string): DraftPiece[] {
    return pieces.filter(({ start, end }) => !this.#approved.has(text.slice(start, end)));
  }

  #tell(box: Box, text: string, draft: Draft) {
    if (this.#spokenOf === text && this.#notice.isOpen) return;
    const pieces = this.#open(draft.pieces, text);
    if (pieces.length === 0) {
      if (this.#ordersIn(text).length === 0 && this.#again !== text) this.#notice.close();
      return;
    }
    const all = [...pieces, ...this.#ordersIn(text).map(asPiece)];
    this.#show(box, t("draft_found"), [this.#list(all)], this.#buttons(box, text, pieces, undefined));
  }

  #askAgain(box: Box, text: string) {
    this.#again = text;
    this.#show(box, t("draft_again"), [t("draft_againLead")], []);
  }

  #showHeld(box: Box, text: string, issue: () => void) {
    this.#spokenOf = text;
    const pieces = this.#open(this.#judge.known(text, "prompt")?.pieces ?? [], text);
    const all = [...pieces, ...this.#ordersIn(text).map(asPiece)];
    const lines = [this.#list(all), t("draft_heldLead")];
    this.#show(box, t("draft_held"), lines, this.#buttons(box, text, pieces, issue), true);
  }

  #buttons(box: Box, text: string, pieces: readonly DraftPiece[], issue: (() => void) | undefined): NoticeButton[] {
    const words = [
      ...pieces.map(({ start, end }) => text.slice(start, end)),
      ...this.#ordersIn(text).map((one) => one.words),
    ];
    const redact = { label: t("draft_redact"), onPress: () => void this.#redact(box, text, pieces) };
    const sendAnyway = {
      label: t("draft_send"),
      onPress: () => {
        this.#approve(words);
        issue?.();
      },
    };
    const quiet = { label: t("draft_quiet"), onPress: () => this.#quieten() };
    return [...(pieces.length > 0 ? [redact] : []), issue ? sendAnyway : this.#dismiss(words), quiet];
  }

  #dismiss(words: readonly string[]): NoticeButton {
    return { label: t("draft_keep"), onPress: () => this.#approve(words) };
  }

  #approve(words: readonly string[]) {
    for (const one of words) this.#approved.add(one);
    this.#notice.close();
  }

  #quieten() {
    this.#isQuiet = true;
    this.#notice.close();
    // In a private window the wish lasts as long as the page.
    void send("guard", "quietSite", null).catch(() => {});
  }

  /** From the last piece to the first, so that each stands where it was found. */
  async #redact(box: Box, text: string, pieces: readonly DraftPiece[]) {
    const words = await this.#placeholders.take(text, pieces);
    if (textIn(box) !== text) return;
    for (const { start, end } of pieces.toReversed()) {
      const placeholder = words.get(text.slice(start, end));
      if (placeholder) replaceIn(box, start, end, placeholder);
    }
    this.#spokenOf = textIn(box);
    this.#show(box, t("draft_redacted"), [t("draft_redactedLead")], []);
  }

  #list(pieces: readonly DraftPiece[]): string {
    const types = [...new Set(pieces.map(({ type }) => type))];
    return types
      .map((type) => {
        const count = pieces.filter((piece) => piece.type === type).length;
        const name = t(`pii_${type}` as MessageKey) || type;
        return count > 1 ? `${name} × ${count}` : name;
      })
      .join(" · ");
  }

  #show(box: Box, title: string, lines: readonly string[], buttons: readonly NoticeButton[], isHeld = false) {
    this.#notice.open(() => box.getBoundingClientRect(), { title, lines, buttons, isHeld });
  }
}

/** Of foreign words only the kind is told: where they stand by now nobody has to know. */
function asPiece({ action }: Foreign): DraftPiece {
  return { start: 0, end: 0, type: "INJECTION", action };
}
