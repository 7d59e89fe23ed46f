import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { modelName, parseCatalog, rowsOf } from "../../core/catalog.ts";
import { detectAll } from "../../core/detector.ts";
import { heuristicDetector } from "../../core/image/appearance.ts";
import { HARMLESS_BELOW, picturePipeline } from "../../core/image/ensemble.ts";
import { type Gallery, recognising } from "../../core/image/likeness.ts";
import { locate } from "../../core/image/occlusion.ts";
import type { NoGpu } from "../../core/provider.ts";
import type { Detector, Finding, ImageSubject, Region } from "../../core/types.ts";
import { networksOf } from "../../inference/detectors.ts";
import { type Gpu, type GpuTrial, tryGpu, useGpu } from "../../inference/gpu.ts";
import { providerOf } from "../../inference/image-model.ts";
import { loadModelFile } from "../../inference/load.ts";
import { useRuntimeFrom } from "../../inference/runtime.ts";
import { readModel } from "./packaged.ts";
import type { FromWorker } from "./worker-protocol.ts";

const catalog = parseCatalog(catalogJson);
const tell = (message: FromWorker) => postMessage(message);

/** Has the graphics card run the tiny network here, in this worker. */
export function trial(mayBeSoftware: boolean): Promise<GpuTrial> {
  useRuntimeFrom(new URL("/ort/", self.location.origin).href);
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
 * @param noGpu why not even to try.
 */
export async function openEngine(noGpu?: NoGpu): Promise<Engine> {
  const networks = await openNetworks(noGpu);
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

async function openNetworks(noGpu?: NoGpu): Promise<Detector<ImageSubject>[]> {
  const { report, device } = noGpu ? { report: { noGpu } } : await trial(false);
  if (report.noGpu === "selfCheck" && !noGpu) return giveUp(report.noGpu, report.detail ?? "");
  const gpu = device && useGpu(device, giveUp);
  return gpu ? openOn(gpu) : openOn(undefined, report.noGpu);
}

function openOn(gpu: Gpu | undefined, noGpu?: NoGpu): Detector<ImageSubject>[] {
  useRuntimeFrom(new URL("/ort/", self.location.origin).href);
  const providers = rowsOf(catalog, "image").map((row) => [modelName(row), providerOf(row, gpu)]);
  tell({ kind: "serving", providers: Object.fromEntries(providers), ...(noGpu ? { noGpu } : {}) });
  return networksOf(catalog, readModel, gpu);
}

function giveUp(noGpu: NoGpu, detail: string): Promise<never> {
  console.warn(`The graphics card is given up (${noGpu}). ${detail}`);
  tell({ kind: "gaveUp", noGpu, detail });
  return new Promise<never>(() => {});
}
