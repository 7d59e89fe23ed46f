import { WardlightError } from "../../core/errors.ts";
import { CONTEXTS, type Context } from "../../core/types.ts";
import type { Part, Sighting } from "../messages.ts";

const MAX_SIGHTINGS = 256;
const MAX_ID = 64;
const MAX_TEXT = 100_000;
const MAX_ADDRESS = 40 * 1024 * 1024;
const MAX_PARTS = 4_096;
const MAX_PX = 8_192;
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;

/** A sighting that cannot be judged, but whose sender can be told so. */
export interface Refusal extends Pick<Sighting, "kind" | "id" | "context"> {
  readonly error: WardlightError;
}

export type Parsed =
  | { readonly kind: "waiting" | "withdraw" | "hasten" }
  | { readonly kind: "judge"; readonly sightings: readonly Sighting[]; readonly refused: readonly Refusal[] };

/**
 * Reads what came in over a port. The content script is ours but runs in a page's process: nothing in it is trusted.
 * One bad sighting costs no other its verdict; one without a usable id can be told nothing and is left out.
 * @throws WardlightError `validation` for a message that is none at all.
 */
export function parseToJudge(message: unknown): Parsed {
  if (!isRecord(message)) throw invalid("message");
  if (message.kind === "waiting" || message.kind === "withdraw" || message.kind === "hasten")
    return { kind: message.kind };
  const { kind, sightings } = message;
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
  const { kind, id, context, text, src, bytes, parts } = value;
  if (!isText(id, MAX_ID)) return undefined;
  const isKnown = CONTEXTS.includes(context as Context);
  const common = { id, context: isKnown ? (context as Context) : "page" };
  if (!isKnown) return refusal(kind, common, "context");
  if (kind === "text") return isText(text, MAX_TEXT) ? { kind, ...common, text } : refusal(kind, common, "text");
  if (kind !== "image" || !isText(src, MAX_ADDRESS)) return refusal(kind, common, "picture");
  if (parts !== undefined) return isMosaic(parts) ? { kind, ...common, src, parts } : refusal(kind, common, "picture");
  if (bytes === undefined) return { kind, ...common, src };
  const isFile = bytes instanceof Uint8Array && bytes.length <= MAX_IMAGE_BYTES;
  return isFile ? { kind, ...common, src, bytes } : refusal(kind, common, "file");
}

/** What is not plainly text is taken for a picture, whose failure hides rather than shows. */
function refusal(kind: unknown, common: Pick<Sighting, "id" | "context">, what: string): Refusal {
  return { kind: kind === "text" ? kind : "image", ...common, error: invalid(what) };
}

/** Of at least one tile, and no larger as a whole than a screen. */
export function isMosaic(value: unknown): value is readonly Part[] {
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_PARTS && value.every(isPart);
}

function isPart(value: unknown): value is Part {
  if (!isRecord(value) || !isText(value.src, MAX_ADDRESS)) return false;
  const isWithin = (px: unknown, least: number) => Number.isInteger(px) && Number(px) >= least && Number(px) <= MAX_PX;
  return isWithin(value.x, 0) && isWithin(value.y, 0) && isWithin(value.width, 1) && isWithin(value.height, 1);
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
