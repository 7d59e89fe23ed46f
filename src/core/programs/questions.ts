import { type Catalog, modelName, rowsOf } from "../catalog.ts";
import { WardlightError } from "../errors.ts";
import type { Category } from "../types.ts";

/** What programs may ask, by the paths of the reference service. */
export const PATHS = ["/nsfw-check", "/classify-text", "/threat-url"] as const;
export type Path = (typeof PATHS)[number];

/** The judges of text that a program may name in `models`, each by the category that it speaks of. */
export const TEXT_MODELS = [
  "toxicity",
  "hate",
  "offensive",
  "injection",
  "pii",
  "secret",
] as const satisfies Category[];
export type TextModel = (typeof TEXT_MODELS)[number];

/** Who names none asks for harm; that a text holds an address or a key is no harm by itself. */
const HARM: readonly TextModel[] = ["toxicity", "hate", "offensive", "injection"];

export type Question =
  | { readonly path: "/nsfw-check"; readonly image: Uint8Array<ArrayBuffer> }
  | { readonly path: "/classify-text"; readonly text: string; readonly models: readonly TextModel[] }
  | { readonly path: "/threat-url"; readonly url: string };

/** Bytes of a picture's file; UTF-16 units of a text and of an address. */
export const MAX_IMAGE_BYTES = 16 * 1024 * 1024;
export const MAX_TEXT = 100_000;
export const MAX_URL = 8_192;
/** Characters of a whole question as JSON: the largest picture in base64 with line breaks, and a little more. */
export const MAX_BODY = Math.ceil((MAX_IMAGE_BYTES / 3) * 4 * 1.03) + 4_096;

const FIELDS: Readonly<Record<Path, readonly string[]>> = {
  "/nsfw-check": ["image_base64", "version"],
  "/classify-text": ["text", "models", "version"],
  "/threat-url": ["url", "version"],
};

/** The models behind each answer, as `name@version`. */
export type KnownModels = Readonly<Record<Path, readonly string[]>>;

export function modelsBehind(catalog: Catalog): KnownModels {
  return {
    "/nsfw-check": rowsOf(catalog, "image").map(modelName),
    "/classify-text": [...rowsOf(catalog, "text-linear"), ...rowsOf(catalog, "text-encoder")].map(modelName),
    "/threat-url": rowsOf(catalog, "url-forest").map(modelName),
  };
}

type Body = Readonly<Record<string, unknown>>;

/**
 * Reads what a program asks. `version`, where it is given, must be a model (`name@version`) that would be asked, so that
 * who relies on one model is not answered by another.
 * @param known the models that would be asked, by path.
 * @throws WardlightError `validation`, naming the field and what it must be.
 */
export function questionOf(path: unknown, body: unknown, known: KnownModels): Question {
  const asked = PATHS.find((one) => one === path);
  if (!asked) throw invalid("path", `one of ${PATHS.join(", ")}`);
  const fields = fieldsOf(asked, body);
  checkVersion(fields.version, known[asked]);
  if (asked === "/nsfw-check") return { path: asked, image: imageOf(fields.image_base64) };
  if (asked === "/classify-text") return { path: asked, text: textOf(fields.text), models: modelsOf(fields.models) };
  return { path: asked, url: addressOf(fields.url) };
}

function fieldsOf(path: Path, body: unknown): Body {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw invalid("the question", "a JSON object");
  const odd = Object.keys(body).find((field) => !FIELDS[path].includes(field));
  if (odd === undefined) return body as Body;
  throw invalid("the question", `without "${odd.slice(0, 50)}": ${path} takes ${FIELDS[path].join(", ")}`);
}

function checkVersion(version: unknown, known: readonly string[]) {
  if (version === undefined || known.some((name) => name === version)) return;
  throw invalid('"version"', `left out, or one of ${known.join(", ")}`);
}

/** Also as a `data:` address, and with line breaks. */
function imageOf(value: unknown): Uint8Array<ArrayBuffer> {
  const wanted = `a picture's file of at most ${MAX_IMAGE_BYTES / 1024 / 1024} MiB in base64`;
  if (typeof value !== "string" || value.length > MAX_BODY) throw invalid('"image_base64"', wanted);
  try {
    const binary = atob(value.replace(/^data:[\w.+/-]{0,100};base64,/, ""));
    if (binary.length === 0 || binary.length > MAX_IMAGE_BYTES) throw invalid('"image_base64"', wanted);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    throw invalid('"image_base64"', wanted);
  }
}

function textOf(value: unknown): string {
  if (typeof value === "string" && value.trim() !== "" && value.length <= MAX_TEXT) return value;
  throw invalid('"text"', `a text of 1 to ${MAX_TEXT} characters`);
}

function modelsOf(value: unknown): readonly TextModel[] {
  if (value === undefined) return HARM;
  const isKnown = Array.isArray(value) && value.length > 0 && value.length <= TEXT_MODELS.length;
  const models = isKnown ? TEXT_MODELS.filter((model) => value.includes(model)) : [];
  if (isKnown && models.length === value.length) return models;
  throw invalid('"models"', `left out, or a list of ${TEXT_MODELS.join(", ")}, none twice`);
}

function addressOf(value: unknown): string {
  const isSound =
    typeof value === "string" && value.length <= MAX_URL && URL.canParse(value) && /^https?:/i.test(value);
  if (isSound) return value;
  throw invalid('"url"', `an address with http or https of at most ${MAX_URL} characters`);
}

function invalid(what: string, wanted: string): WardlightError {
  return new WardlightError("validation", `${what} must be ${wanted}.`);
}
