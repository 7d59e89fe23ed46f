import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import { openImageModel } from "../../src/inference/image-model.ts";

const [row] = rowsOf(parseCatalog(catalogJson), "image");
if (!row) throw new Error("The catalogue is empty.");
const { classes } = row.output;
const read = async (path: string) => new Uint8Array(await readFile(new URL(`../../models/${path}`, import.meta.url)));
const { signal } = new AbortController();
const input = new Float32Array(3 * row.input.width * row.input.height);

/** The shipped model, but for a network that always answers this. */
const answering = (answer: readonly number[]) => {
  const session = { run: async () => Float32Array.from(answer), close: async () => {} };
  return openImageModel(row, read, undefined, async () => session);
};
const even = classes.map(() => 1 / classes.length);
const failure = { code: "model", message: expect.stringContaining(row.id) };

test("probabilities that sum to 1 pass, but for rounding", async () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const shares = fc.array(share, { minLength: classes.length, maxLength: classes.length });
  await fc.assert(
    fc.asyncProperty(shares, async (weights) => {
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const answer = total > 0 ? weights.map((weight) => weight / total) : even;
      expect(await (await answering(answer)).run(input, signal)).toEqual(Float32Array.from(answer));
    }),
    { numRuns: 20 },
  );
});

test.each([
  ["nothing", []],
  ["too few", even.slice(1)],
  ["too many", [...even, 0]],
  ["no number", [Number.NaN, ...even.slice(1)]],
  ["infinity", [Number.POSITIVE_INFINITY, ...even.slice(1)]],
  ["less than nothing", [-0.5, 1.5 - 0.2 * (classes.length - 2), ...even.slice(2)]],
  ["all zeros", even.map(() => 0)],
  ["all ones", even.map(() => 1)],
  ["log-odds instead of probabilities", even.map((_, i) => i - 2)],
])("%s is no verdict but the model's failure", async (_, answer) => {
  await expect((await answering(answer)).run(input, signal)).rejects.toMatchObject(failure);
});

test.each([
  ["of another length", input.subarray(1)],
  ["with a hole in it", input.map((value, i) => (i === 7 ? Number.NaN : value))],
])("a tensor %s does not reach the network", async (_, tensor) => {
  await expect((await answering(even)).run(tensor, signal)).rejects.toMatchObject(failure);
});
