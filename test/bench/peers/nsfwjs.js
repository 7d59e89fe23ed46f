// nsfwjs as its documentation has it run: its default network on the WebAssembly backend, here with one thread.
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { load } from "nsfwjs/core";
import { MobileNetV2Model } from "nsfwjs/models/mobilenet_v2";

setWasmPaths("/tfjs-wasm/");
setThreadsCount(1);
await tf.setBackend("wasm");
await tf.ready();
const model = await load("MobileNetV2", { modelDefinitions: [MobileNetV2Model] });

globalThis.peer = {
  backend: tf.getBackend(),
  /** @param {Blob} file */
  async judge(file) {
    const bitmap = await createImageBitmap(file);
    const classes = await model.classify(bitmap);
    bitmap.close();
    return Object.fromEntries(classes.map(({ className, probability }) => [className, probability]));
  },
};
