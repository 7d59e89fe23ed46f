import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../scripts/setup.mjs";
import type { Bench } from "./bench.ts";
import { picturesFrom } from "./pictures.ts";
import { keep, runBench } from "./run.ts";
import { bench as sizes } from "./sizes.bench.ts";

const OPTIONS = { isWhole: false, photos: undefined, commit: "none", say: () => {} };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "wardlight-bench-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const benchThat = (measure: Bench["measure"]): Bench => ({ name: "a", title: "A", builds: [], measure });

test("what a bench opened is closed, last come first, also when it fails", async () => {
  const closed: number[] = [];
  const failing = benchThat(async ({ onEnd }) => {
    for (const i of [1, 2]) onEnd(() => void closed.push(i));
    throw new Error("it broke");
  });
  await expect(runBench(failing, OPTIONS)).rejects.toThrow("it broke");
  expect(closed).toEqual([2, 1]);
});

test("the newest result of each bench is kept, in order; a file that is none counts for nothing", async () => {
  const file = join(folder, "kept/bench.json");
  const first = await runBench(
    benchThat(async () => []),
    OPTIONS,
  );
  const second = { ...first, name: "b" };
  keep([second], ["a", "b"], file);
  expect(keep([first], ["a", "b"], file).map(({ name }) => name)).toEqual(["a", "b"]);
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual([first, second]);
  await writeFile(file, "{");
  expect(keep([first], ["a", "b"], file)).toEqual([first]);
});

test("pictures come from a folder by name, and are drawn without one", async () => {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#345" } })
    .jpeg()
    .toBuffer();
  for (const name of ["b.jpg", "a.JPG", "notes.txt"]) await writeFile(join(folder, name), bytes);
  const found = await picturesFrom(folder);
  expect(found.files.map(({ name, type }) => `${name} ${type}`)).toEqual(["a.JPG image/jpeg", "b.jpg image/jpeg"]);
  await expect(picturesFrom(join(folder, "none"))).rejects.toThrow("is not a folder");
  await expect(picturesFrom(join(ROOT, "scripts"))).rejects.toThrow("holds no pictures");
  const drawn = await picturesFrom(undefined);
  expect(drawn.areDrawn).toBe(true);
  expect(new Set(drawn.files.map((file) => file.bytes.toString("base64"))).size).toBe(drawn.files.length);
});

test("sizes are measured of what was built", async () => {
  const { rows } = await runBench(sizes, OPTIONS);
  expect(rows.map(({ value }) => value > 1_000)).toEqual([true, true, true, true]);
});
