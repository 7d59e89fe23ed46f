import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../core/catalog.ts";
import { detectAll } from "../../core/detector.ts";
import { WardlightError } from "../../core/errors.ts";
import { pictureCascade } from "../../core/image/ensemble.ts";
import { MAX_PIXELS } from "../../core/image/pixels.ts";
import type { Context, Pixels } from "../../core/types.ts";
import { networksOf } from "../../inference/detectors.ts";
import { useRuntimeFrom } from "../../inference/session.ts";
import { readModel } from "./packaged.ts";
import type { Picture } from "./pictures.ts";
import { serveWorker } from "./worker-server.ts";

/** A picture as it comes to the image worker. */
export interface PictureInput {
  readonly id: string;
  readonly context: Context;
  readonly picture: Picture;
}

useRuntimeFrom(new URL("/ort/", self.location.origin).href);
const detectors = pictureCascade(networksOf(parseCatalog(catalogJson), readModel));

serveWorker<PictureInput>(async (inputs, signal) => {
  const subjects = await Promise.all(
    inputs.map(async ({ id, context, picture }) => {
      return { kind: "image", id, context, pixels: await decode(picture) } as const;
    }),
  );
  return detectAll(detectors, subjects, signal);
});

/** The picture as a page would paint it, except that colours are taken as they are stored. */
async function decode(picture: Picture): Promise<Pixels> {
  const bitmap = await bitmapOf(picture);
  const { width, height } = bitmap;
  try {
    if (width * height > MAX_PIXELS) {
      throw new WardlightError("resource", `The picture is too large to be judged (${width} × ${height} pixels).`);
    }
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (!context) throw new WardlightError("resource", "There is no memory to decode the picture in.");
    context.drawImage(bitmap, 0, 0);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}

async function bitmapOf(picture: Picture): Promise<ImageBitmap> {
  if (picture instanceof ImageBitmap) return picture;
  return createImageBitmap(picture, { colorSpaceConversion: "none" }).catch((cause: unknown) => {
    throw new WardlightError("validation", "The picture's file is damaged, or of a kind that cannot be decoded.", {
      cause,
    });
  });
}
