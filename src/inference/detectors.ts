import { type Catalog, type ModelRow, modelName, rowsOf } from "../core/catalog.ts";
import { deferred } from "../core/detector.ts";
import { failureOf, WardlightError } from "../core/errors.ts";
import { nsfwDetector } from "../core/image/nsfw.ts";
import { LINEAR_ID, type LinearFamily, linearFamily } from "../core/text/linear.ts";
import { patternDetector } from "../core/text/patterns.ts";
import { piiDetector } from "../core/text/pii.ts";
import type { TextParts } from "../core/text/pipeline.ts";
import { secretDetector } from "../core/text/secrets.ts";
import type { Detector, ImageSubject, UrlSubject } from "../core/types.ts";
import type { Gpu } from "./gpu.ts";
import { openImageModel } from "./image-model.ts";
import { languageLabeller } from "./language.ts";
import type { ReadModel } from "./load.ts";
import { openTextEncoder } from "./text-encoder.ts";
import { openLinearHead } from "./text-model.ts";
import { openUrlModel } from "./url-model.ts";

/**
 * The catalogue's picture networks, in its order; each is loaded with the first picture that it is asked about, onto the
 * graphics card where there is one.
 */
export function networksOf(catalog: Catalog, read: ReadModel, gpu?: Gpu): Detector<ImageSubject>[] {
  return rowsOf(catalog, "image").map((row) =>
    deferred({ id: `image/${row.id}`, kind: "image", categories: [row.category] }, () =>
      named(row, async () => nsfwDetector(row, await openImageModel(row, read, gpu))),
    ),
  );
}

/** The judges of text: expressions, linear heads, and the catalogue's first text encoder, if it has one. */
export function textPartsOf(catalog: Catalog, read: ReadModel): TextParts {
  const [row] = rowsOf(catalog, "text-encoder");
  return {
    patterns: patternDetector(),
    finders: [piiDetector(), secretDetector()],
    linear: linearFamilyOf(catalog, read),
    language: languageLabeller(),
    encoder: row && { row, open: once(() => named(row, () => openTextEncoder(row, read))) },
  };
}

/** What fails once fails again with the same cause. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

/** The catalogue's linear heads of text as one family; all are loaded with the first text. */
export function linearFamilyOf(catalog: Catalog, read: ReadModel): LinearFamily {
  const rows = rowsOf(catalog, "text-linear");
  const open = once(async () =>
    linearFamily(await Promise.all(rows.map((row) => named(row, () => openLinearHead(row, read))))),
  );
  const categories = rows.flatMap(({ category }) => category ?? []);
  return {
    detector: deferred({ id: LINEAR_ID, kind: "text", categories }, async () => (await open()).detector),
    labeller: {
      id: LINEAR_ID,
      label: async (subjects, signal) => (await open()).labeller.label(subjects, signal),
    },
  };
}

/** The catalogue's models of addresses, likewise. */
export function urlModelsOf(catalog: Catalog, read: ReadModel): Detector<UrlSubject>[] {
  return rowsOf(catalog, "url-forest").map((row) =>
    deferred({ id: "url/phishing", kind: "url", categories: [row.category] }, () =>
      named(row, () => openUrlModel(row, read)),
    ),
  );
}

/** An error on opening says of which model it is, so that others are not blamed for it. */
async function named<T>(row: ModelRow, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const { code, message } = failureOf(cause);
    throw new WardlightError(code, message, { cause, model: modelName(row) });
  }
}
