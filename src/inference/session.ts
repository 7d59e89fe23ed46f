import * as ort from "onnxruntime-web/wasm";
import { WardlightError } from "../core/errors.ts";

/** A loaded network, one float32 input and one float32 output at a time. */
export interface Session {
  /** @throws WardlightError `model` when the network fails or answers with anything but finite numbers. */
  run(input: Float32Array, dims: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Where the runtime's own files lie, when not beside its module: an address that ends in a slash. */
export function useRuntimeFrom(base: string): void {
  ort.env.wasm.wasmPaths = {
    mjs: `${base}ort-wasm-simd-threaded.mjs`,
    wasm: `${base}ort-wasm-simd-threaded.wasm`,
  };
}

/** @throws WardlightError `model` when the runtime cannot be started or the file is not a network that it can run. */
export async function openSession(bytes: Uint8Array, inputName: string, outputName: string): Promise<Session> {
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }).catch(failed("load"));
  return {
    async run(input, dims) {
      const feeds = { [inputName]: new ort.Tensor("float32", input, dims) };
      const results = await session.run(feeds).catch(failed("run"));
      const output = results[outputName];
      const data = output?.data;
      if (!(data instanceof Float32Array) || !data.every(Number.isFinite)) {
        throw new WardlightError("model", `The network's output "${outputName}" is not made of finite numbers.`);
      }
      const copy = data.slice();
      output?.dispose();
      return copy;
    },
    close: () => session.release(),
  };
}

function failed(what: "load" | "run") {
  return (cause: unknown): never => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new WardlightError("model", `The network could not be ${what === "load" ? "loaded" : "run"}: ${detail}`, {
      cause,
    });
  };
}
