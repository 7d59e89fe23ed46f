import { WardlightError } from "../../core/errors.ts";
import { CONTEXTS, type Context } from "../../core/types.ts";
import type { Sighting, ToJudge } from "../messages.ts";

const MAX_SIGHTINGS = 256;
const MAX_ID = 64;
const MAX_TEXT = 100_000;
const MAX_ADDRESS = 40 * 1024 * 1024;
export const MAX_IMAGE_BYTES = 32 * 1024 * 1024;

/**
 * Reads what came in over a port. The content script is ours but runs in a page's process: nothing in it is trusted.
 * @throws WardlightError `validation`.
 */
export function parseToJudge(message: unknown): ToJudge {
  if (!isRecord(message)) throw invalid("message");
  if (message.kind === "waiting") return { kind: "waiting" };
  const { kind, sightings } = message;
  if (kind !== "judge" || !Array.isArray(sightings) || sightings.length > MAX_SIGHTINGS) throw invalid("message");
  return { kind, sightings: sightings.map(parseSighting) };
}

function parseSighting(value: unknown): Sighting {
  if (!isRecord(value)) throw invalid("sighting");
  const { kind, id, context, text, src, bytes } = value;
  if (!isText(id, MAX_ID)) throw invalid("id");
  if (!CONTEXTS.includes(context as Context)) throw invalid("context");
  const common = { id, context: context as Context };
  if (kind === "text" && isText(text, MAX_TEXT)) return { kind, ...common, text };
  if (kind !== "image" || !isText(src, MAX_ADDRESS)) throw invalid(kind === "text" ? "text" : "image");
  if (bytes === undefined) return { kind, ...common, src };
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_IMAGE_BYTES) throw invalid("bytes");
  return { kind, ...common, src, bytes };
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
