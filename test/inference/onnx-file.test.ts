import { readFile } from "node:fs/promises";
import fc from "fast-check";
import type { InferenceSession } from "onnxruntime-web/wasm";
import { expect, test } from "vitest";
import { withoutWeights } from "../../src/inference/onnx-file.ts";
import { runtime } from "../../src/inference/runtime.ts";

const model = async (path: string) => new Uint8Array(await readFile(new URL(`../../models/${path}`, import.meta.url)));
const NETWORK = "nsfw-open-nsfw/model.int8.onnx";

async function answerOf(file: Uint8Array, options: InferenceSession.SessionOptions = {}): Promise<number[]> {
  const { InferenceSession, Tensor } = await runtime();
  const session = await InferenceSession.create(file, { executionProviders: ["wasm"], ...options });
  const side = 224;
  const input = new Tensor(
    Float32Array.from({ length: 3 * side * side }, (_, i) => i % 251),
    [1, 3, side, side],
  );
  const outputs = await session.run({ [session.inputNames[0] as string]: input });
  await session.release();
  return Object.values(outputs).flatMap(({ data }) => Array.from(data as Float32Array));
}

test("with the file beside it, a network without its weights answers as the whole one does", async () => {
  const file = await model(NETWORK);
  const graph = withoutWeights(file, "file");
  expect(graph.length).toBeLessThan(0.05 * file.length);
  expect(await answerOf(graph, { externalData: [{ path: "file", data: file }] })).toEqual(await answerOf(file));
  await expect(answerOf(graph)).rejects.toThrow(/external/i);
});

test("small weights stay, and what has no others stays as it is", async () => {
  const tiny = await model("self-check/tiny.onnx");
  const graph = withoutWeights(tiny, "file");
  expect(withoutWeights(graph, "another")).toEqual(graph);
});

test("a file that is cut off is refused, or what is left of it is kept", async () => {
  const file = await model(NETWORK);
  const at = fc.integer({ min: 0, max: file.length - 1 });
  fc.assert(fc.property(at, (end) => refusedOrNoLonger(file.subarray(0, end))));
});

test("whatever else it is given is refused or kept, without an end", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), refusedOrNoLonger));
});

function refusedOrNoLonger(file: Uint8Array): void {
  try {
    expect(withoutWeights(file, "file").length).toBeLessThanOrEqual(file.length);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
}
