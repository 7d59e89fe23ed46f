import { WardlightError } from "./errors.ts";
import { CATEGORIES, type Category } from "./types.ts";

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

/** One file of a model, for one execution provider. */
export interface ModelFile {
  /** Relative to the folder of models. */
  readonly path: string;
  readonly provider: "wasm" | "webgpu" | "any";
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
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

/** A linear model of text: its one file says the rest. */
export interface TextModelRow {
  readonly id: string;
  readonly version: string;
  readonly kind: "text-linear";
  readonly status: "active";
  readonly files: readonly ModelFile[];
  readonly category: Category;
}

export type ModelRow = ImageModelRow | TextModelRow;

export interface Catalog {
  readonly models: readonly ModelRow[];
  readonly lists: readonly ListRow[];
}

/**
 * Reads `models/catalog.json`.
 * @throws WardlightError `validation`, naming the row that is wrong.
 */
export function parseCatalog(json: unknown): Catalog {
  const { models, lists } = json as Catalog;
  const wrong = models.find((row) => !isSoundModel(row)) ?? lists.find((row) => !CATEGORIES.includes(row.category));
  if (wrong) throw new WardlightError("validation", `The catalogue's row "${wrong.id}" is not valid.`);
  return { models, lists };
}

function isSoundModel(row: ModelRow): boolean {
  const isKnown = row.kind === "text-linear" || (row.kind === "image" && isSoundClassifier(row));
  const areFilesSound = row.files.every(
    (file) => /^[0-9a-f]{64}$/.test(file.sha256) && /^[a-z0-9./-]+$/.test(file.path),
  );
  return isKnown && row.files.length > 0 && areFilesSound && CATEGORIES.includes(row.category);
}

function isSoundClassifier({ positive, input, output }: ImageModelRow): boolean {
  return (
    positive.every((name) => output.classes.includes(name)) &&
    (input.channels === "RGB" || input.channels === "BGR") &&
    input.resize === "bilinear-align-corners" &&
    input.layout === "NCHW"
  );
}

/** `name@version`, the way a model is named in signals, journals and reports. */
export function modelName(row: Pick<ModelRow, "id" | "version">): string {
  return `${row.id}@${row.version}`;
}

/** The rows of one kind, in the catalogue's order. */
export function rowsOf<K extends ModelRow["kind"]>({ models }: Catalog, kind: K): Extract<ModelRow, { kind: K }>[] {
  return models.filter((row): row is Extract<ModelRow, { kind: K }> => row.kind === kind);
}
