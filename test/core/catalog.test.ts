import { describe, expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { chooseFile, type ModelFile, parseCatalog, rowsOf } from "../../src/core/catalog.ts";

const file = (path: string, provider: ModelFile["provider"], requires?: "shader-f16"): ModelFile => ({
  path,
  provider,
  bytes: 1,
  sha256: "0".repeat(64),
  ...(requires ? { requires } : {}),
});
const WASM = file("a/wasm.onnx", "wasm");
const CARD = file("a/card.onnx", "webgpu");
const HALF = file("a/half.onnx", "webgpu", "shader-f16");

test.each([
  { files: [WASM, CARD, HALF], features: undefined, chosen: WASM },
  { files: [WASM, CARD, HALF], features: [], chosen: CARD },
  { files: [WASM, CARD, HALF], features: ["shader-f16"], chosen: HALF },
  { files: [WASM, HALF, CARD], features: ["subgroups"], chosen: CARD },
  { files: [WASM, HALF], features: ["subgroups"], chosen: WASM },
  { files: [WASM], features: ["shader-f16"], chosen: WASM },
  { files: [CARD], features: undefined, chosen: undefined },
])("of $files.length files with the features $features: $chosen.path", ({ files, features, chosen }) => {
  expect(chooseFile({ files }, features)).toBe(chosen);
});

describe("the catalogue", () => {
  const change = (files: unknown) => ({
    ...catalogJson,
    models: catalogJson.models.map((row) => ({ ...row, files })),
  });

  test("lists a file for WebAssembly in every row, and the self-check", () => {
    const catalog = parseCatalog(catalogJson);
    for (const row of rowsOf(catalog, "image")) expect(chooseFile(row)?.provider).toBe("wasm");
    expect(catalog.selfCheck.path).toBe("self-check/tiny.onnx");
  });

  test.each([[[]], [[CARD]], [[WASM, { ...CARD, provider: "webgl" }]], [[WASM, { ...HALF, requires: "magic" }]]])(
    "refuses a row with the files %j",
    (files) => {
      expect(() => parseCatalog(change(files))).toThrow("is not valid");
    },
  );

  test("refuses a self-check without a hash", () => {
    const selfCheck = { ...catalogJson.selfCheck, sha256: "" };
    expect(() => parseCatalog({ ...catalogJson, selfCheck })).toThrow("self-check");
  });
});
