import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WardlightError } from "../../src/core/errors.ts";
import { parsePackCard } from "../../src/core/pack.ts";
import {
  type PackChange,
  packDetectorId,
  packsFor,
  parsePins,
  pinOf,
  withChange,
  withPacks,
} from "../../src/core/pack-pins.ts";
import { DEFAULT_SETTINGS, policyOf } from "../../src/core/policy.ts";
import { CARD, ZERO_SHOT } from "../fixtures/pack-card.ts";
import { TEXT_CARD } from "../fixtures/text-pack-card.ts";

describe("a pack's card", () => {
  test("fills in what it may leave out", () => {
    expect(parsePackCard(CARD)).toMatchObject({
      id: "two-classes",
      classes: ["normal", "nsfw"],
      activation: "softmax",
      about: "",
      calibration: { a: 1, b: 0 },
      weight: 1,
      input: { std: [1, 1, 1], fit: "stretch" },
    });
  });

  test("of a zero-shot network has the classes of its prompts", () => {
    expect(parsePackCard(ZERO_SHOT)).toMatchObject({
      kind: "zero-shot",
      classes: ["neutral", "porn"],
      temperature: 0.5,
    });
  });

  test("of a text encoder says what a row of the catalogue says", () => {
    const { format, ...said } = TEXT_CARD;
    expect(parsePackCard(TEXT_CARD)).toEqual({ ...said, about: "" });
  });

  const [threat, description] = TEXT_CARD.heads;
  const reader = (change: object) => ({ ...TEXT_CARD, ...change });
  const head = (change: object) => reader({ heads: [{ ...threat, ...change }] });
  const described = (change: object) => reader({ heads: [{ ...description, ...change }] });
  const with_ = (change: object) => ({ ...CARD, ...change });
  const input = (change: object) => with_({ input: { ...CARD.input, ...change } });
  const output = (change: object) => with_({ output: { ...CARD.output, ...change } });
  test.each<[string, unknown]>([
    ["the card", null],
    ["the card", [CARD]],
    ["the card", with_({ std_dev: [1, 1, 1] })],
    ["format", with_({ format: 2 })],
    ["id", with_({ id: "Two Classes" })],
    ["id", with_({ id: "../models" })],
    ["id", with_({ id: "a".repeat(65) })],
    ["version", with_({ version: "" })],
    ["name", with_({ name: "a\u202Eb" })],
    ["name", with_({ name: 3 })],
    ["license", with_({ license: undefined })],
    ["kind", with_({ kind: "detector" })],
    ["input", with_({ input: undefined })],
    ["input", input({ widht: 32 })],
    ["input.width", input({ width: 31.5 })],
    ["input.width", input({ width: 8 })],
    ["input.height", input({ height: 100_000 })],
    ["input.layout", input({ layout: "CHW" })],
    ["input.channels", input({ channels: "GRB" })],
    ["input.scale", input({ scale: 0 })],
    ["input.mean", input({ mean: [0, 0] })],
    ["input.mean[1]", input({ mean: [0, Number.NaN, 0] })],
    ["input.std", input({ std: [1, 0, 1] })],
    ["input.resize", input({ resize: "lanczos" })],
    ["input.fit", input({ fit: "pad" })],
    ["output.name", output({ name: "" })],
    ["output.classes", output({ classes: ["one"] })],
    ["output.classes", output({ classes: ["one", "one"] })],
    ["output.classes", output({ classes: Array.from({ length: 101 }, (_, i) => `${i}`) })],
    ["output.activation", output({ activation: "relu" })],
    ["positive", with_({ positive: {} })],
    ["positive", with_({ positive: { sexual: ["nsfw"], violence: ["nsfw"] } })],
    ["positive.sexual", with_({ positive: { sexual: ["porn"] } })],
    ["positive.sexual", with_({ positive: { sexual: [] } })],
    ["calibration.a", with_({ calibration: { a: -1, b: 0 } })],
    ["calibration.b", with_({ calibration: { a: 1, b: Number.POSITIVE_INFINITY } })],
    ["weight", with_({ weight: 50 })],
    ["prompts", with_({ prompts: ZERO_SHOT.prompts })],
    ["prompts", { ...ZERO_SHOT, prompts: [] }],
    ["prompts", { ...ZERO_SHOT, prompts: ZERO_SHOT.prompts.slice(1) }],
    [
      "prompts[1].embedding",
      { ...ZERO_SHOT, prompts: [ZERO_SHOT.prompts[0], { class: "a", text: "b", embedding: [1] }] },
    ],
    [
      "prompts[0].embedding",
      { ...ZERO_SHOT, prompts: [{ class: "a", text: "b", embedding: [0, 0] }, ZERO_SHOT.prompts[1]] },
    ],
    ["temperature", { ...ZERO_SHOT, temperature: 0 }],
    ["the card", with_({ heads: TEXT_CARD.heads })],
    ["the card", reader({ positive: {} })],
    ["width", reader({ width: 1.5 })],
    ["heads", reader({ heads: [] })],
    ["heads", reader({ heads: [threat, threat] })],
    ["heads[0]", head({ shares: 1 })],
    ["heads[0].task", head({ task: "sexual" })],
    ["heads[0].task", described({ task: "language" })],
    ["heads[0].category", head({ category: "pii" })],
    ["heads[0].category", described({ category: "injection" })],
    ["heads[0].classes", head({ classes: ["a", "b"] })],
    ["heads[0].classes", described({ classes: ["a"] })],
    ["heads[0].status", head({ status: "on" })],
    ["heads[0].calibration.a", head({ calibration: { a: -1, b: 0 } })],
    ["heads[0].calibration.languages", head({ calibration: { a: 1, b: 0, languages: [1] } })],
    ["heads[0].calibration.languages", head({ calibration: { a: 1, b: 0, languages: { German: 1 } } })],
    ["heads[0].calibration.languages.de", head({ calibration: { a: 1, b: 0, languages: { de: "1" } } })],
    ["heads[0].weight", head({ weight: 2 })],
    ["heads[0].threshold", head({ threshold: undefined })],
    ["heads[0].askFrom", head({ askFrom: Number.NaN })],
    ["heads[0].askFromIn.de", head({ askFromIn: { de: 2 } })],
    ["entities", reader({ entities: undefined })],
    ["entities.threshold", reader({ entities: { status: "active", threshold: 2 } })],
  ])("is refused for its %s (case %#)", (field, card) => {
    expect(() => parsePackCard(card)).toThrow(`"${field}" must be`);
  });

  test("never throws anything else, whatever it is", () => {
    const holes = Object.keys({ ...CARD, ...ZERO_SHOT, ...TEXT_CARD });
    const cards: readonly object[] = [CARD, ZERO_SHOT, TEXT_CARD];
    fc.assert(
      fc.property(fc.constantFrom(...cards), fc.constantFrom(...holes), fc.jsonValue(), (card, hole, value) => {
        try {
          parsePackCard({ ...card, [hole]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(WardlightError);
          expect((error as WardlightError).code).toBe("validation");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("trusted packs", () => {
  const pin = pinOf(parsePackCard(CARD), "a".repeat(64), 1_000, 5);
  const other = { ...pin, id: "another", sha256: "b".repeat(64) };
  const add = (one: typeof pin): PackChange => ({ kind: "add", pin: one });

  test("outlive storage", () => {
    expect(parsePins(JSON.parse(JSON.stringify([pin, other])))).toEqual([pin, other]);
    expect(parsePins(undefined)).toEqual([]);
  });

  test.each([
    [{}],
    [[{ ...pin, sha256: "A".repeat(64) }]],
    [[{ ...pin, weight: 0 }]],
    [[{ ...pin, more: 1 }]],
    [Array(9).fill(pin)],
  ])("are refused when damaged (case %#)", (stored) => {
    expect(() => parsePins(stored)).toThrow(WardlightError);
  });

  test("are added once, switched and removed", () => {
    const both = withChange(withChange([], add(pin), []), add(other), []);
    expect(withChange(both, add(pin), [])).toEqual(both);
    const [off] = withChange(both, { kind: "enable", sha256: pin.sha256, isEnabled: false }, []);
    expect(off).toEqual({ ...pin, isEnabled: false });
    expect(withChange(both, { kind: "remove", sha256: pin.sha256 }, [])).toEqual([other]);
  });

  test("of those that read texts one alone is in use; those for pictures do not mind", () => {
    const reader = pinOf(parsePackCard(TEXT_CARD), "c".repeat(64), 1_000, 5);
    const second = { ...reader, id: "second", sha256: "d".repeat(64) };
    expect(reader).toMatchObject({ kind: "text", categories: ["injection"], isEnabled: true });
    const inUse = (pins: readonly (typeof pin)[]) => pins.filter(({ isEnabled }) => isEnabled).map(({ id }) => id);
    const both = [pin, reader, second].reduce<(typeof pin)[]>((pins, one) => withChange(pins, add(one), []), []);
    expect(inUse(both)).toEqual([pin.id, "second"]);
    const back = withChange(both, { kind: "enable", sha256: reader.sha256, isEnabled: true }, []);
    expect(inUse(back)).toEqual([pin.id, "reader"]);
    expect(inUse(withChange(back, { kind: "enable", sha256: reader.sha256, isEnabled: false }, []))).toEqual([pin.id]);
    expect(packsFor("text", both).map(({ id }) => id)).toEqual(["reader", "second"]);
    expect(withPacks(policyOf(DEFAULT_SETTINGS), both).weights).not.toHaveProperty("image/pack/reader");
  });

  test("of earlier versions, which judge pictures, are known again", () => {
    const { kind, ...early } = pin;
    expect(parsePins([early])).toEqual([pin]);
  });

  test("do not take another's name", () => {
    expect(() => withChange([], add(pin), [pin.id])).toThrow("packaged");
    expect(() => withChange([pin], add({ ...pin, sha256: "c".repeat(64) }), [])).toThrow("remove it first");
    expect(packDetectorId({ id: "nsfw-mobilenet-v2" })).not.toBe("image/nsfw-mobilenet-v2");
  });
});
