import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { createInterface } from "node:readline";
import sharp from "sharp";
import { WardlightError } from "../core/errors.ts";
import { MAX_PIXELS, reduced, reductionOf } from "../core/image/pixels.ts";
import { CONTEXTS, type Context, type Pixels, type Subject } from "../core/types.ts";

/** One thing to judge: how to name it in the answer, and how to get it. */
export interface Input {
  readonly id: string | number;
  /** @throws WardlightError when it cannot be judged. */
  subject(): Promise<Subject>;
}

const PICTURES = new Set([".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif", ".tif", ".tiff", ".svg"]);

/**
 * Everything that a command's arguments name: an address, a picture, a JSONL file (`-` for standard input) with one
 * object a line, or any other file as one text. Relative paths, in JSONL too, start at `folder`.
 */
export async function* inputsOf(args: readonly string[], folder: string): AsyncGenerator<Input> {
  for (const arg of args) {
    const path = resolve(folder, arg);
    if (arg === "-") yield* linesOf(process.stdin, folder);
    else if (/^https?:/i.test(arg)) yield { id: arg, subject: async () => urlSubject(arg, "page") };
    else if (extname(arg) === ".jsonl") yield* linesOf(createReadStream(path), folder);
    else if (PICTURES.has(extname(arg).toLowerCase())) yield { id: arg, subject: () => imageSubject(path, "page") };
    else yield { id: arg, subject: async () => textSubject(await readText(path), "page") };
  }
}

async function* linesOf(stream: NodeJS.ReadableStream, folder: string): AsyncGenerator<Input> {
  let number = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (line.trim() !== "") yield inputOf(line, number, folder);
  }
}

function inputOf(line: string, number: number, folder: string): Input {
  const row = parseRow(line);
  const id = typeof row?.id === "string" || typeof row?.id === "number" ? row.id : number;
  return { id, subject: () => subjectOf(row, number, folder) };
}

function parseRow(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

async function subjectOf(row: Record<string, unknown> | undefined, number: number, folder: string): Promise<Subject> {
  if (!row) throw new WardlightError("validation", `Line ${number} is not a JSON object.`);
  const { text, url, image, context = "page" } = row;
  if (!CONTEXTS.includes(context as Context)) {
    throw new WardlightError("validation", `Line ${number}: "context" must be one of ${CONTEXTS.join(", ")}.`);
  }
  const where = context as Context;
  if (typeof text === "string") return textSubject(text, where);
  if (typeof url === "string") return urlSubject(url, where);
  if (typeof image === "string") return imageSubject(resolve(folder, image), where);
  throw new WardlightError("validation", `Line ${number} has none of "text", "url" and "image".`);
}

function textSubject(text: string, context: Context): Subject {
  return { kind: "text", id: "0", context, text };
}

function urlSubject(url: string, context: Context): Subject {
  if (!URL.canParse(url)) throw new WardlightError("validation", `"${url}" is not an address.`);
  return { kind: "url", id: "0", context, url };
}

async function imageSubject(path: string, context: Context): Promise<Subject> {
  const file = await readFile(path).catch(unreadable(path));
  return { kind: "image", id: "0", context, pixels: await decodePicture(file, `The picture ${path}`) };
}

/**
 * Decoded as the extension does it: turned upright, in sRGB, the first frame of what moves.
 * @param name what an error calls it.
 * @throws WardlightError `validation` for what is no picture, or too large a one.
 */
export async function decodePicture(file: Uint8Array, name: string): Promise<Pixels> {
  try {
    const image = sharp(file, { limitInputPixels: MAX_PIXELS }).autoOrient().toColourspace("srgb").ensureAlpha().raw();
    const { data, info } = await image.toBuffer({ resolveWithObject: true });
    const pixels = { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
    return reduced(pixels, reductionOf(info.width, info.height));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new WardlightError("validation", `${name} cannot be decoded: ${detail}`, { cause });
  }
}

function readText(path: string): Promise<string> {
  return readFile(path, "utf8").catch(unreadable(path));
}

function unreadable(path: string) {
  return (cause: unknown): never => {
    throw new WardlightError("resource", `The file ${path} cannot be read.`, { cause });
  };
}
