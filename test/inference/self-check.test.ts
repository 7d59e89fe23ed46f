import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../src/core/catalog.ts";
import { loadModelFile } from "../../src/inference/load.ts";
import { openSession } from "../../src/inference/session.ts";

const { selfCheck } = parseCatalog(catalogJson);
const read = async (path: string) => new Uint8Array(await readFile(new URL(`../../models/${path}`, import.meta.url)));

test("the tiny network runs on WebAssembly and is sure of nothing", async () => {
  const bytes = await loadModelFile(selfCheck, read);
  const session = await openSession({ bytes, input: "input", output: "probs" });
  const [one, other] = [0.2, 0.7].map((level) => new Float32Array(3 * 32 * 32).fill(level));
  const answers = [await session.run(one as Float32Array, [1, 3, 32, 32])];
  answers.push(await session.run(other as Float32Array, [1, 3, 32, 32]));
  await session.close();
  for (const answer of answers) {
    expect(answer).toHaveLength(10);
    expect(answer.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    expect(Math.max(...answer)).toBeLessThan(0.95);
  }
  expect(answers[0]).not.toEqual(answers[1]);
});

test("calls from several sides are taken in turn", async () => {
  const network = { bytes: await loadModelFile(selfCheck, read), input: "input", output: "probs" };
  const sessions = await Promise.all([openSession(network), openSession(network)]);
  const input = new Float32Array(3 * 32 * 32).fill(0.5);
  const wrong = sessions[0].run(input, [1, 3, 8, 8]);
  const right = sessions.map((session) => session.run(input, [1, 3, 32, 32]));
  await expect(wrong).rejects.toMatchObject({ code: "model" });
  const [first, second] = await Promise.all(right);
  expect(first).toEqual(second);
});
