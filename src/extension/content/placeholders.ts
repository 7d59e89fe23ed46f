import type { DraftPiece } from "../../core/types.ts";
import { t } from "../browser.ts";
import { send } from "../messages.ts";
import { DraftNotice } from "./draft-notice.ts";

const PLACEHOLDER = /\[[A-Z][A-Z_]{0,40}_\d{1,6}\]/g;
const SELECTED_MS = 200;
const MAX_CHARS = 100_000;

/**
 * What the user's words were replaced by, for as long as the page lives, in this script's memory alone. Where the user
 * selects an answer with placeholders in it, a note in a closed shadow tree shows it with the words, to read or to copy.
 */
export class Placeholders {
  readonly #notice: DraftNotice;
  #mapping = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(signal: AbortSignal) {
    this.#notice = new DraftNotice(signal);
    document.addEventListener("selectionchange", () => this.#onSelection(), { signal });
  }

  /** Gives each piece of a text its placeholder; answers with words to placeholder. */
  async take(text: string, pieces: readonly DraftPiece[]): Promise<ReadonlyMap<string, string>> {
    const asked = pieces.map(({ start, end, type }) => ({ start, end, type }));
    const { mapping } = await send("guard", "redact", { text, pieces: asked, known: [...this.#mapping] });
    this.#mapping = new Map(mapping);
    return new Map(mapping.map(([placeholder, words]) => [words, placeholder]));
  }

  #onSelection() {
    clearTimeout(this.#timer);
    if (this.#mapping.size > 0) this.#timer = setTimeout(() => void this.#look(), SELECTED_MS);
  }

  async #look() {
    const selection = getSelection();
    const text = selection?.toString().slice(0, MAX_CHARS) ?? "";
    const isKnown = (text.match(PLACEHOLDER) ?? []).some((one) => this.#mapping.has(one));
    if (!selection || selection.isCollapsed || !isKnown) return this.#notice.close();
    const range = selection.getRangeAt(0);
    const restored = await send("guard", "restore", { text, mapping: [...this.#mapping] });
    this.#notice.open(() => range.getBoundingClientRect(), {
      title: t("draft_restored"),
      lines: [restored],
      buttons: [{ label: t("draft_copy"), onPress: () => this.#copy(restored) }],
    });
  }

  /** The page's own listeners do not hear of this copy. */
  #copy(text: string) {
    const fill = (event: ClipboardEvent) => {
      event.clipboardData?.setData("text/plain", text);
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    addEventListener("copy", fill, { capture: true, once: true });
    document.execCommand("copy");
    removeEventListener("copy", fill, { capture: true });
    this.#notice.close();
  }
}
