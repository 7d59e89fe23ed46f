import { failureOf, WardlightError } from "../../core/errors.ts";
import { worstOf } from "../../core/image/frames.ts";
import { Gallery } from "../../core/image/likeness.ts";
import { release } from "../../core/release.ts";
import type { Context, Finding, PackPin, Pixels } from "../../core/types.ts";
import { framesOf } from "./decode.ts";
import { type Engine, measureAll, openEngine, trial } from "./image-engine.ts";
import { tryStored } from "./pack-trial.ts";
import { usePackagedRuntime } from "./packaged.ts";
import type { Picture } from "./pictures.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";
import { serveWorker } from "./worker-server.ts";

/** A picture as it comes to the image worker. */
export interface PictureInput {
  readonly id: string;
  readonly context: Context;
  readonly picture: Picture;
  /** The site and kind of window in which it may be recognised. */
  readonly room: string;
  /** Ask where the evidence lies, rather than what it is; of a picture with one frame. */
  readonly isLocated?: boolean;
}

/** At 5 KB each. */
const GALLERY = 400;

/** A picture's answer comes a fifth sooner, for some 7 MB; more would leave the page no processor. */
const THREADS = 2;

usePackagedRuntime(THREADS);
const gallery = new Gallery(GALLERY);
let packs: readonly PackPin[] = [];
let engine: Promise<Engine> | undefined;

serveWorker<PictureInput>(async (inputs, signal, noGpu) => {
  engine ??= openEngine(packs, noGpu);
  const ready = await engine;
  return Promise.all(inputs.map((input) => judge(input, ready, signal)));
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

async function judge(input: PictureInput, engine: Engine, signal: AbortSignal): Promise<Finding> {
  const { id, context, picture, room, isLocated } = input;
  const frames = await framesOf(picture);
  const subjects = frames.map((pixels) => ({ kind: "image", id, context, pixels }) as const);
  const [first, ...others] = subjects;
  try {
    if (!first || !isLocated) return worstOf(await engine.detect(subjects, gallery, room, signal));
    // Of what moves, the rest would have to be judged frame by frame.
    return { signals: [], regions: others.length > 0 ? [] : await engine.locate(first, signal) };
  } finally {
    for (const { data } of frames) release(data);
    if ("bytes" in picture) release(picture.bytes);
  }
}

/** One of the two packaged pictures. */
async function readPicture(name: "card" | "control"): Promise<Pixels> {
  const response = await fetch(new URL(`/test-card/${name}.png`, self.location.origin));
  const [pixels] = await framesOf({ bytes: await response.bytes(), type: "" });
  if (!pixels) throw new WardlightError("resource", "A picture of the package cannot be read.");
  return pixels;
}
