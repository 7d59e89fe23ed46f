import { thumbOf } from "./frames.ts";
import type { Questions } from "./questions.ts";
import { sightingOf } from "./reading.ts";
import { isBlank, type Thumb } from "./scenes.ts";
import { dress, type Fate, SHOWN } from "./veil.ts";
import { Watch } from "./watch.ts";

/** After a look come as many times its cost without one, so that looking takes 6 % of a tab's time at most. */
const REST = 16;
const LOOKS = ["loadeddata", "playing", "seeked", "timeupdate"];
const STARTS = ["play", "seeking"];

interface Poster {
  readonly src: string;
  fate?: Fate;
}

/**
 * Shows of a video only what was judged: the poster by its file, then scene after scene. Every frame that the browser
 * presents is looked at, very coarsely; a cut covers the video until the new scene has its verdict. A video that rests,
 * or that nobody sees, is not looked at.
 */
export class VideoWatch extends Watch<HTMLVideoElement> {
  readonly #life = new AbortController();
  #poster: Poster | undefined;
  /** The poster has given way to the frames, and does not come back. */
  #isStarted = false;
  /** Something of this source was on show: from now on its place is kept dark rather than clear. */
  #wasShown = false;
  #isArmed = false;
  #restsUntil = 0;

  constructor(video: HTMLVideoElement, questions: Questions) {
    super(video, questions);
    const { signal } = this.#life;
    video.addEventListener("emptied", () => this.changeSource(), { signal });
    for (const name of LOOKS) video.addEventListener(name, () => this.look(), { signal });
    for (const name of STARTS) video.addEventListener(name, () => this.#start(), { signal });
    video.addEventListener("enterpictureinpicture", () => this.present(), { signal });
    this.#isStarted = !video.paused || video.currentTime > 0;
    this.considerPoster();
    this.present();
  }

  see(isVisible: boolean): void {
    const wasWatchful = this.isWatchful;
    this.isVisible = isVisible || isInPicture(this.element);
    if (this.isVisible) {
      this.#arm();
      this.look();
    } else if (wasWatchful && !this.element.paused) {
      this.scenes.rest();
      this.settle(undefined);
    }
  }

  present(): void {
    const fate = this.isFree ? SHOWN : this.#isPosterUp() ? this.#poster?.fate : this.fate;
    if (fate?.look === "shown") this.#wasShown = true;
    else if (fate && isInPicture(this.element)) void document.exitPictureInPicture().catch(() => {});
    dress(this.element, fate, this.#wasShown ? "cut" : "wait");
  }

  end(): void {
    this.#life.abort();
    this.startAnew();
    dress(this.element, undefined);
  }

  /** Another video will play here. */
  changeSource(): void {
    this.startAnew();
    this.#isStarted = false;
    this.#wasShown = false;
    this.present();
  }

  /** A poster that does not load is none: the browser shows the first frame instead. */
  considerPoster(): void {
    const src = this.element.poster;
    if (src === (this.#poster?.src ?? "")) return;
    const poster: Poster = { src };
    this.#poster = src ? poster : undefined;
    this.present();
    if (!src) return;
    const probe = new Image();
    const isCurrent = () => this.#poster === poster;
    const settle = (fate: Fate) => {
      poster.fate = fate;
      if (isCurrent()) this.present();
    };
    probe.addEventListener("load", () => this.questions.ask((id) => sightingOf(id, src), settle));
    probe.addEventListener("error", () => {
      if (isCurrent()) this.#poster = undefined;
      this.present();
    });
    probe.src = src;
  }

  protected address(): string {
    return this.element.currentSrc || location.href;
  }

  protected look(): void {
    const now = performance.now();
    const { readyState, HAVE_CURRENT_DATA } = this.element;
    if (!this.isWatchful || now < this.#restsUntil || readyState < HAVE_CURRENT_DATA) return;
    const thumb = thumbOf(this.element);
    this.#restsUntil = now + REST * (performance.now() - now);
    if (thumb) this.#follow(thumb, now);
    else this.giveUp();
  }

  #follow(thumb: Thumb, now: number) {
    if (isBlank(thumb)) this.scenes.learn(thumb, SHOWN, now);
    const sight = this.scenes.look(thumb, now);
    if (sight.kind === "known") this.settle(sight.verdict);
    if (sight.kind === "cut") this.settle(undefined);
    if (sight.kind === "cut" || sight.kind === "drift") this.judge(thumb);
  }

  #start() {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.present();
    }
    this.look();
  }

  #isPosterUp(): boolean {
    return this.#poster !== undefined && !this.#isStarted;
  }

  #arm() {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.element.requestVideoFrameCallback(() => {
      this.#isArmed = false;
      if (!this.isVisible || this.#life.signal.aborted) return;
      this.look();
      this.#arm();
    });
  }
}

/** Firefox keeps its floating window to itself. */
function isInPicture(video: HTMLVideoElement): boolean {
  return document.pictureInPictureElement === video;
}
