import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../core/catalog.ts";
import { nsfwDetector } from "../../core/image/nsfw.ts";
import type { NoGpu } from "../../core/provider.ts";
import type { Detector, ImageSubject } from "../../core/types.ts";
import { type Gpu, type GpuTrial, tryGpu, useGpu } from "../../inference/gpu.ts";
import { openImageModel } from "../../inference/image-model.ts";
import { loadModelFile } from "../../inference/load.ts";
import { useRuntimeFrom } from "../../inference/runtime.ts";
import type { FromWorker, Serving } from "./worker-protocol.ts";

const { models, selfCheck } = parseCatalog(catalogJson);
const tell = (message: FromWorker) => postMessage(message);

/** Has the graphics card run the tiny network here, in this worker. */
export function trial(mayBeSoftware: boolean): Promise<GpuTrial> {
  useRuntimeFrom(new URL("/ort/", self.location.origin).href);
  return tryGpu(() => loadModelFile(selfCheck, readModel), mayBeSoftware);
}

/**
 * Opens every picture network, on the graphics card where there is one that can be trusted, and tells the client which
 * it is. When the card fails, now or later, the client is told, and nothing is answered any more.
 * @param noGpu why not even to try.
 */
export async function openDetectors(noGpu?: NoGpu): Promise<Detector<ImageSubject>[]> {
  const { report, device } = noGpu ? { report: { noGpu } } : await trial(false);
  if (report.noGpu === "selfCheck" && !noGpu) return giveUp(report.noGpu, report.detail ?? "");
  const gpu = device && useGpu(device, giveUp);
  return gpu ? openOn(gpu) : openOn(undefined, report.noGpu);
}

async function openOn(gpu: Gpu | undefined, noGpu?: NoGpu): Promise<Detector<ImageSubject>[]> {
  useRuntimeFrom(new URL("/ort/", self.location.origin).href);
  const opened = await Promise.all(
    models.map(async (row) => ({ row, model: await openImageModel(row, readModel, gpu) })),
  );
  const providers: Serving["providers"] = Object.fromEntries(opened.map(({ model }) => [model.id, model.provider]));
  tell({ kind: "serving", providers, ...(noGpu ? { noGpu } : {}) });
  return opened.map(({ row, model }) => nsfwDetector(row, model));
}

function giveUp(noGpu: NoGpu, detail: string): Promise<never> {
  console.warn(`The graphics card is given up (${noGpu}). ${detail}`);
  tell({ kind: "gaveUp", noGpu, detail });
  return new Promise<never>(() => {});
}

async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`/models/${path}`, self.location.origin));
  return new Uint8Array(await response.arrayBuffer());
}
