import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../src/core/catalog.ts";
import { decide } from "../../src/core/decide.ts";
import { detectAll } from "../../src/core/detector.ts";
import { picturePipeline } from "../../src/core/image/ensemble.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../src/core/policy.ts";
import { networksOf } from "../../src/inference/detectors.ts";
import { DRAWINGS } from "../fixtures/drawings.ts";

const MODELS = new URL("../../models/", import.meta.url);
const networks = networksOf(parseCatalog(catalogJson), async (path) => {
  return new Uint8Array(await readFile(new URL(path, MODELS)));
});
const pipeline = picturePipeline(networks);
const { signal } = new AbortController();

async function actionOn(file: Buffer) {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
  const subject = { kind: "image", id: "1", context: "page", pixels } as const;
  const [finding = { signals: [] }] = await detectAll(pipeline, [subject], signal);
  expect(finding.failure).toBeUndefined();
  return decide(subject, finding, policyOf(DEFAULT_SETTINGS), { site: "", at: 0 }).action.kind;
}

test.each(DRAWINGS)("the whole pipeline lets %s through", async (_, svg) => {
  expect(await actionOn(Buffer.from(svg))).toBe("allow");
});

test("and withholds the test card", async () => {
  expect(await actionOn(await readFile(new URL("test-card/test-card.png", MODELS)))).toBe("blur");
});
