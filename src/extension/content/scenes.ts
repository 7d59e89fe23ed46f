/** A frame as a few coarse colours: red, green, blue of each cell in [0, 255], row by row. */
export type Thumb = Readonly<Uint8ClampedArray>;

/** Mean difference of two frames, and that of the cell where they differ most; both in [0, 1]. */
export function difference(a: Thumb, b: Thumb): { mean: number; most: number } {
  let sum = 0;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    const by = Math.abs((a[i] as number) - (b[i] as number));
    sum += by;
    if (by > most) most = by;
  }
  return { mean: sum / a.length / 255, most: most / 255 };
}

const NOISE = 6;

/** Black or white all over, give or take what a codec leaves of it: nothing has been painted, or it has faded. */
export function isBlank(thumb: Thumb): boolean {
  return thumb.every((value) => value <= NOISE) || thumb.every((value) => value >= 255 - NOISE);
}

/**
 * Of 44,850 pairs of distinct photographs 1 in 2,500 differs less than this at 16 × 16; a camera that turns by a
 * twentieth of the picture's width between two looks stays below it in 95 of 100 photographs.
 */
const CUT = 0.1;
const DRIFT = 0.06;
/** So far from what was judged it is another scene, however slowly it came: half of all pairs differ by .26. */
const OTHER = 0.2;
/** No two of these photographs are as near to each other: the nearest differ by .09, and by .34 in one cell. */
const SAME = { mean: 0.03, most: 0.12 };
const STILL = 0.004;
/** What seems to be one scene is judged anew after this long. */
const MAX_AGE_MS = 10_000;
/** Slow change is judged no more often than this, ever less often while the verdict stays the same. */
const GAP_MS = { least: 500, most: 4_000 } as const;
const MAX_SCENES = 32;

/** What a look at a frame calls for; a `cut` may show anything, `drift` is more of what was judged. */
export type Sight<Verdict> =
  | { readonly kind: "same" | "drift" | "cut" }
  | { readonly kind: "known"; readonly verdict: Verdict };

/** The scenes of something that moves, as far as they were judged. The clock is an argument. */
export class Scenes<Verdict> {
  /** The latest last. */
  #known: { thumb: Thumb; verdict: Verdict }[] = [];
  /** What the verdict that holds now was given on. */
  #judged: { thumb: Thumb; verdict: Verdict; at: number } | undefined;
  #last: Thumb | undefined;
  #gapMs: number = GAP_MS.least;

  /** @param at in ms, of any clock that does not go back. */
  look(thumb: Thumb, at: number): Sight<Verdict> {
    const last = this.#last;
    this.#last = thumb;
    const judged = this.#judged;
    if (!judged || !last || difference(last, thumb).mean >= CUT) return this.#turn(thumb, at);
    const drift = difference(judged.thumb, thumb).mean;
    const age = at - judged.at;
    if (drift >= OTHER || (drift >= DRIFT && isBlank(judged.thumb))) return this.#turn(thumb, at);
    const gapMs = drift >= CUT ? GAP_MS.least : this.#gapMs;
    if (drift >= DRIFT && age >= gapMs) return this.#recall(thumb, at) ?? { kind: "drift" };
    return { kind: drift >= STILL && age >= MAX_AGE_MS ? "drift" : "same" };
  }

  /** A verdict on a frame has come. @returns whether it still holds for what was looked at last. */
  learn(thumb: Thumb, verdict: Verdict, at: number): boolean {
    this.#known = this.#known.filter((scene) => !isSame(scene.thumb, thumb)).slice(1 - MAX_SCENES);
    this.#known.push({ thumb, verdict });
    if (!this.#last || difference(this.#last, thumb).mean >= CUT) return false;
    const isNews = this.#judged?.verdict !== verdict;
    this.#gapMs = isNews ? GAP_MS.least : Math.min(2 * this.#gapMs, GAP_MS.most);
    this.#judged = { thumb, verdict, at };
    return true;
  }

  /** Nobody looks for a while: what comes then is met like a cut. */
  rest(): void {
    this.#judged = undefined;
    this.#last = undefined;
  }

  /** Another source: nothing that was seen counts any more. */
  forget(): void {
    this.rest();
    this.#known = [];
    this.#gapMs = GAP_MS.least;
  }

  #turn(thumb: Thumb, at: number): Sight<Verdict> {
    this.#judged = undefined;
    this.#gapMs = GAP_MS.least;
    return this.#recall(thumb, at) ?? { kind: "cut" };
  }

  #recall(thumb: Thumb, at: number): Sight<Verdict> | undefined {
    const scene = this.#known.find((known) => isSame(known.thumb, thumb));
    if (!scene) return undefined;
    this.#judged = { thumb, verdict: scene.verdict, at };
    return { kind: "known", verdict: scene.verdict };
  }
}

function isSame(a: Thumb, b: Thumb): boolean {
  const { mean, most } = difference(a, b);
  return mean < SAME.mean && most < SAME.most;
}
