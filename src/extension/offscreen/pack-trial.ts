import { WardlightError } from "../../core/errors.ts";
import type { Detector, ImageSubject, PackPin, Pixels, Signal } from "../../core/types.ts";
import { openPack } from "../../inference/pack.ts";
import { openPackFiles } from "../../storage/packs.ts";
import type { PackTrial } from "../messages.ts";

const NEVER = new AbortController().signal;

/** Opens a pack whose file lies in the database, in this worker. @throws WardlightError as `openPack` does. */
export function openStored(pin: Pick<PackPin, "sha256">): Promise<Detector<ImageSubject>> {
  return openPack(pin, openPackFiles().read);
}

/**
 * Runs a pack on the packaged pictures, once each.
 * @throws WardlightError as `openPack` and its detector do, and `model` for one that says the same of both pictures.
 */
export async function tryStored(
  file: Pick<PackPin, "sha256">,
  read: (name: "card" | "control") => Promise<Pixels>,
): Promise<PackTrial> {
  const detector = await openStored(file);
  const card = await ask(detector, await read("card"));
  const control = await read("control");
  const startedAt = performance.now();
  const plain = await ask(detector, control);
  const latencyMs = performance.now() - startedAt;
  if (JSON.stringify(card.evidence) === JSON.stringify(plain.evidence)) {
    throw new WardlightError(
      "model",
      "The pack says exactly the same of two very different pictures: it judges nothing.",
    );
  }
  return { card: card.score, control: plain.score, latencyMs };
}

async function ask(detector: Detector<ImageSubject>, pixels: Pixels): Promise<Signal> {
  const [signals = []] = await detector.detect([{ kind: "image", id: "trial", context: "page", pixels }], NEVER);
  const found = signals.find(({ category }) => category === "sexual");
  if (!found) throw new WardlightError("model", "The pack says nothing of the category sexual.");
  return found;
}

/** The first two are left out: the runtime still compiles and plans then. */
const RUNS = 9;
const UNCOUNTED = 2;

/** Median time of one picture, preparation included. */
export async function timeOf(detector: Detector<ImageSubject>, pixels: Pixels): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedAt = performance.now();
    await detector.detect([{ kind: "image", id: "measure", context: "page", pixels }], NEVER);
    if (run >= UNCOUNTED) times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}
