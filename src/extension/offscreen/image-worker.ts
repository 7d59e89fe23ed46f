import { detectAll } from "../../core/detector.ts";
import { failureOf, WardlightError } from "../../core/errors.ts";
import { MAX_PIXELS } from "../../core/image/pixels.ts";
import type { Context, Detector, ImageSubject, PackPin, Pixels } from "../../core/types.ts";
import { measureAll, openDetectors, trial } from "./image-engine.ts";
import { tryStored } from "./pack-trial.ts";
import type { Picture } from "./pictures.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";
import { serveWorker } from "./worker-server.ts";

/** A picture as it comes to the image worker. */
export interface PictureInput {
  readonly id: string;
  readonly context: Context;
  readonly picture: Picture;
}

let packs: readonly PackPin[] = [];
let detectors: Promise<Detector<ImageSubject>[]> | undefined;

serveWorker<PictureInput>(async (inputs, signal, noGpu) => {
  detectors ??= openDetectors(packs, noGpu);
  const ready = await detectors;
  const subjects = await Promise.all(
    inputs.map(async ({ id, context, picture }) => {
      return { kind: "image", id, context, pixels: await decode(picture) } as const;
    }),
  );
  return detectAll(ready, subjects, signal);
});

addEventListener("message", async ({ data }: MessageEvent<ToWorker<PictureInput>>) => {
  const answer = (message: FromWorker) => postMessage(message);
  if (data.kind === "packs") packs = data.packs;
  if (data.kind === "checkGpu") answer({ kind: "checkedGpu", report: (await trial(data.mayBeSoftware)).report });
  if (data.kind === "tryPack")
    answer({ kind: "triedPack", trial: await tryStored(data, readPicture).catch(failureOf) });
  if (data.kind === "measure") {
    const measured = await readPicture("control")
      .then((pixels) => measureAll(packs, pixels))
      .catch(failureOf);
    answer({ kind: "measured", measured });
  }
});

/** One of the two packaged pictures. */
async function readPicture(name: "card" | "control"): Promise<Pixels> {
  const response = await fetch(new URL(`/test-card/${name}.png`, self.location.origin));
  return decode(await response.blob());
}

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
