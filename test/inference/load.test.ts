import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import { openImageModel } from "../../src/inference/image-model.ts";
import { loadModelFile } from "../../src/inference/load.ts";
import { openSession } from "../../src/inference/session.ts";

const [row] = rowsOf(parseCatalog(catalogJson), "image");
if (!row) throw new Error("The catalogue is empty.");
const [file] = row.files;
if (!file) throw new Error("The first model has no file.");
const bytes = new Uint8Array(await readFile(new URL(`../../models/${file.path}`, import.meta.url)));

test("the shipped file is let through", async () => {
  expect(await loadModelFile(file, async () => bytes)).toBe(bytes);
});

test.each([0, 1_234_567, bytes.length - 1])("a change of one bit at byte %d is refused", async (at) => {
  const altered = bytes.slice();
  altered[at] = (altered[at] ?? 0) ^ 1;
  await expect(openImageModel(row, async () => altered)).rejects.toMatchObject({
    code: "security",
    message: expect.stringContaining(file.path),
  });
});

test.each([bytes.subarray(0, -1), new Uint8Array([...bytes, 0]), new Uint8Array()])(
  "another length is refused",
  async (other) => {
    await expect(loadModelFile(file, async () => other.slice())).rejects.toMatchObject({ code: "security" });
  },
);

test("a file that cannot be read is a matter of resources", async () => {
  const read = async () => {
    throw new Error("no such file");
  };
  await expect(loadModelFile(file, read)).rejects.toMatchObject({ code: "resource" });
});

test("what is no network is the model's failure", async () => {
  await expect(
    openSession({ bytes: new Uint8Array([1, 2, 3]), input: "input", output: "probs" }),
  ).rejects.toMatchObject({ code: "model" });
});
