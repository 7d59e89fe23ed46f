// The least that can be done to judge a picture: decode it, scale it down, run the light network.
import * as ort from "/ort/ort.wasm.min.mjs";

ort.env.wasm.wasmPaths = "/ort/";
ort.env.wasm.numThreads = 1;
const { input } = await (await fetch("/light.json")).json();
const session = await ort.InferenceSession.create(await (await fetch("/light.onnx")).arrayBuffer(), {
  executionProviders: ["wasm"],
});
const canvas = new OffscreenCanvas(input.width, input.height).getContext("2d", { willReadFrequently: true });

globalThis.peer = {
  /** @param {Blob} file */
  async judge(file) {
    const bitmap = await createImageBitmap(file);
    canvas.drawImage(bitmap, 0, 0, input.width, input.height);
    bitmap.close();
    const { data } = canvas.getImageData(0, 0, input.width, input.height);
    const plane = input.width * input.height;
    const tensor = new Float32Array(3 * plane);
    for (let i = 0; i < plane; i++) {
      for (let c = 0; c < 3; c++) tensor[c * plane + i] = data[4 * i + c] * input.scale - input.mean[c];
    }
    const feed = { [input.name]: new ort.Tensor("float32", tensor, [1, 3, input.height, input.width]) };
    return await session.run(feed);
  },
};
