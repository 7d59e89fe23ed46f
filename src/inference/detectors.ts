import { type Catalog, rowsOf } from "../core/catalog.ts";
import { deferred } from "../core/detector.ts";
import { nsfwDetector } from "../core/image/nsfw.ts";
import type { Detector, ImageSubject, UrlSubject } from "../core/types.ts";
import type { Gpu } from "./gpu.ts";
import { openImageModel } from "./image-model.ts";
import { named, type ReadModel } from "./load.ts";
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

/** The catalogue's models of addresses, likewise. */
export function urlModelsOf(catalog: Catalog, read: ReadModel): Detector<UrlSubject>[] {
  return rowsOf(catalog, "url-forest").map((row) =>
    deferred({ id: "url/phishing", kind: "url", categories: [row.category] }, () =>
      named(row, () => openUrlModel(row, read)),
    ),
  );
}
