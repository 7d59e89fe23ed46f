import { WardlightError } from "../../core/errors.ts";
import { CONTEXTS, type Context, type Pixels } from "../../core/types.ts";
import type { Sighting, ToJudge } from "../messages.ts";

const MAX_SIGHTINGS = 256;
const MAX_ID = 64;
/** Frames come small; a side above this is nobody's frame. */
const MAX_SIDE = 1_024;
const MAX_TEXT = 100_000;
const MAX_ADDRESS = 40 * 1024 * 1024;
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;

/** A sighting that cannot be judged, but whose sender can be told so. */
export interface Refusal extends Pick<Sighting, "kind" | "id" | "context"> {
  readonly error: WardlightError;
}

export type Parsed =
  | Extract<ToJudge, { kind: "waiting" | "dispute" }>
  | { readonly kind: "judge"; readonly sightings: readonly Sighting[]; readonly refused: readonly Refusal[] };

/**
 * Reads what came in over a port. The content script is ours but runs in a page's process: nothing in it is trusted.
 * One bad sighting costs no other its verdict; one without a usable id can be told nothing and is left out.
 * @throws WardlightError `validation` for a message that is none at all.
 */
export function parseToJudge(message: unknown): Parsed {
  if (!isRecord(message)) throw invalid("message");
  if (message.kind === "waiting") return { kind: "waiting" };
  const { kind, sightings, id } = message;
  if (kind === "dispute" && isText(id, MAX_ID)) return { kind, id };
  if (kind !== "judge" || !Array.isArray(sightings) || sightings.length > MAX_SIGHTINGS) throw invalid("message");
  const [sound, refused]: [Sighting[], Refusal[]] = [[], []];
  for (const parsed of sightings.map(parseSighting)) {
    if (parsed && "error" in parsed) refused.push(parsed);
    else if (parsed) sound.push(parsed);
  }
  return { kind, sightings: sound, refused };
}

function parseSighting(value: unknown): Sighting | Refusal | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, id, context, text, src, bytes, pixels } = value;
  if (!isText(id, MAX_ID)) return undefined;
  const isKnown = CONTEXTS.includes(context as Context);
  const common = { id, context: isKnown ? (context as Context) : "page" };
  if (!isKnown) return refusal(kind, common, "context");
  if (kind === "text") return isText(text, MAX_TEXT) ? { kind, ...common, text } : refusal(kind, common, "text");
  if (kind !== "image" || !isText(src, MAX_ADDRESS)) return refusal(kind, common, "picture");
  if (pixels !== undefined) {
    return isPixels(pixels) ? { kind, ...common, src, pixels } : refusal(kind, common, "picture");
  }
  if (bytes === undefined) return { kind, ...common, src };
  const isFile = bytes instanceof Uint8Array && bytes.length <= MAX_IMAGE_BYTES;
  return isFile ? { kind, ...common, src, bytes } : refusal(kind, common, "file");
}

function isPixels(value: unknown): value is Pixels {
  if (!isRecord(value)) return false;
  const { width, height, data } = value;
  const isSide = (side: unknown): side is number =>
    Number.isInteger(side) && Number(side) >= 0 && Number(side) <= MAX_SIDE;
  return isSide(width) && isSide(height) && data instanceof Uint8ClampedArray && data.length === 4 * width * height;
}

/** What is not plainly text is taken for a picture, whose failure hides rather than shows. */
function refusal(kind: unknown, common: Pick<Sighting, "id" | "context">, what: string): Refusal {
  return { kind: kind === "text" ? kind : "image", ...common, error: invalid(what) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === "string" && value.length <= maxLength;
}

function invalid(what: string): WardlightError {
  return new WardlightError("validation", `A page sent a ${what} of the wrong shape or size; it was not judged.`);
}
