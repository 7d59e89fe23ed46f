import { useRuntimeFrom } from "../../inference/runtime.ts";

/** Reads a file under `models/` of the package that this Worker belongs to; Workers have no extension API to ask. */
export async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`/models/${path}`, self.location.origin));
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The runtime's own files lie in `ort/`, not beside the workers; to be called before a model is opened.
 * @param threads wanted; Firefox shares no memory between those of an extension, and gives one.
 */
export function usePackagedRuntime(threads = 1): void {
  const most = "SharedArrayBuffer" in globalThis ? navigator.hardwareConcurrency : 1;
  useRuntimeFrom(new URL("/ort/", self.location.origin).href, Math.min(threads, most));
}
