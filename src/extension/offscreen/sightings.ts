import { WardlightError } from "../../core/errors.ts";
import { CONCEALMENTS, type Concealment, ROLES, type Role, type Structure } from "../../core/page/structure.ts";
import { CONTEXTS, type Context, type Pixels, type Region } from "../../core/types.ts";
import { type Part, type Sighting, type ToJudge, URGENCIES, type Urgency } from "../messages.ts";

const MAX_SIGHTINGS = 256;
const MAX_ID = 64;
const MAX_TEXT = 100_000;
const MAX_ADDRESS = 40 * 1024 * 1024;
const MAX_PARTS = 4_096;
const MAX_PX = 8_192;
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
/** What stands on a screen is sent at the size at which it is judged, or a little more. */
const MAX_SCREEN_PIXELS = 1024 * 1024;
const MAX_WISHES = 1_024;

/** A sighting that cannot be judged, but whose sender can be told so. */
export interface Refusal extends Pick<Sighting, "kind" | "id" | "context"> {
  readonly error: WardlightError;
}

export type Parsed =
  | Exclude<ToJudge, { kind: "judge" }>
  | { readonly kind: "judge"; readonly sightings: readonly Sighting[]; readonly refused: readonly Refusal[] };

/**
 * Reads what came in over a port. The content script is ours but runs in a page's process: nothing in it is trusted.
 * One bad sighting costs no other its verdict; one without a usable id can be told nothing and is left out.
 * @throws WardlightError `validation` for a message that is none at all.
 */
export function parseToJudge(message: unknown): Parsed {
  if (!isRecord(message)) throw invalid("message");
  const { kind, sightings, ids, wishes, id } = message;
  if (kind === "waiting") return { kind };
  if (kind === "judge" && isList(sightings, MAX_SIGHTINGS)) return { kind, ...parseSightings(sightings) };
  if (kind === "withdraw" && isList(ids, MAX_WISHES) && ids.every(isId)) return { kind, ids };
  if (kind === "hasten" && isList(wishes, MAX_WISHES)) return { kind, wishes: wishes.filter(isWish).map(wishOf) };
  if (kind === "dispute" && isId(id)) return { kind, id };
  throw invalid("message");
}

function parseSightings(values: readonly unknown[]) {
  const [sightings, refused]: [Sighting[], Refusal[]] = [[], []];
  for (const parsed of values.map(parseSighting)) {
    if (parsed && "error" in parsed) refused.push(parsed);
    else if (parsed) sightings.push(parsed);
  }
  return { sightings, refused };
}

interface Wish {
  readonly id: string;
  readonly urgency: Urgency;
}

function isWish(value: unknown): value is Wish {
  return isRecord(value) && isId(value.id) && isUrgency(value.urgency);
}

function wishOf({ id, urgency }: Wish): Wish {
  return { id, urgency };
}

function parseSighting(value: unknown): Sighting | Refusal | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, id, context } = value;
  if (!isId(id)) return undefined;
  const isKnown = CONTEXTS.includes(context as Context);
  const common = { id, context: isKnown ? (context as Context) : "page" };
  if (!isKnown) return refusal(kind, common, "context");
  if (kind === "text") return parseText(value, common);
  return kind === "image" ? parsePicture(value, common) : refusal(kind, common, "picture");
}

function parseText({ text, structure }: Record<string, unknown>, common: Pick<Sighting, "id" | "context">) {
  if (!isText(text, MAX_TEXT)) return refusal("text", common, "text");
  if (structure === undefined) return { kind: "text", ...common, text } as const;
  if (!isStructure(structure)) return refusal("text", common, "structure");
  const { concealments, role } = structure;
  return { kind: "text", ...common, text, structure: { concealments: [...concealments], role } } as const;
}

function isStructure(value: unknown): value is Structure {
  if (!isRecord(value) || !isList(value.concealments, CONCEALMENTS.length)) return false;
  const areKnown = value.concealments.every((means) => CONCEALMENTS.includes(means as Concealment));
  return areKnown && ROLES.includes(value.role as Role);
}

function parsePicture(value: Record<string, unknown>, common: Pick<Sighting, "id" | "context">): Sighting | Refusal {
  const { src, bytes, pixels, parts, urgency } = value;
  const isFile = bytes === undefined || (bytes instanceof Uint8Array && bytes.length <= MAX_IMAGE_BYTES);
  if (!isText(src, MAX_ADDRESS)) return refusal("image", common, "picture");
  if (!isFile) return refusal("image", common, "file");
  if (pixels !== undefined && !isPixels(pixels)) return refusal("image", common, "picture");
  if (parts !== undefined && !isMosaic(parts)) return refusal("image", common, "picture");
  return {
    kind: "image",
    ...common,
    src,
    ...(bytes ? { bytes } : {}),
    ...(pixels ? { pixels: { width: pixels.width, height: pixels.height, data: pixels.data } } : {}),
    ...(parts ? { parts } : {}),
    ...(isUrgency(urgency) ? { urgency } : {}),
  };
}

function isPixels(value: unknown): value is Pixels {
  if (!isRecord(value)) return false;
  const { width, height, data } = value;
  if (!(data instanceof Uint8ClampedArray) || !isSide(width) || !isSide(height)) return false;
  return width * height <= MAX_SCREEN_PIXELS && data.length === 4 * width * height;
}

function isSide(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isUrgency(value: unknown): value is Urgency {
  return URGENCIES.includes(value as Urgency);
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
  const isPlaced =
    isWithin(value.x, 0) && isWithin(value.y, 0) && isWithin(value.width, 1) && isWithin(value.height, 1);
  return isPlaced && (value.region === undefined || isRegion(value.region));
}

function isRegion(value: unknown): value is Region {
  if (!isRecord(value)) return false;
  const isFraction = (part: unknown) => typeof part === "number" && part >= 0 && part <= 1;
  return [value.x, value.y, value.width, value.height].every(isFraction);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isList(value: unknown, maxLength: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= maxLength;
}

function isId(value: unknown): value is string {
  return isText(value, MAX_ID);
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === "string" && value.length <= maxLength;
}

function invalid(what: string): WardlightError {
  return new WardlightError("validation", `A page sent a ${what} of the wrong shape or size; it was not judged.`);
}
