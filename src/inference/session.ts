import type { InferenceSession } from "onnxruntime-web/wasm";
import { WardlightError } from "../core/errors.ts";
import { areFinite } from "../core/math.ts";
import { withoutWeights } from "./onnx-file.ts";
import { type Runtime, runtime } from "./runtime.ts";

/** What the runtime knows a network's own file by. */
const FILE = "weights";

/** What a network is given under one name: float32, or integers, which go in as int64. */
export interface Feed {
  readonly values: Float32Array | Int32Array;
  readonly dims: readonly number[];
}

/** A loaded network with any number of inputs and float32 outputs. */
export interface Graph {
  /**
   * The named outputs, in the order in which they were asked for when it was opened.
   * @throws WardlightError `model` when the network fails or answers with anything but finite numbers.
   */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** A loaded network, one float32 input and one float32 output at a time. */
export interface Session {
  /** @throws WardlightError `model` when the network fails or answers with anything but finite numbers. */
  run(input: Float32Array, dims: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** A network's file and the names of its one input and one output. */
export interface Network {
  readonly bytes: Uint8Array;
  readonly input: string;
  readonly output: string;
}

/**
 * Opens a network on a graphics card's device, or on WebAssembly.
 * @throws WardlightError `model` when the runtime cannot be started or the file is not a network that it can run.
 */
export async function openSession({ bytes, input, output }: Network, device?: GPUDevice): Promise<Session> {
  const graph = await openGraph(bytes, [output], device);
  return {
    async run(values, dims) {
      const [answer] = await graph.run({ [input]: { values, dims } });
      return answer as Float32Array;
    },
    close: graph.close,
  };
}

/** Likewise, for a network with more inputs or outputs than one. */
export async function openGraph(bytes: Uint8Array, outputs: readonly string[], device?: GPUDevice): Promise<Graph> {
  const ort = await runtime(device ? "webgpu" : "wasm");
  const opened = device
    ? create(ort, bytes, { executionProviders: [{ name: "webgpu", device }] })
    : createOnWasm(ort, bytes);
  const session = await opened.catch(failed("load"));
  return {
    async run(feeds) {
      const call = async () => session.run(tensorsOf(ort, feeds));
      const results = await inTurn(call).catch(failed("run"));
      return outputs.map((name) => numbersOf(results, name));
    },
    close: () => session.release(),
  };
}

function tensorsOf({ Tensor }: Runtime, feeds: Readonly<Record<string, Feed>>) {
  const tensors = Object.entries(feeds).map(([name, { values, dims }]) => {
    const isReal = values instanceof Float32Array;
    return [name, isReal ? new Tensor(values, dims) : new Tensor(BigInt64Array.from(values, BigInt), dims)] as const;
  });
  return Object.fromEntries(tensors);
}

async function createOnWasm(ort: Runtime, bytes: Uint8Array): Promise<InferenceSession> {
  const graph = withoutWeights(bytes, FILE);
  return create(ort, graph, {
    executionProviders: ["wasm"],
    externalData: [{ path: FILE, data: bytes }],
    // A thread that waits for the next step sleeps.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  });
}

/** On its own, since what `run` closes over would keep the file in memory beside the network that was made of it. */
function create({ InferenceSession }: Runtime, bytes: Uint8Array, options: InferenceSession.SessionOptions) {
  return inTurn(() => InferenceSession.create(bytes, options));
}

let last: Promise<unknown> = Promise.resolve();

/** A run that waits for the card leaves its frames on the runtime's one stack: no other call may come in between. */
function inTurn<T>(call: () => Promise<T>): Promise<T> {
  const mine = last.then(call, call);
  last = mine;
  return mine;
}

function numbersOf(results: InferenceSession.ReturnType, name: string): Float32Array {
  const output = results[name];
  const data = output?.data;
  if (!(data instanceof Float32Array) || !areFinite(data)) {
    throw new WardlightError("model", `The network's output "${name}" is not made of finite numbers.`);
  }
  const copy = data.slice();
  output?.dispose();
  return copy;
}

function failed(what: "load" | "run") {
  return (cause: unknown): never => {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new WardlightError("model", `The network could not be ${what === "load" ? "loaded" : "run"}: ${detail}`, {
      cause,
    });
  };
}
