import type { Detector, ImageSubject, Signal } from "../types.ts";
import { hamming, type PerceptualHash, perceptualHash } from "./phash.ts";
import { halved, readThumbnail, type Thumbnail } from "./thumbnail.ts";

/** What is kept of a picture to know another file of it again: about 5 KB. */
export interface Likeness {
  readonly hash: PerceptualHash;
  readonly aspect: number;
  /** Mean colours of 32 × 32 cells, 0–255. */
  readonly rgb: Uint8Array;
  /** Spread of the luma in 32 × 32 cells, 0–127. */
  readonly detail: Uint8Array;
}

/** Measured on 300 photographs (ARCHITECTURE.md, "Caches"). */
export const LIMITS = {
  hamming: 6,
  aspect: 0.02,
  colour: { most: 40, mean: 4 },
  detail: { most: 40, mean: 6 },
} as const;

export function likenessOf({ luma, rgb, detail, side, aspect }: Thumbnail): Likeness {
  return {
    hash: perceptualHash({ luma, side }),
    aspect,
    rgb: rounded(halved(rgb, side, 3)),
    detail: rounded(halved(detail, side)),
  };
}

function rounded(values: Float32Array): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = Math.round(values[i] as number);
  return out;
}

/**
 * True where two files show one picture. The perceptual hash only proposes: anybody can draw another picture with the
 * same 64 bits. What decides is that no cell of the picture differs in colour, nor in how much goes on inside it, so that
 * whoever would smuggle a picture past has to draw the one that was judged.
 */
export function isSamePicture(a: Likeness, b: Likeness): boolean {
  return (
    Math.abs(a.aspect / b.aspect - 1) <= LIMITS.aspect &&
    hamming(a.hash, b.hash) <= LIMITS.hamming &&
    areClose(a.rgb, b.rgb, LIMITS.colour) &&
    areClose(a.detail, b.detail, LIMITS.detail)
  );
}

/** No value further apart than the one limit, and on average no more than the other. */
function areClose(a: Uint8Array, b: Uint8Array, limit: { readonly most: number; readonly mean: number }): boolean {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (difference > limit.most) return false;
    sum += difference;
  }
  return sum <= limit.mean * a.length;
}

/** What was said lately of pictures, for finding other files of them; a list, since likeness has no order. */
export class Gallery {
  readonly #capacity: number;
  #entries: { room: string; likeness: Likeness; signals: readonly Signal[] }[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  find(room: string, likeness: Likeness): readonly Signal[] | undefined {
    return this.#entries.find((entry) => entry.room === room && isSamePicture(entry.likeness, likeness))?.signals;
  }

  add(room: string, likeness: Likeness, signals: readonly Signal[]): void {
    this.#entries.push({ room, likeness, signals });
    if (this.#entries.length > this.#capacity) this.#entries.shift();
  }

  clear(): void {
    this.#entries = [];
  }
}

const CLEARLY_HARMLESS = 0.05;

/**
 * Says of another file of a picture what the detector said of the first, and asks it about all else. Only clear opinions
 * carry over: every model far below the cascade's own limit, or every one at one half and above.
 * @param room keeps what one site's pages show from being found, by the time an answer takes, by another's.
 * @param onKnown is told of each subject that was recognised.
 */
export function recognising(
  detector: Detector<ImageSubject>,
  gallery: Gallery,
  room: string,
  onKnown: (subject: ImageSubject) => void,
): Detector<ImageSubject> {
  return {
    ...detector,
    async detect(subjects, signal) {
      const found: Signal[][] = [];
      for (const subject of subjects) {
        const likeness = readThumbnail(subject.pixels, likenessOf);
        const known = gallery.find(room, likeness);
        const signals = known ?? (await detector.detect([subject], signal))[0] ?? [];
        if (known) onKnown(subject);
        else if (isClear(signals)) gallery.add(room, likeness, signals);
        found.push([...signals]);
      }
      return found;
    },
  };
}

function isClear(signals: readonly Signal[]): boolean {
  const votes = signals.filter(({ isHint }) => !isHint);
  return votes.every(({ score }) => score < CLEARLY_HARMLESS) || votes.every(({ score }) => score >= 0.5);
}
