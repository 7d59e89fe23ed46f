import { WardlightError } from "./errors.ts";
import type { Provider } from "./provider.ts";
import { CATEGORIES, type Category, type Probability } from "./types.ts";

/** The longest character n-gram that a head of text may read. */
export const MAX_ORDER = 6;

/** How a picture becomes the numbers that a network was fitted on. */
export interface ImageInput {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The order of the planes. */
  readonly channels: "RGB" | "BGR";
  /** value = channel (0–255) × scale − mean[c], `mean` in the order of the planes. */
  readonly scale: number;
  readonly mean: readonly number[];
  readonly resize: "bilinear-align-corners";
  readonly layout: "NCHW";
}

/** A file of the package that is used only when it is, byte for byte, the catalogued one. */
export interface ShippedFile {
  /** Relative to the folder of models. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** One file of a model, for one execution provider; `any` is for what no runtime runs. */
export interface ModelFile extends ShippedFile {
  readonly provider: Provider | "any";
  /** The WebGPU feature without which the file cannot be run. */
  readonly requires?: "shader-f16";
}

/** One row of `models/catalog.json`: a picture classifier and how to read it. */
export interface ImageModelRow {
  readonly id: string;
  readonly version: string;
  readonly kind: "image";
  readonly status: "active";
  readonly files: readonly ModelFile[];
  readonly input: ImageInput;
  readonly output: { readonly name: string; readonly classes: readonly string[] };
  readonly category: Category;
  /** The classes whose probabilities add up to the category's. */
  readonly positive: readonly string[];
  /** Platt scaling in log-odds: p = sigmoid(a · logit(raw) + b). */
  readonly calibration: { readonly a: number; readonly b: number };
}

/** A list of hosts that is shipped, and where it came from. */
export interface ListRow {
  readonly id: string;
  readonly category: Category;
  /** Relative to the extension's root. */
  readonly path: string;
  readonly count: number;
  readonly sha256: string;
  /** ISO date of the data. */
  readonly updated: string;
  readonly sources: readonly { readonly name: string; readonly repository: string; readonly license: string }[];
}

/** A linear head of text: its one file holds the weights. */
export interface TextModelRow {
  readonly id: string;
  readonly version: string;
  readonly kind: "text-linear";
  readonly status: "active";
  readonly files: readonly ModelFile[];
  /** What it asks; the name of its label where it speaks of no category. */
  readonly task: string;
  /** The threat that it speaks of; absent where it only describes. */
  readonly category?: Category;
  /** In the order of the outputs; empty for a threat, which has one. */
  readonly classes: readonly string[];
  /** Which hashed n-grams it reads (`core/text/features.ts`). */
  readonly reading: { readonly bits: number; readonly words: 0 | 1 | 2; readonly characters: readonly number[] };
  /** Of a threat Platt scaling in log-odds; of a description `a` alone, an inverse temperature. */
  readonly calibration: { readonly a: number; readonly b: number };
  /** Of a threat: the probability from which it is worth acting on, chosen on sources that were not fitted on. */
  readonly threshold?: number;
}

/** Platt scaling in log-odds; of a head that describes, `a` alone counts. */
export interface HeadCalibration {
  readonly a: number;
  readonly b: number;
  /**
   * Of a threat: added to `b` for a text that is surely of that language (ISO 639-1), since comments of one language are
   * scored lower than those of another. For all others `b` alone holds, which is as strict as the strictest of these.
   */
  readonly languages?: Readonly<Record<string, number>>;
}

/** What an encoder's vectors are asked: a linear layer over them, in a small file of its own. */
export interface EncoderHead {
  /** The name of its file, `head-<task>.bin`, and of its label where it speaks of no category. */
  readonly task: string;
  /** The threat that it speaks of; absent where it only describes. */
  readonly category?: Category;
  /** In the order of the outputs; empty for a threat, which has one. */
  readonly classes: readonly string[];
  /** A shadow counts for nothing: it is shown where everything is asked. */
  readonly status: "active" | "shadow";
  /** As those of the linear heads. */
  readonly calibration: HeadCalibration;
  /** Its share, beside the linear head of that task, in the mean of both in log-odds. */
  readonly weight: number;
  /** Of a threat: from which mean of both it is worth acting on. */
  readonly threshold?: Probability;
  /** Of a threat: what the linear head gives less than this is harmless enough not to ask the encoder. */
  readonly askFrom?: Probability;
  /** The same for a text that is surely of that language (ISO 639-1): the linear head scores some lower than others. */
  readonly askFromIn?: Readonly<Record<string, Probability>>;
}

/** What a text encoder is asked, and how its answers are read. */
export interface EncoderCard {
  readonly id: string;
  readonly version: string;
  /** How many numbers a vector has. */
  readonly width: number;
  readonly heads: readonly EncoderHead[];
  /** Personal data, token by token: what is less likely than the threshold is none. */
  readonly entities: { readonly status: "active" | "shadow"; readonly threshold: Probability };
}

/** A text encoder: `encoder.onnx`, `tokenizer.json`, and a file for each of its heads. */
export interface TextEncoderRow extends EncoderCard {
  readonly kind: "text-encoder";
  readonly status: "active";
  readonly files: readonly ModelFile[];
}

/** A forest that judges addresses: its one file says the rest. */
export interface UrlModelRow {
  readonly id: string;
  readonly version: string;
  readonly kind: "url-forest";
  readonly status: "active";
  readonly files: readonly ModelFile[];
  readonly category: Category;
}

export type ModelRow = ImageModelRow | TextModelRow | TextEncoderRow | UrlModelRow;

export interface Catalog {
  readonly models: readonly ModelRow[];
  readonly lists: readonly ListRow[];
  /** The hosts of all lists as sorted hashes (`url/host-pack.ts`), a section a list; its path is relative to `public/`. */
  readonly pack: ShippedFile & { readonly sections: readonly string[] };
  /** The network that a graphics card must run right before it is trusted: `input` [1,3,32,32] to `probs`. */
  readonly selfCheck: ShippedFile;
}

/**
 * Reads `models/catalog.json`.
 * @throws WardlightError `validation`, naming the row that is wrong.
 */
export function parseCatalog(json: unknown): Catalog {
  const { models, lists, pack, selfCheck } = json as Catalog;
  const wrong = models.find((row) => !isSoundModel(row)) ?? lists.find((row) => !CATEGORIES.includes(row.category));
  if (wrong) throw new WardlightError("validation", `The catalogue's row "${wrong.id}" is not valid.`);
  if (!isSoundFile(selfCheck)) throw new WardlightError("validation", "The catalogue's self-check is not valid.");
  if (!isSoundFile(pack) || pack.sections.join() !== lists.map(({ id }) => id).join())
    throw new WardlightError("validation", "The catalogue's pack is not that of its lists.");
  return { models, lists, pack, selfCheck };
}

function isSoundModel(row: ModelRow): boolean {
  const isKnown =
    (row.kind === "text-linear" && isSoundHead(row)) ||
    (row.kind === "text-encoder" && isSoundEncoder(row)) ||
    row.kind === "url-forest" ||
    (row.kind === "image" && isSoundClassifier(row));
  const areFilesSound = row.files.every((file) => isSoundFile(file) && isSoundUse(file));
  const isOfCategory = (row.kind === "text-encoder" ? row.heads : [row]).every(
    ({ category }) => category === undefined || CATEGORIES.includes(category),
  );
  return isKnown && row.files.length > 0 && areFilesSound && isOfCategory;
}

function isSoundHead({ category, classes, reading, calibration }: TextModelRow): boolean {
  return (
    (category === undefined) === classes.length >= 2 &&
    Number.isInteger(reading.bits) &&
    reading.bits >= 8 &&
    reading.bits <= 20 &&
    [0, 1, 2].includes(reading.words) &&
    reading.characters.every((order) => Number.isInteger(order) && order >= 1 && order <= MAX_ORDER) &&
    Number.isFinite(calibration.a) &&
    Number.isFinite(calibration.b)
  );
}

function isSoundEncoder(row: TextEncoderRow): boolean {
  const { heads, entities, width } = row;
  const names = ["encoder.onnx", "tokenizer.json", ...heads.map(({ task }) => `head-${task}.bin`)];
  return (
    names.every((name) => encoderFile(row, name) !== undefined) &&
    new Set(names).size === names.length &&
    Number.isInteger(width) &&
    width > 0 &&
    heads.every(isSoundEncoderHead) &&
    isStatus(entities.status) &&
    isShare(entities.threshold)
  );
}

function isSoundEncoderHead(head: EncoderHead): boolean {
  const { category, classes, status, calibration, weight, threshold, askFrom, askFromIn = {} } = head;
  const isThreat = category !== undefined;
  return (
    (isThreat ? classes.length === 0 : classes.length >= 2) &&
    (isThreat
      ? [threshold, askFrom, ...Object.values(askFromIn)].every(isShare)
      : threshold === undefined && askFrom === undefined) &&
    isStatus(status) &&
    isShare(weight) &&
    [calibration.a, calibration.b, ...Object.values(calibration.languages ?? {})].every(Number.isFinite)
  );
}

function isStatus(value: unknown): boolean {
  return value === "active" || value === "shadow";
}

function isShare(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** One of an encoder's files by the last part of its path; the network is the one for WebAssembly. */
export function encoderFile({ files }: Pick<TextEncoderRow, "files">, name: string): ModelFile | undefined {
  return files.find(({ path, provider }) => path.endsWith(`/${name}`) && provider !== "webgpu");
}

function isSoundClassifier({ files, positive, input, output }: ImageModelRow): boolean {
  return (
    files.some(({ provider }) => provider === "wasm") &&
    files.every(({ provider }) => provider !== "any") &&
    positive.every((name) => output.classes.includes(name)) &&
    (input.channels === "RGB" || input.channels === "BGR") &&
    input.resize === "bilinear-align-corners" &&
    input.layout === "NCHW"
  );
}

function isSoundUse({ provider, requires }: ModelFile): boolean {
  return ["wasm", "webgpu", "any"].includes(provider) && (requires === undefined || requires === "shader-f16");
}

function isSoundFile({ path, sha256 }: ShippedFile): boolean {
  return /^[0-9a-f]{64}$/.test(sha256) && /^[a-z0-9./-]+$/.test(path);
}

/**
 * The file that a model is run from: on a graphics card one that its features allow, the one that asks the most of them
 * first; without a card, or where the row has none for it, the one for WebAssembly.
 * @param features of the card; undefined when none serves.
 */
export function chooseFile(
  { files }: Pick<ImageModelRow, "files">,
  features?: readonly string[],
): ModelFile | undefined {
  const forCard = files.filter(
    ({ provider, requires }) => provider === "webgpu" && (!requires || features?.includes(requires)),
  );
  const best = forCard.find(({ requires }) => requires) ?? forCard[0];
  return (features && best) ?? files.find(({ provider }) => provider === "wasm");
}

/** `name@version`, the way a model is named in signals, journals and reports. */
export function modelName(row: Pick<ModelRow, "id" | "version">): string {
  return `${row.id}@${row.version}`;
}

/** The rows of one kind, in the catalogue's order. */
export function rowsOf<K extends ModelRow["kind"]>({ models }: Catalog, kind: K): Extract<ModelRow, { kind: K }>[] {
  return models.filter((row): row is Extract<ModelRow, { kind: K }> => row.kind === kind);
}
