import type { Provider } from "../core/provider.ts";

/** ONNX Runtime Web, in either build. */
export type Runtime = typeof import("onnxruntime-web/wasm");

const BUILDS: Readonly<Record<Provider, () => Promise<Runtime>>> = {
  wasm: () => import("onnxruntime-web/wasm"),
  // Twice the time to start, and needs JSPI; it serves WebAssembly too, with the same numbers at the same speed.
  webgpu: () => import("onnxruntime-web/jspi"),
};

let base: string | undefined;
let threads = 1;
let chosen: Promise<Runtime> | undefined;

/**
 * Where the runtime's own files lie, when not beside its module: an address that ends in a slash.
 * @param count of threads on WebAssembly, where the realm may share memory between them.
 */
export function useRuntimeFrom(address: string, count = 1): void {
  base = address;
  threads = count;
}

/**
 * The one runtime of this realm. The first call fixes its build, `wasm` unless told otherwise, so that no realm holds
 * two; whoever wants the other one needs another realm.
 */
export function runtime(build: Provider = "wasm"): Promise<Runtime> {
  chosen ??= open(build);
  return chosen;
}

async function open(build: Provider): Promise<Runtime> {
  const ort = await BUILDS[build]();
  ort.env.wasm.numThreads = build === "wasm" ? threads : 1;
  if (base) ort.env.wasm.wasmPaths = base;
  return ort;
}
