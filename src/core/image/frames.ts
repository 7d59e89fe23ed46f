import { logit } from "../math.ts";
import type { Finding } from "../types.ts";

/** At most so many frames of an animation are judged. */
export const MAX_FRAMES = 4;

/** Which frames of an animation to look at: the first, the last, and some between at even distances. */
export function sampledFrames(count: number): number[] {
  if (count <= MAX_FRAMES) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: MAX_FRAMES }, (_, i) => Math.round((i * (count - 1)) / (MAX_FRAMES - 1)));
}

/**
 * What is found of an animation is what is found of its worst frame: the one with the highest mean log-odds. A failure of
 * any frame counts for all.
 */
export function worstOf(findings: readonly Finding[]): Finding {
  const failed = findings.find(({ failure }) => failure);
  const [worst = { signals: [] }] = findings.toSorted((a, b) => suspicion(b) - suspicion(a));
  return failed ?? worst;
}

function suspicion({ signals }: Finding): number {
  const votes = signals.filter(({ isHint }) => !isHint);
  return votes.reduce((sum, { score }) => sum + logit(score), 0) / Math.max(1, votes.length);
}

const MOVING: readonly (readonly [magic: string, at: number, type: string])[] = [
  ["GIF8", 0, "image/gif"],
  ["ftypavis", 4, "image/avif"],
];

/** The MIME type of a file that may hold more than one frame: GIF, animated WebP, PNG and AVIF. */
export function movingType(file: Uint8Array): string | undefined {
  const found = MOVING.find(([magic, at]) => textAt(file, at, magic.length) === magic);
  if (found) return found[2];
  // RFC 9649: the second bit of the flags.
  if (textAt(file, 8, 8) === "WEBPVP8X") return (file[20] ?? 0) & 2 ? "image/webp" : undefined;
  return textAt(file, 1, 3) === "PNG" && hasAnimationChunk(file) ? "image/png" : undefined;
}

/** The PNG specification, third edition: `acTL` comes before the first `IDAT`. */
function hasAnimationChunk(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 8; at + 12 <= file.length; at += 12 + view.getUint32(at)) {
    const kind = textAt(file, at + 4, 4);
    if (kind === "acTL") return true;
    if (kind === "IDAT") return false;
  }
  return false;
}

function textAt(file: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...file.subarray(at, at + length));
}
