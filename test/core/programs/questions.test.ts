import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WardlightError } from "../../../src/core/errors.ts";
import { MAX_IMAGE_BYTES, MAX_TEXT, MAX_URL, PATHS, questionOf } from "../../../src/core/programs/questions.ts";

const KNOWN = { "/nsfw-check": ["net@1"], "/classify-text": ["head@2"], "/threat-url": ["trees@3"] };
const ask = (path: unknown, body: unknown) => questionOf(path, body, KNOWN);
const PICTURE = Buffer.from([1, 2, 3, 250]);

describe("what is asked is read", () => {
  test.each([
    PICTURE.toString("base64"),
    `data:image/png;base64,${PICTURE.toString("base64")}`,
    `${PICTURE.toString("base64").slice(0, 4)}\n${PICTURE.toString("base64").slice(4)}\r\n`,
  ])("a picture as %j", (image_base64) => {
    expect(ask("/nsfw-check", { image_base64 })).toEqual({ path: "/nsfw-check", image: new Uint8Array(PICTURE) });
  });

  test("a text, for harm unless models are named, in our order", () => {
    const text = "Good day";
    const harm = ["toxicity", "hate", "offensive", "injection"];
    expect(ask("/classify-text", { text })).toEqual({ path: "/classify-text", text, models: harm });
    expect(ask("/classify-text", { text, models: ["pii", "hate"] })).toMatchObject({ models: ["hate", "pii"] });
  });

  test("an address, and the model that the program counts on", () => {
    const url = "https://example.org/a?b";
    expect(ask("/threat-url", { url, version: "trees@3" })).toEqual({ path: "/threat-url", url });
  });
});

test.each<[string, unknown, unknown, string]>([
  ["another path", "/admin", {}, "/nsfw-check, /classify-text, /threat-url"],
  ["no path", undefined, {}, "path"],
  ["no object", "/threat-url", "https://example.org", "JSON object"],
  ["a list", "/threat-url", [], "JSON object"],
  ["nothing", "/threat-url", null, "JSON object"],
  ["a field that is none", "/classify-text", { text: "a", model: ["hate"] }, '"model"'],
  ["a field of another path", "/nsfw-check", { url: "https://a.example" }, '"url"'],
  ["no picture", "/nsfw-check", {}, "image_base64"],
  ["a picture of no bytes", "/nsfw-check", { image_base64: "" }, "image_base64"],
  ["no base64", "/nsfw-check", { image_base64: "ä{}" }, "image_base64"],
  ["bytes", "/nsfw-check", { image_base64: new Uint8Array(4) }, "image_base64"],
  ["no text", "/classify-text", { text: 7 }, '"text"'],
  ["a text of spaces", "/classify-text", { text: " \n" }, '"text"'],
  ["too long a text", "/classify-text", { text: "a".repeat(MAX_TEXT + 1) }, '"text"'],
  ["no models", "/classify-text", { text: "a", models: [] }, '"models"'],
  ["an unknown model", "/classify-text", { text: "a", models: ["bert"] }, '"models"'],
  ["a model twice", "/classify-text", { text: "a", models: ["hate", "hate"] }, '"models"'],
  ["models as words", "/classify-text", { text: "a", models: "hate" }, '"models"'],
  ["no address", "/threat-url", { url: "example" }, '"url"'],
  ["another scheme", "/threat-url", { url: "javascript:alert(1)" }, '"url"'],
  ["too long an address", "/threat-url", { url: `https://a.example/${"a".repeat(MAX_URL)}` }, '"url"'],
  ["another model", "/threat-url", { url: "https://a.example", version: "trees@2" }, "trees@3"],
])("refused, with what is wrong: %s", (_, path, body, word) => {
  const refused = () => ask(path, body);
  expect(refused).toThrow(WardlightError);
  expect(refused).toThrow(word);
});

test("a picture is taken up to its limit and no further", () => {
  const ofBytes = (bytes: number) => ({ image_base64: Buffer.alloc(bytes, 7).toString("base64") });
  const largest = ask("/nsfw-check", ofBytes(MAX_IMAGE_BYTES));
  expect("image" in largest && largest.image.length).toBe(MAX_IMAGE_BYTES);
  expect(() => ask("/nsfw-check", ofBytes(MAX_IMAGE_BYTES + 1))).toThrow("16 MiB");
});

test("whatever is asked, it is read or refused with a reason", () => {
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...PATHS), fc.anything()), fc.anything(), (path, body) => {
      try {
        expect(ask(path, body).path).toBe(path);
      } catch (error) {
        expect(error).toMatchObject({ code: "validation" });
      }
    }),
  );
});
