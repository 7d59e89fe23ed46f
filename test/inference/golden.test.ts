import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { type ImageModelRow, parseCatalog } from "../../src/core/catalog.ts";
import { nsfwDetector } from "../../src/core/image/nsfw.ts";
import type { Detector, ImageSubject } from "../../src/core/types.ts";
import { openImageModel } from "../../src/inference/image-model.ts";
import { draw } from "../fixtures/pictures.ts";

interface Reference {
  readonly tolerance: number;
  readonly pictures: readonly { width: number; height: number; seed: number; probabilities: readonly number[] }[];
}

const MODELS = new URL("../../models/", import.meta.url);
const read = async (path: string) => new Uint8Array(await readFile(new URL(path, MODELS)));
const { models } = parseCatalog(catalogJson);

describe.each(models)("$id gives the same numbers as Python", (row: ImageModelRow) => {
  let detector: Detector<ImageSubject>;
  beforeAll(async () => {
    detector = nsfwDetector(row, await openImageModel(row, read));
  });

  test("class by class, from the pixels on", async () => {
    const reference: Reference = JSON.parse(new TextDecoder().decode(await read(`${row.id}/reference.json`)));
    for (const { width, height, seed, probabilities } of reference.pictures) {
      const subject: ImageSubject = { kind: "image", id: "1", context: "page", pixels: draw(width, height, seed) };
      const [signals] = await detector.detect([subject], new AbortController().signal);
      const classes = signals?.[0]?.evidence.map((item) => (item.kind === "class" ? item.score : Number.NaN)) ?? [];
      expect(classes).toHaveLength(probabilities.length);
      for (const [i, probability] of probabilities.entries()) {
        expect(Math.abs((classes[i] as number) - probability)).toBeLessThanOrEqual(reference.tolerance);
      }
    }
  });
});
