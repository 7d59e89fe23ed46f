import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { modelName, parseCatalog, rowsOf } from "../../core/catalog.ts";
import { pictureCascade } from "../../core/image/ensemble.ts";
import type { NoGpu } from "../../core/provider.ts";
import type { Detector, ImageSubject } from "../../core/types.ts";
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

/**
 * Opens the picture networks, on the graphics card where there is one that can be trusted, and tells the client which
 * it is. When the card fails, now or later, the client is told, and nothing is answered any more.
 * @param noGpu why not even to try.
 */
export async function openDetectors(noGpu?: NoGpu): Promise<Detector<ImageSubject>[]> {
  const { report, device } = noGpu ? { report: { noGpu } } : await trial(false);
  if (report.noGpu === "selfCheck" && !noGpu) return giveUp(report.noGpu, report.detail ?? "");
  const gpu = device && useGpu(device, giveUp);
  return gpu ? openOn(gpu) : openOn(undefined, report.noGpu);
}

function openOn(gpu: Gpu | undefined, noGpu?: NoGpu): Detector<ImageSubject>[] {
  useRuntimeFrom(new URL("/ort/", self.location.origin).href);
  const providers = rowsOf(catalog, "image").map((row) => [modelName(row), providerOf(row, gpu)]);
  tell({ kind: "serving", providers: Object.fromEntries(providers), ...(noGpu ? { noGpu } : {}) });
  return pictureCascade(networksOf(catalog, readModel, gpu));
}

function giveUp(noGpu: NoGpu, detail: string): Promise<never> {
  console.warn(`The graphics card is given up (${noGpu}). ${detail}`);
  tell({ kind: "gaveUp", noGpu, detail });
  return new Promise<never>(() => {});
}
