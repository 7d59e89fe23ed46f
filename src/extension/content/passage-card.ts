import { type MessageKey, t } from "../browser.ts";
import type { Found } from "./findings.ts";
import { meansOf } from "./hidden-panel.ts";
import { type CardText, ReasonCard } from "./reason-card.ts";

const OPEN_AFTER_MS = 150;
const CLOSE_AFTER_MS = 350;
const SURE_FROM: readonly (readonly [number, MessageKey])[] = [
  [0.9, "why_sureHigh"],
  [0.8, "why_sureMedium"],
  [0, "why_sureLow"],
];

/** Tells why a passage is marked when the user points at it, and puts it back where it was replaced. */
export class PassageCard {
  readonly #card = new ReasonCard();
  readonly #found: () => readonly Found[];
  readonly #restore: (found: Found) => void;
  #about: Found | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(found: () => readonly Found[], restore: (found: Found) => void, signal: AbortSignal) {
    this.#found = found;
    this.#restore = restore;
    const options = { capture: true, passive: true, signal };
    addEventListener("pointermove", (event) => event.isTrusted && this.#onPointer(event), options);
    addEventListener("scroll", () => this.#close(), options);
    addEventListener("keydown", (event) => event.key === "Escape" && this.#close(), options);
    document.addEventListener("pointerleave", () => this.#leave(), options);
    signal.addEventListener("abort", () => this.#close());
  }

  #onPointer({ target, clientX, clientY }: PointerEvent) {
    const found = this.#found();
    if (found.length === 0) return;
    if (this.#card.holds(target)) return clearTimeout(this.#timer);
    const pointed = found.find(({ ranges }) => ranges.some((range) => isAt(range, clientX, clientY)));
    if (!pointed) return this.#leave();
    if (pointed === this.#about) return;
    this.#about = pointed;
    this.#later(OPEN_AFTER_MS, () => this.#open(pointed));
  }

  #open(found: Found) {
    const box = found.ranges[0]?.getBoundingClientRect();
    if (!box) return;
    const { left, top, height } = box;
    this.#card.open(this.#textOf(found), { left, top, width: 0, height });
  }

  #textOf(found: Found): CardText {
    const { action, passage, replaced } = found;
    const means = passage.structure.concealments.map(meansOf).join(" · ");
    const sureness = t(SURE_FROM.find(([from]) => action.score >= from)?.[1] ?? "why_sureLow");
    const restore = {
      label: t("passage_restore"),
      onPress: () => {
        this.#restore(found);
        this.#close();
      },
    };
    return {
      title: t("passage_title"),
      lines: [t("passage_why"), ...(means ? [t("passage_hidden", means)] : []), sureness],
      buttons: replaced.length > 0 ? [restore] : [],
    };
  }

  #leave() {
    if (this.#about) this.#later(CLOSE_AFTER_MS, () => this.#close());
  }

  #close() {
    clearTimeout(this.#timer);
    this.#about = undefined;
    this.#card.close();
  }

  #later(ms: number, job: () => void) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(job, ms);
  }
}

function isAt(range: Range, x: number, y: number): boolean {
  return Array.from(range.getClientRects()).some(
    ({ left, top, right, bottom }) => x >= left && x <= right && y >= top && y <= bottom,
  );
}
