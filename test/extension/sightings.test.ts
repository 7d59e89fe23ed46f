import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { WardlightError } from "../../src/core/errors.ts";
import { parseToJudge } from "../../src/extension/offscreen/sightings.ts";

vi.mock("webextension-polyfill", () => ({ default: {} }));

const text = { kind: "text", id: "t1", context: "page", text: "words" };
const image = { kind: "image", id: "i1", context: "page", src: "https://example.org/a.png" };

const part = { src: "https://example.org/a.png", x: 0, y: 28, width: 28, height: 28 };

test("what a content script sends is read, and nothing is added or kept besides", () => {
  const bytes = new Uint8Array([1, 2]);
  const mosaic = { ...image, parts: [part, { ...part, region: { x: 0.5, y: 0, width: 0.5, height: 1 } }] };
  const message = { kind: "judge", sightings: [{ ...text, extra: 1 }, image, { ...image, bytes }, mosaic], other: 2 };
  expect(parseToJudge(message)).toEqual({
    kind: "judge",
    sightings: [text, image, { ...image, bytes }, mosaic],
    refused: [],
  });
  expect(parseToJudge({ kind: "waiting" })).toEqual({ kind: "waiting" });
});

const pixels = { width: 2, height: 1, data: new Uint8ClampedArray(8) };

test("pixels, urgency and what happens to pictures that wait are read", () => {
  const seen = { ...image, src: "", pixels, urgency: 0 } as const;
  expect(parseToJudge({ kind: "judge", sightings: [seen] })).toMatchObject({ sightings: [seen] });
  const odd = { ...image, urgency: 7 };
  expect(parseToJudge({ kind: "judge", sightings: [odd] })).toMatchObject({ sightings: [image] });
  expect(parseToJudge({ kind: "withdraw", ids: ["i1"] })).toEqual({ kind: "withdraw", ids: ["i1"] });
  expect(parseToJudge({ kind: "dispute", id: "i1", more: 1 })).toEqual({ kind: "dispute", id: "i1" });
  const wishes = [{ id: "i1", urgency: 1, more: 2 }, { id: "i2", urgency: 3 }, null];
  expect(parseToJudge({ kind: "hasten", wishes })).toEqual({ kind: "hasten", wishes: [{ id: "i1", urgency: 1 }] });
});

test.each([
  { kind: "withdraw", ids: [1] },
  { kind: "withdraw", ids: Array(1_025).fill("i") },
  { kind: "hasten", wishes: "all" },
  { kind: "dispute", id: 4 },
])("%j is refused", (message) => {
  expect(() => parseToJudge(message)).toThrow(WardlightError);
});

test.each([
  { ...pixels, width: 3 },
  { ...pixels, width: -2 },
  { ...pixels, width: 1.5 },
  { ...pixels, data: new Uint8Array(8) },
  { width: 1025, height: 1024, data: new Uint8ClampedArray(4 * 1025 * 1024) },
])("pixels of the wrong shape or size are refused (%#)", (wrong) => {
  const parsed = parseToJudge({ kind: "judge", sightings: [{ ...image, pixels: wrong }] });
  expect(parsed).toMatchObject({ sightings: [], refused: [{ kind: "image", id: "i1" }] });
});

test.each([null, "judge", { kind: "record" }, { kind: "judge" }, { kind: "judge", sightings: Array(257).fill(text) }])(
  "a message of the wrong shape is refused (%#)",
  (message) => {
    expect(() => parseToJudge(message)).toThrow(WardlightError);
  },
);

test.each([
  ["text", { ...text, context: "elsewhere" }],
  ["text", { ...text, text: "x".repeat(100_001) }],
  ["text", { ...text, text: undefined }],
  ["image", { ...image, src: 3 }],
  ["image", { ...image, bytes: [1, 2] }],
  ["image", { ...image, bytes: new Uint8Array(32 * 1024 * 1024 + 1) }],
  ["image", { ...image, kind: "video" }],
  ["image", { ...image, parts: [] }],
  ["image", { ...image, parts: [{ ...part, width: 0 }] }],
  ["image", { ...image, parts: [part, { ...part, x: 9_000 }] }],
  ["image", { ...image, parts: Array(4_097).fill(part) }],
  ["image", { ...image, parts: [{ ...part, region: { x: 0, y: 0, width: 1.5, height: 1 } }] }],
  ["image", { ...image, parts: [{ ...part, region: { x: 0, y: 0, width: 1 } }] }],
  ["image", { id: "i1" }],
])("a bad sighting costs no other its verdict, and its sender can be told (%s %#)", (kind, bad) => {
  const parsed = parseToJudge({ kind: "judge", sightings: [text, bad, image] });
  expect(parsed).toMatchObject({ sightings: [text, image], refused: [{ kind, id: bad.id }] });
  expect(parsed.kind === "judge" && parsed.refused[0]?.error).toMatchObject({ code: "validation" });
});

test.each([null, 7, [], { ...text, id: "x".repeat(65) }, { ...image, id: 3 }])(
  "one that nobody could be told about is left out (%#)",
  (bad) => {
    expect(parseToJudge({ kind: "judge", sightings: [bad, text] })).toMatchObject({ sightings: [text], refused: [] });
  },
);

test("nothing but a WardlightError is ever thrown", () => {
  fc.assert(
    fc.property(fc.anything(), fc.boolean(), (value, isSighting) => {
      try {
        parseToJudge(isSighting ? { kind: "judge", sightings: [value] } : value);
      } catch (error) {
        expect(error).toBeInstanceOf(WardlightError);
      }
    }),
  );
});

test("what a page tells of a passage's structure is read, bounded, and refused where it is none", () => {
  const structure = { concealments: ["colour", "clip"], role: "comment" };
  const read = (value: unknown) => parseToJudge({ kind: "judge", sightings: [{ ...text, structure: value }] });
  expect(read({ ...structure, more: 1 })).toMatchObject({ sightings: [{ ...text, structure }], refused: [] });
  for (const odd of [null, 1, {}, { ...structure, role: "king" }, { ...structure, concealments: ["magic"] }])
    expect(read(odd)).toMatchObject({ sightings: [], refused: [{ kind: "text", id: "t1" }] });
  const many = { ...structure, concealments: Array.from({ length: 100 }, () => "clip") };
  expect(read(many)).toMatchObject({ sightings: [] });
});
