import { type Catalog, type ModelRow, modelName, rowsOf } from "../core/catalog.ts";
import { deferred } from "../core/detector.ts";
import { failureOf, WardlightError } from "../core/errors.ts";
import { nsfwDetector } from "../core/image/nsfw.ts";
import type { Detector, ImageSubject, TextSubject, UrlSubject } from "../core/types.ts";
import type { Gpu } from "./gpu.ts";
import { openImageModel } from "./image-model.ts";
import type { ReadModel } from "./load.ts";
import { openLinearModel } from "./text-model.ts";
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

/** The catalogue's linear models of text, likewise. */
export function linearsOf(catalog: Catalog, read: ReadModel): Detector<TextSubject>[] {
  return rowsOf(catalog, "text-linear").map((row) =>
    deferred({ id: "text/linear", kind: "text", categories: [row.category] }, () =>
      named(row, () => openLinearModel(row, read)),
    ),
  );
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
