import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { WardlightError } from "../../src/core/errors.ts";
import { openPack } from "../../src/inference/pack.ts";
import { unpack } from "../../src/inference/pack-file.ts";
import { CARD } from "../fixtures/pack-card.ts";
import { draw } from "../fixtures/pictures.ts";

interface Reference {
  readonly tolerance: number;
  readonly pictures: readonly { readonly width: number; readonly height: number; readonly seed: number }[];
  readonly packs: Readonly<
    Record<string, { readonly classes: string[]; readonly probabilities: number[][]; readonly scores: number[] }>
  >;
}

const file = (name: string) => new Uint8Array(readFileSync(new URL(`../fixtures/packs/${name}`, import.meta.url)));
const reference: Reference = JSON.parse(new TextDecoder().decode(file("reference.json")));
const { signal } = new AbortController();
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const open = (bytes: Uint8Array<ArrayBuffer>) => openPack({ sha256: hash(bytes) }, async () => bytes);
const subject = (pixels: ReturnType<typeof draw>) => ({ kind: "image", id: "1", context: "page", pixels }) as const;

test.each(Object.entries(reference.packs))(
  "%s gives the same numbers as Python, from the pixels on",
  async (name, expected) => {
    const detector = await open(file(`${name}.wardpack`));
    for (const [p, { width, height, seed }] of reference.pictures.entries()) {
      const [[found] = []] = await detector.detect([subject(draw(width, height, seed))], signal);
      expect(found?.model).toBe(`${name}@1.0.0`);
      expect(Math.abs((found?.score ?? Number.NaN) - (expected.scores[p] as number))).toBeLessThan(reference.tolerance);
      const classes = found?.evidence.map((item) => (item.kind === "class" ? item : undefined)) ?? [];
      expect(classes.map((item) => item?.name)).toEqual(expected.classes);
      for (const [i, item] of classes.entries()) {
        const difference = Math.abs((item?.score ?? Number.NaN) - (expected.probabilities[p]?.[i] as number));
        expect(difference).toBeLessThan(reference.tolerance);
      }
    }
  },
);

test("an answer that is no number is the pack's failure", async () => {
  const detector = await open(file("tiny-broken.wardpack"));
  await expect(detector.detect([subject(draw(48, 48, 3))], signal)).rejects.toMatchObject({ code: "model" });
});

describe("the bytes that were trusted, and no others", () => {
  const bytes = file("tiny-vit.wardpack");
  const pin = { sha256: hash(bytes) };

  test.each([100, 5_000, bytes.length - 1])("one bit changed at byte %d is refused", async (at) => {
    const altered = bytes.slice();
    altered[at] = (altered[at] ?? 0) ^ 1;
    await expect(openPack(pin, async () => altered)).rejects.toMatchObject({ code: "security" });
  });

  test("a file that is gone is a matter of resources", async () => {
    await expect(openPack(pin, async () => undefined)).rejects.toMatchObject({ code: "resource" });
  });
});

describe("a file that is no pack", () => {
  const card = strToU8(JSON.stringify(CARD));
  const network = new Uint8Array(10);
  const sound = zipSync({ "card.json": card, "model.onnx": network });

  test("other files, compressed or not, do not matter", () => {
    const pack = unpack(
      zipSync({ "card.json": [card, { level: 9 }], "model.onnx": [network, { level: 0 }], "README.md": card }),
    );
    expect([pack.card.id, pack.network]).toEqual([CARD.id, network]);
  });

  const promising = (size: number) => {
    const bytes = sound.slice();
    const view = new DataView(bytes.buffer);
    // Size before packing, of the first member in the central directory.
    const directory = view.getUint32(bytes.length - 6, true);
    view.setUint32(directory + 24, size, true);
    return bytes;
  };
  test.each<[string, Uint8Array]>([
    ["no zip", new Uint8Array()],
    ["no zip", strToU8("GIF89a")],
    ["no zip", sound.subarray(0, 60)],
    ["no card.json", zipSync({ "model.onnx": network })],
    ["no card.json", zipSync({ "folder/card.json": card, "model.onnx": network })],
    ["no model.onnx", zipSync({ "card.json": card, "model.onnx": new Uint8Array() })],
    ["no JSON", zipSync({ "card.json": strToU8("{"), "model.onnx": network })],
    ["no JSON", zipSync({ "card.json": new Uint8Array([0xff, 0xfe]), "model.onnx": network })],
    ["lie outside", zipSync({ "card.json": card, "model.onnx": network, "model.onnx.data": network })],
    ["is too large", promising(2 ** 31)],
    ["is cut off", promising(card.length + 1)],
    ['"id" must be', zipSync({ "card.json": strToU8(JSON.stringify({ ...CARD, id: "" })), "model.onnx": network })],
  ])("%s (case %#)", (why, bytes) => {
    expect(() => unpack(bytes)).toThrow(why);
  });

  test("never throws anything but its own kind of error, whichever bytes are changed", () => {
    const bytes = file("tiny-classifier.wardpack");
    const changes = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(changes, fc.nat(bytes.length), (list, length) => {
        const altered = bytes.slice(0, length > bytes.length / 2 ? undefined : length);
        for (const [at, value] of list) altered[at] = value;
        try {
          unpack(altered);
        } catch (error) {
          expect(error).toBeInstanceOf(WardlightError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
