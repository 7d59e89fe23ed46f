import fc from "fast-check";
import { expect, test } from "vitest";
import { WardlightError } from "../../src/core/errors.ts";
import { parseToJudge } from "../../src/extension/offscreen/sightings.ts";

const text = { kind: "text", id: "t1", context: "page", text: "words" };
const image = { kind: "image", id: "i1", context: "page", src: "https://example.org/a.png" };

test("what a content script sends is read, and nothing is added or kept besides", () => {
  const bytes = new Uint8Array([1, 2]);
  const message = { kind: "judge", sightings: [{ ...text, extra: 1 }, image, { ...image, bytes }], other: 2 };
  expect(parseToJudge(message)).toEqual({ kind: "judge", sightings: [text, image, { ...image, bytes }] });
  expect(parseToJudge({ kind: "waiting" })).toEqual({ kind: "waiting" });
});

test.each([
  null,
  "judge",
  { kind: "record" },
  { kind: "judge" },
  { kind: "judge", sightings: Array(257).fill(text) },
  { kind: "judge", sightings: [{ ...text, id: "x".repeat(65) }] },
  { kind: "judge", sightings: [{ ...text, context: "elsewhere" }] },
  { kind: "judge", sightings: [{ ...text, text: "x".repeat(100_001) }] },
  { kind: "judge", sightings: [{ ...image, src: 3 }] },
  { kind: "judge", sightings: [{ ...image, bytes: [1, 2] }] },
  { kind: "judge", sightings: [{ ...image, kind: "video" }] },
])("a message of the wrong shape is refused (%#)", (message) => {
  expect(() => parseToJudge(message)).toThrow(WardlightError);
});

test("nothing but a WardlightError is ever thrown", () => {
  fc.assert(
    fc.property(fc.anything(), (message) => {
      try {
        parseToJudge(message);
      } catch (error) {
        expect(error).toBeInstanceOf(WardlightError);
      }
    }),
  );
});
