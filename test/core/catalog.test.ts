import { describe, expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { chooseFile, type ModelFile, parseCatalog, rowsOf, type TextEncoderRow } from "../../src/core/catalog.ts";
import { catalogWithTiny, tinyRow } from "../fixtures/tiny-encoder.ts";

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

describe("a text encoder's row", () => {
  const [head] = tinyRow().heads;
  const topic = tinyRow().heads.find(({ task }) => task === "topic");

  test("is read as it is", () => {
    const [row] = rowsOf(catalogWithTiny(), "text-encoder");
    expect(row?.heads.map(({ task }) => task)).toContain("injection");
  });

  test.each<[string, Partial<TextEncoderRow>]>([
    ["no network", { files: tinyRow().files.filter(({ path }) => !path.endsWith(".onnx")) }],
    ["no tokeniser", { files: tinyRow().files.filter(({ path }) => !path.endsWith(".json")) }],
    ["a head without a file", { heads: [{ ...head, task: "other" } as typeof head & object] }],
    ["a head twice", { heads: [head, head] as TextEncoderRow["heads"] }],
    ["a threat with classes", { heads: [{ ...head, classes: ["a", "b"] } as typeof head & object] }],
    ["a threat that says not when to ask", { heads: [{ ...head, askFrom: Number.NaN } as typeof head & object] }],
    ["a limit of a language above one", { heads: [{ ...head, askFromIn: { de: 2 } } as typeof head & object] }],
    ["a share above one", { heads: [{ ...head, weight: 1.5 } as typeof head & object] }],
    [
      "a slope that is no number",
      { heads: [{ ...head, calibration: { a: Number.NaN, b: 0 } } as typeof head & object] },
    ],
    [
      "a language whose shift is no number",
      { heads: [{ ...head, calibration: { a: 1, b: 0, languages: { de: Number.NaN } } } as typeof head & object] },
    ],
    ["an unknown category", { heads: [{ ...head, category: "rude" } as never] }],
    ["an unknown status", { heads: [{ ...head, status: "maybe" } as never] }],
    ["a description with one class", { heads: [{ ...topic, classes: ["law"] } as typeof head & object] }],
    ["a description with a threshold", { heads: [{ ...topic, threshold: 0.5 } as typeof head & object] }],
    ["no width", { width: 0 }],
    ["a threshold of personal data above one", { entities: { status: "active", threshold: 2 } }],
  ])("is refused with %s", (_, change) => {
    expect(() => catalogWithTiny((row) => ({ ...row, ...change }))).toThrow("is not valid");
  });
});
