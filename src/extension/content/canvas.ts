import type { Pixels } from "../../core/types.ts";
import { frameOf, thumbOf } from "./frames.ts";
import { isBlank, type Thumb } from "./scenes.ts";
import { dress, type Fate, SHOWN } from "./veil.ts";
import { Watch } from "./watch.ts";

/** Alone, a canvas with no side this long says nothing to a network and is let through. */
const MIN_SIDE_PX = 48;
/** So long every frame is looked at: many a page draws once, and WebGL shows what it drew to nobody afterwards. */
const YOUNG_MS = 1_000;
const PACE_MS = { least: 125, most: 500, tiny: 1_000 } as const;
/** A look's cost is a hundredth of the time until the next one, or less. */
const REST = 100;
/** So many looks without a change make a canvas calm: what then changes all at once is another picture. */
const CALM = 3;
/** Slow or constant change is judged no more often than this. */
const GAP_MS = { least: 500, most: 4_000 } as const;

/**
 * Keeps a canvas unseen until what stands on it is judged, and judges it anew as it changes. A page that draws all the
 * time (a map, a game, an editor, a chart) is not covered again for that; only a calm canvas that shows another picture
 * all at once is.
 */
export class CanvasWatch extends Watch<HTMLCanvasElement> {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #seenSince = 0;
  #hasContent = false;
  #looksAlike = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #gapMs: number = GAP_MS.least;

  see(isVisible: boolean): void {
    if (isVisible && !this.isVisible) {
      this.#seenSince = performance.now();
      this.#lookIn(0);
    }
    if (!isVisible) clearTimeout(this.#timer);
    this.isVisible = isVisible;
  }

  present(): void {
    dress(this.element, this.isFree ? SHOWN : this.fate);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.startAnew();
    dress(this.element, undefined);
  }

  protected address(): string {
    return location.href;
  }

  protected override settle(fate: Fate | undefined): void {
    this.#gapMs = fate === this.fate ? Math.min(2 * this.#gapMs, GAP_MS.most) : GAP_MS.least;
    super.settle(fate);
  }

  protected look(): void {
    if (!this.isWatchful) return;
    const { width, height } = this.element;
    if (Math.max(width, height) < MIN_SIDE_PX) {
      this.settle(SHOWN);
      this.#lookIn(PACE_MS.tiny);
    } else this.#lookAt();
  }

  #lookAt() {
    const startedAt = performance.now();
    const thumb = thumbOf(this.element);
    if (!thumb) return this.giveUp();
    this.#consider(thumb, startedAt);
    this.#lookIn(Math.max(this.#pace(startedAt), REST * (performance.now() - startedAt)));
  }

  #consider(thumb: Thumb, now: number) {
    if (isBlank(thumb)) return this.#onBlank(thumb, now);
    this.#hasContent = true;
    const sight = this.scenes.look(thumb, now);
    const isCalm = this.#looksAlike >= CALM;
    this.#looksAlike = sight.kind === "same" ? this.#looksAlike + 1 : 0;
    if (sight.kind === "known") return this.settle(sight.verdict);
    if (sight.kind === "same") return;
    const isOther = sight.kind === "cut" && isCalm && !isDrawn(frameOf(this.element));
    if (isOther) this.settle(undefined);
    if (!isOther && now - this.#askedAt < this.#gapMs) return;
    this.#askedAt = now;
    this.judge(thumb);
  }

  /** Nothing is on it. A new one stays unseen for a moment, since it will be drawn on. */
  #onBlank(thumb: Thumb, now: number) {
    if (!this.#hasContent && this.#isYoung(now)) return;
    this.#looksAlike++;
    this.scenes.learn(thumb, SHOWN, now);
    this.scenes.look(thumb, now);
    if (this.fate !== SHOWN) this.settle(SHOWN);
  }

  #isYoung(now: number): boolean {
    return now - this.#seenSince < YOUNG_MS;
  }

  #pace(now: number): number {
    if (!this.#hasContent && this.#isYoung(now)) return 0;
    return Math.min(PACE_MS.most, PACE_MS.least * (1 + this.#looksAlike));
  }

  /** A page that draws in each frame asked for the frame earlier than this does, so that it has drawn by then. */
  #lookIn(delayMs: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => requestAnimationFrame(() => this.look()), delayMs);
  }
}

/** Charts, text and maps have wide areas of exactly one colour; photographs do not. */
export function isDrawn({ width, data }: Pixels): boolean {
  let alike = 0;
  const colours = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  for (let i = 1; i < colours.length; i++) if (i % width !== 0 && colours[i] === colours[i - 1]) alike++;
  return alike >= colours.length / 2;
}
