import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { strToU8, unzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { tryTextPack } from "../../src/extension/offscreen/text-pack-trial.ts";
import { openPack } from "../../src/inference/pack.ts";
import { unpack } from "../../src/inference/pack-file.ts";
import { openTextEncoder } from "../../src/inference/text-encoder.ts";
import { textPackOf } from "../../src/inference/text-pack.ts";
import { catalogWithTiny, golden, readWithTiny, textSubject, tinyRow } from "../fixtures/tiny-encoder.ts";

const { signal } = new AbortController();
const file = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/packs/${name}`, import.meta.url)));
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const pack = (bytes: Uint8Array<ArrayBuffer>) => textPackOf({ sha256: hash(bytes) }, async () => bytes);
const TINY = file("tiny-encoder.wardpack");

/** The pack with other members; undefined takes one out. */
function changed(change: Readonly<Record<string, string | undefined>>): Uint8Array<ArrayBuffer> {
  const members: Record<string, Uint8Array> = unzipSync(TINY);
  for (const [name, content] of Object.entries(change)) {
    if (content === undefined) delete members[name];
    else members[name] = strToU8(content);
  }
  return new Uint8Array(zipSync(members));
}
const card = (change: (card: ReturnType<typeof cardOf>) => void) => {
  const json = cardOf();
  change(json);
  return changed({ "card.json": JSON.stringify(json) });
};
const cardOf = (): { heads: { task: string; classes: string[] }[]; width: number } =>
  JSON.parse(new TextDecoder().decode(unzipSync(TINY)["card.json"]));

test("a text pack says what the same encoder says from the package", async () => {
  const { row, open } = await pack(TINY);
  expect(row).toMatchObject({ id: "tiny-reader", heads: tinyRow().heads, entities: tinyRow().entities });
  const [ours, packaged] = [await open(), await openTextEncoder(tinyRow(), readWithTiny)];
  for (const { text } of golden.vectors.slice(0, 8)) {
    expect(await ours.measures(textSubject(text), signal)).toEqual(await packaged.measures(textSubject(text), signal));
    expect(await ours.entities(textSubject(text), signal)).toEqual(await packaged.entities(textSubject(text), signal));
  }
  const [[found] = []] = await ours.detector.detect([textSubject("words")], signal);
  expect(found).toMatchObject({ detector: "text/heads", model: "tiny-reader@1.0.0" });
});

describe("the trial", () => {
  const trial = async (bytes: Uint8Array<ArrayBuffer>) => tryTextPack(await pack(bytes), catalogWithTiny());

  test("tells the highest threat of both sentences", async () => {
    const { card, control, latencyMs } = await trial(TINY);
    for (const score of [card, control]) expect(score).toBeGreaterThan(0);
    expect(card).not.toBe(control);
    expect(latencyMs).toBeGreaterThanOrEqual(0);
  });

  test.each<[string, string, Uint8Array<ArrayBuffer>]>([
    ["validation", "other classes", card(({ heads }) => heads.find(({ task }) => task === "topic")?.classes.reverse())],
    ["validation", "it has 132 bytes", card((json) => Object.assign(json, { width: 31 }))],
    ["validation", "is no JSON", changed({ "tokenizer.json": "{" })],
    ["validation", "no WordPiece tokeniser", changed({ "tokenizer.json": "null" })],
    ["model", "could not be loaded", changed({ "model.onnx": "no network" })],
  ])("refuses with %s: %s", async (code, message, bytes) => {
    await expect(trial(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe("the file", () => {
  test.each(["tokenizer.json", "head-topic.bin", "model.onnx"])("without %s is no pack", (name) => {
    expect(() => unpack(changed({ [name]: undefined }))).toThrow(`no ${name}`);
  });

  test("altered or gone is not used", async () => {
    const pin = { sha256: hash(TINY) };
    const altered = TINY.with(9_000, (TINY[9_000] ?? 0) ^ 1) as Uint8Array<ArrayBuffer>;
    await expect(textPackOf(pin, async () => altered)).rejects.toMatchObject({ code: "security" });
    await expect(textPackOf(pin, async () => undefined)).rejects.toMatchObject({ code: "resource" });
  });

  test("of one kind is not opened as the other", async () => {
    const pictures = file("tiny-vit.wardpack");
    await expect(pack(pictures)).rejects.toMatchObject({ code: "validation" });
    await expect(openPack({ sha256: hash(TINY) }, async () => TINY)).rejects.toMatchObject({ code: "validation" });
  });
});
