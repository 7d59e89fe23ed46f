import { type UnzipFileInfo, unzipSync } from "fflate";
import { WardlightError } from "../core/errors.ts";
import { type PackCard, parsePackCard } from "../core/pack.ts";
import { TASKS } from "../core/text-pack.ts";

/** Of a pack's file, and of the network in it: more than WebAssembly could be given. */
export const MAX_PACK_BYTES = 1024 ** 3;
const MAX_CARD_BYTES = 16 * 1024 ** 2;
const MAX_PART_BYTES = 64 * 1024 ** 2;
const TOKENISER = "tokenizer.json";
const headFile = (task: string) => `head-${task}.bin`;

export interface Pack {
  readonly card: PackCard;
  /** An ONNX file. */
  readonly network: Uint8Array<ArrayBuffer>;
  /** By name, of a text encoder: `tokenizer.json` and `head-<task>.bin`. */
  readonly parts: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/**
 * Reads a pack: a zip with `card.json`, `model.onnx` and, of a text encoder, its further parts at its top. Other files in
 * it are for people and are not unpacked.
 * @throws WardlightError `validation`, saying what is wrong with the file or its card.
 */
export function unpack(bytes: Uint8Array): Pack {
  if (bytes.length > MAX_PACK_BYTES) throw invalid("It is larger than 1 GB.");
  const members = unzip(bytes);
  const member = (name: string) => {
    const content = members.get(name);
    if (!content || content.length === 0) throw invalid(`It holds no ${name} at its top.`);
    return content;
  };
  const [json, network] = [member("card.json"), member("model.onnx")];
  const card = parsePackCard(jsonOf(json));
  return { card, network, parts: new Map(partsOf(card).map((name) => [name, member(name)])) };
}

function partsOf(card: PackCard): string[] {
  return card.kind === "text-encoder" ? [TOKENISER, ...card.heads.map(({ task }) => headFile(task))] : [];
}

/** How many bytes a member may have; undefined for one that is not unpacked. */
function mostBytes(name: string): number | undefined {
  if (name === "card.json") return MAX_CARD_BYTES;
  if (name === "model.onnx") return MAX_PACK_BYTES;
  return name === TOKENISER || TASKS.some((task) => name === headFile(task)) ? MAX_PART_BYTES : undefined;
}

/** Sizes are checked by what the archive promises, before anything is unpacked; fflate unpacks no more than that. */
function unzip(bytes: Uint8Array): Map<string, Uint8Array<ArrayBuffer>> {
  const promised = new Map<string, number>();
  const filter = ({ name, originalSize, compression }: UnzipFileInfo) => {
    if (/\.onnx[._]data$/.test(name)) throw invalid("Its network's weights lie outside of model.onnx: join them.");
    const most = mostBytes(name);
    if (most === undefined) return false;
    if (promised.has(name)) throw invalid(`It holds ${name} twice.`);
    if (originalSize > most) throw invalid(`Its ${name} is too large.`);
    if (compression !== 0 && compression !== 8) throw invalid(`Its ${name} is packed in an unknown way.`);
    promised.set(name, originalSize);
    return true;
  };
  try {
    const found = new Map(Object.entries(unzipSync(bytes, { filter })));
    for (const [name, size] of promised) if (found.get(name)?.length !== size) throw invalid(`Its ${name} is cut off.`);
    return found;
  } catch (cause) {
    if (cause instanceof WardlightError) throw cause;
    throw invalid("It is no zip, or a damaged one.", cause);
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid("Its card.json is no JSON.", cause);
  }
}

function invalid(what: string, cause?: unknown): WardlightError {
  return new WardlightError("validation", `The file is not a model pack. ${what}`, { cause });
}
