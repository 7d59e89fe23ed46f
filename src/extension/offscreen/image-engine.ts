import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { modelName, parseCatalog, rowsOf } from "../../core/catalog.ts";
import { deferred, detectAll, optional } from "../../core/detector.ts";
import { failureOf } from "../../core/errors.ts";
import { heuristicDetector } from "../../core/image/appearance.ts";
import { HARMLESS_BELOW, picturePipeline } from "../../core/image/ensemble.ts";
import { type Gallery, recognising } from "../../core/image/likeness.ts";
import { locate } from "../../core/image/occlusion.ts";
import { packDetectorId } from "../../core/pack-pins.ts";
import type { NoGpu, Provider } from "../../core/provider.ts";
import type { Detector, Finding, ImageSubject, PackPin, Pixels, Region } from "../../core/types.ts";
import { networksOf } from "../../inference/detectors.ts";
import { type Gpu, type GpuTrial, tryGpu, useGpu } from "../../inference/gpu.ts";
import { providerOf } from "../../inference/image-model.ts";
import { loadModelFile } from "../../inference/load.ts";
import type { Measurement } from "../messages.ts";
import { openStored, timeOf } from "./pack-trial.ts";
import { readModel } from "./packaged.ts";
import type { FromWorker } from "./worker-protocol.ts";

const catalog = parseCatalog(catalogJson);
const tell = (message: FromWorker) => postMessage(message);

/** Has the graphics card run the tiny network here, in this worker. */
export function trial(mayBeSoftware: boolean): Promise<GpuTrial> {
  return tryGpu(() => loadModelFile(catalog.selfCheck, readModel), mayBeSoftware);
}

/** The picture networks and what stands around them. */
export interface Engine {
  /** One finding a subject, in order; where the networks fail, it holds what colour and shape alone suggest. */
  detect(subjects: readonly ImageSubject[], gallery: Gallery, room: string, signal: AbortSignal): Promise<Finding[]>;
  /** Where the evidence against a picture lies; empty where it is everywhere. */
  locate(subject: ImageSubject, signal: AbortSignal): Promise<Region[]>;
}

/**
 * Opens the picture networks, on the graphics card where there is one that can be trusted, and tells the client which
 * it is. When the card fails, now or later, the client is told, and nothing is answered any more.
 * @param packs that the user trusts.
 * @param noGpu why not even to try.
 */
export async function openEngine(packs: readonly PackPin[], noGpu?: NoGpu): Promise<Engine> {
  const networks = await openNetworks(noGpu, packs);
  const pipeline = picturePipeline(networks);
  return {
    detect: (...request) => detect(pipeline, ...request),
    locate: async (subject, signal) => (networks[0] ? locate(networks[0], subject, HARMLESS_BELOW, signal) : []),
  };
}

async function detect(
  pipeline: readonly Detector<ImageSubject>[],
  subjects: readonly ImageSubject[],
  gallery: Gallery,
  room: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  const known = new Set<ImageSubject>();
  const detectors = pipeline.map((detector) => recognising(detector, gallery, room, (subject) => known.add(subject)));
  const findings = await detectAll(detectors, subjects, signal);
  const failed = subjects.filter((_, i) => findings[i]?.failure);
  const guesses = failed.length > 0 ? await heuristicDetector().detect(failed, signal) : [];
  return findings.map((finding, i) => {
    if (finding.failure) return { ...finding, signals: guesses.shift() ?? [] };
    const subject = subjects[i];
    return subject && known.has(subject) ? { ...finding, recalled: "likeness" } : finding;
  });
}

async function openNetworks(noGpu: NoGpu | undefined, packs: readonly PackPin[]): Promise<Detector<ImageSubject>[]> {
  const { gpu, report } = await findGpu(noGpu);
  const ofPacks = inUse(packs).map((pin): [string, Provider] => [modelName(pin), "wasm"]);
  const providers = { ...providersOf(gpu), ...Object.fromEntries(ofPacks) };
  tell({ kind: "serving", providers, ...(!gpu && report.noGpu ? { noGpu: report.noGpu } : {}) });
  return [...networksOf(catalog, readModel, gpu), ...packsOf(packs)];
}

/** How long each network in use takes for this picture, one after the other. A pack that fails is left out. */
export async function measureAll(packs: readonly PackPin[], pixels: Pixels): Promise<Measurement[]> {
  const { gpu } = await findGpu();
  const measured: Measurement[] = [];
  const providers = providersOf(gpu);
  for (const [i, detector] of networksOf(catalog, readModel, gpu).entries()) {
    const id = Object.keys(providers)[i] ?? detector.id;
    measured.push({ id, latencyMs: await timeOf(detector, pixels), provider: providers[id] ?? "wasm" });
  }
  for (const pin of inUse(packs)) {
    const latencyMs = await openStored(pin)
      .then((detector) => timeOf(detector, pixels))
      .catch(() => undefined);
    if (latencyMs !== undefined) measured.push({ id: modelName(pin), latencyMs, provider: "wasm" });
  }
  return measured;
}

async function findGpu(noGpu?: NoGpu): Promise<{ gpu?: Gpu; report: GpuTrial["report"] }> {
  const { report, device } = noGpu ? { report: { noGpu } } : await trial(false);
  if (report.noGpu === "selfCheck" && !noGpu) return giveUp(report.noGpu, report.detail ?? "");
  return device ? { gpu: useGpu(device, giveUp), report } : { report };
}

function providersOf(gpu: Gpu | undefined): Record<string, Provider> {
  return Object.fromEntries(rowsOf(catalog, "image").map((row) => [modelName(row), providerOf(row, gpu)]));
}

function inUse(packs: readonly PackPin[]): PackPin[] {
  return packs.filter(({ isEnabled }) => isEnabled);
}

/** One that fails costs its own opinion alone: what is packaged decides as it would without, and the client is told. */
function packsOf(packs: readonly PackPin[]): Detector<ImageSubject>[] {
  return inUse(packs).map((pin) => {
    const identity = { id: packDetectorId(pin), kind: "image", categories: pin.categories } as const;
    return optional(
      deferred(identity, () => openStored(pin)),
      (error) => {
        tell({ kind: "packFailed", failure: { ...failureOf(error), model: modelName(pin) } });
      },
    );
  });
}

function giveUp(noGpu: NoGpu, detail: string): Promise<never> {
  console.warn(`The graphics card is given up (${noGpu}). ${detail}`);
  tell({ kind: "gaveUp", noGpu, detail });
  return new Promise<never>(() => {});
}
