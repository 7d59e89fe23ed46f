import type { Card } from "../core/provider.ts";

/** Programs that pass for graphics cards; `isFallbackAdapter` is not set by every browser. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|\bwarp\b|basic render|\bsoftware\b/i;

/** What the runtime uses of a device where the adapter has it. */
const FEATURES: readonly GPUFeatureName[] = ["shader-f16", "subgroups"];
const LIMITS = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
] as const satisfies readonly (keyof GPUSupportedLimits)[];

export interface FoundAdapter {
  readonly adapter: GPUAdapter;
  readonly card: Card;
}

/** WebGPU as this realm has it; undefined also where the runtime could not wait for it (no JSPI). */
export function webGpu(): GPU | undefined {
  return "Suspending" in WebAssembly ? globalThis.navigator?.gpu : undefined;
}

/** The adapter that the browser prefers, and what it says of itself; undefined where there is none. */
export async function findAdapter(gpu: Pick<GPU, "requestAdapter">): Promise<FoundAdapter | undefined> {
  const adapter = await gpu.requestAdapter();
  return adapter ? { adapter, card: cardOf(adapter) } : undefined;
}

function cardOf({ info, features }: Pick<GPUAdapter, "info" | "features">): Card {
  const names = [info.vendor, info.architecture, info.device, info.description].filter(Boolean);
  const name = [...new Set(names)].join(" ");
  return { name, isSoftware: info.isFallbackAdapter || SOFTWARE.test(name), features: [...features].sort() };
}

/** A device with all that the runtime can use of the adapter. */
export function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  return adapter.requestDevice({
    requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
  });
}
