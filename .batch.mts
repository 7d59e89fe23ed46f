import * as ort from "onnxruntime-web/wasm";
import { readFile } from "node:fs/promises";
ort.env.wasm.numThreads = 1;
for (const f of ["nsfw-mobilenet-v2/model.onnx","nsfw-open-nsfw/model.int8.onnx"]) {
  const t0=performance.now();
  const s = await ort.InferenceSession.create(new Uint8Array(await readFile("models/"+f)), {executionProviders:["wasm"]});
  console.log(f,"open",(performance.now()-t0)|0);
  const best: Record<number,number> = {};
  for (let round=0; round<6; round++) for (const n of [1,2,4,8]) {
    const x = new Float32Array(n*3*224*224).map((_,i)=>Math.sin(i*.37)*.5+.5);
    const c0=process.cpuUsage(); await s.run({input:new ort.Tensor("float32",x,[n,3,224,224])}); const c=process.cpuUsage(c0);
    best[n]=Math.min(best[n]??1e9,(c.user+c.system)/1000/n);
  }
  console.log(best);
}
