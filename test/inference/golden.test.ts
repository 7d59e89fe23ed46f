import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { type ImageModelRow, parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import { nsfwDetector } from "../../src/core/image/nsfw.ts";
import { openImageModel } from "../../src/inference/image-model.ts";
import { draw } from "../fixtures/pictures.ts";

interface Reference {
  readonly pictures: readonly { readonly width: number; readonly height: number; readonly seed: number }[];
  /** By file: one list of class probabilities a picture, and how far another runtime's may lie from them. */
  readonly files: Readonly<Record<string, { readonly tolerance: number; readonly probabilities: readonly number[][] }>>;
}

const MODELS = new URL("../../models/", import.meta.url);
const read = async (path: string) => new Uint8Array(await readFile(new URL(path, MODELS)));
const rows = rowsOf(parseCatalog(catalogJson), "image");
const { signal } = new AbortController();

/** Every file on WebAssembly: what WebGPU is given has to say the same there. */
const files = rows.flatMap((row) => row.files.map((file) => ({ row, file: { ...file, provider: "wasm" } as const })));

describe.each(files)("$file.path gives the same numbers as Python", ({ row, file }) => {
  test("class by class, from the pixels on", async () => {
    const reference: Reference = JSON.parse(new TextDecoder().decode(await read(`${row.id}/reference.json`)));
    const expected = reference.files[file.path];
    expect(expected?.probabilities).toHaveLength(reference.pictures.length);
    const alone: ImageModelRow = { ...row, files: [file] };
    const detector = nsfwDetector(alone, await openImageModel(alone, read));
    for (const [p, { width, height, seed }] of reference.pictures.entries()) {
      const pixels = draw(width, height, seed);
      const [signals] = await detector.detect([{ kind: "image", id: "1", context: "page", pixels }], signal);
      const classes = signals?.[0]?.evidence.map((item) => (item.kind === "class" ? item.score : Number.NaN)) ?? [];
      for (const [i, probability] of (expected?.probabilities[p] ?? []).entries()) {
        expect(Math.abs((classes[i] ?? Number.NaN) - probability)).toBeLessThanOrEqual(expected?.tolerance ?? 0);
      }
    }
  });
});
