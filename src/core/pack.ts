import { WardlightError } from "./errors.ts";
import { CATEGORIES, type Category, type PackPin, type Policy } from "./types.ts";

/** How a picture becomes the numbers that a pack's network was fitted on: value = (byte × scale − mean[c]) / std[c]. */
export interface PackInput {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly layout: "NCHW" | "NHWC";
  /** The order of `mean` and `std`, and of the channels in the tensor. */
  readonly channels: "RGB" | "BGR";
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** The first is TensorFlow's without antialiasing, the others are Pillow's with it. */
  readonly resize: "bilinear-align-corners" | "bilinear" | "bicubic";
  /** `crop`: the shorter side to its size, then the middle. */
  readonly fit: "stretch" | "crop";
}

/** A sentence that stands for a class, and what CLIP's text tower made of it. */
export interface Prompt {
  readonly class: string;
  readonly text: string;
  readonly embedding: readonly number[];
}

interface CardBase {
  /** Lower case, the first part of `name@version`. */
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly license: string;
  readonly source: string;
  /** What whoever made the pack has to say of it; "" for nothing. */
  readonly about: string;
  readonly input: PackInput;
  readonly classes: readonly string[];
  /** By category: the classes whose probabilities add up to it. */
  readonly positive: Readonly<Partial<Record<Category, readonly string[]>>>;
  /** Platt scaling in log-odds, as in the catalogue. */
  readonly calibration: { readonly a: number; readonly b: number };
  /** In the vote, where each packaged network has 1. */
  readonly weight: number;
}

/** What a pack's `card.json` says, checked. */
export type PackCard = CardBase &
  (
    | { readonly kind: "classifier"; readonly output: string; readonly activation: "none" | "softmax" }
    | {
        readonly kind: "zero-shot";
        /** The image embedding. */
        readonly output: string;
        readonly prompts: readonly Prompt[];
        /** Cosines are divided by it before the softmax. */
        readonly temperature: number;
      }
  );

const MAX_CLASSES = 100;
const MAX_PROMPTS = 256;
const MAX_EMBEDDING = 4_096;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a pack's card. A field that is not known is refused too, so that a misspelt one is not overlooked.
 * @throws WardlightError `validation`, naming the field and what it must be.
 */
export function parsePackCard(json: unknown): PackCard {
  const card = fields(json, "the card", CARD_FIELDS);
  if (card.format !== 1) throw invalid("format", "1, the only one that this version knows");
  const kind = oneOf(card.kind, "kind", ["classifier", "zero-shot"] as const);
  const output = fields(card.output, "output", kind === "classifier" ? ["name", "classes", "activation"] : ["name"]);
  const outputName = text(output.name, "output.name", 100);
  if (kind === "zero-shot") {
    const prompts = promptsOf(card.prompts);
    const classes = [...new Set(prompts.map((prompt) => prompt.class))];
    if (classes.length < 2) throw invalid("prompts", "of two classes or more");
    const temperature = number(card.temperature, "temperature", 0.001, 10);
    return { kind, ...common(card, classes), output: outputName, prompts, temperature };
  }
  for (const name of ["prompts", "temperature"]) if (name in card) throw invalid(name, "absent in a classifier");
  const classes = names(output.classes, "output.classes", 2, MAX_CLASSES);
  const activation = oneOf(output.activation ?? "none", "output.activation", ["none", "softmax"] as const);
  return { kind, ...common(card, classes), output: outputName, activation };
}

const CARD_FIELDS = [
  ...["format", "id", "version", "name", "license", "source", "about", "kind", "input", "output", "positive"],
  ...["calibration", "weight", "prompts", "temperature"],
];

const ID = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;
const VERSION = /^[0-9a-z][0-9a-z.+-]{0,31}$/;
const SHA256 = /^[0-9a-f]{64}$/;

function common(card: Fields, classes: readonly string[]): CardBase {
  const calibration = fields(card.calibration ?? { a: 1, b: 0 }, "calibration", ["a", "b"]);
  return {
    id: matching(card.id, "id", ID, "lower-case letters, digits and hyphens, 64 at most"),
    version: matching(card.version, "version", VERSION, "such as 1.0.0, 32 characters at most"),
    name: text(card.name, "name", 100),
    license: text(card.license, "license", 100),
    source: text(card.source, "source", 500),
    about: card.about === undefined ? "" : text(card.about, "about", 10_000),
    input: inputOf(card.input),
    classes,
    positive: positiveOf(card.positive, classes),
    // A slope below zero would turn the network's word into its opposite.
    calibration: {
      a: number(calibration.a, "calibration.a", 0.01, 100),
      b: number(calibration.b, "calibration.b", -100, 100),
    },
    weight: number(card.weight ?? 1, "weight", 0.1, 1),
  };
}

const INPUT_FIELDS = ["name", "width", "height", "layout", "channels", "scale", "mean", "std", "resize", "fit"];

function inputOf(value: unknown): PackInput {
  const input = fields(value, "input", INPUT_FIELDS);
  const std = numbers(input.std ?? [1, 1, 1], "input.std", 3, 3);
  if (!std.every((one) => one > 0)) throw invalid("input.std", "three numbers above 0");
  const resize = oneOf(input.resize, "input.resize", ["bilinear-align-corners", "bilinear", "bicubic"] as const);
  const [width, height] = [side(input.width, "input.width"), side(input.height, "input.height")];
  return {
    name: text(input.name, "input.name", 100),
    width,
    height,
    layout: oneOf(input.layout, "input.layout", ["NCHW", "NHWC"] as const),
    channels: oneOf(input.channels, "input.channels", ["RGB", "BGR"] as const),
    scale: number(input.scale, "input.scale", 1e-6, 1_000),
    mean: numbers(input.mean, "input.mean", 3, 3),
    std,
    resize,
    fit: oneOf(input.fit ?? "stretch", "input.fit", ["stretch", "crop"] as const),
  };
}

function positiveOf(value: unknown, classes: readonly string[]): CardBase["positive"] {
  const positive = fields(value, "positive", CATEGORIES);
  if (!("sexual" in positive)) throw invalid("positive", "an object that names the classes of `sexual`");
  const entries = Object.entries(positive).map(([category, listed]) => {
    const chosen = names(listed, `positive.${category}`, 1, MAX_CLASSES);
    const unknown = chosen.find((name) => !classes.includes(name));
    if (unknown !== undefined)
      throw invalid(`positive.${category}`, `made of the card's classes ("${unknown}" is none)`);
    return [category, chosen] as const;
  });
  return Object.fromEntries(entries);
}

function promptsOf(value: unknown): Prompt[] {
  const prompts = list(value, "prompts", 2, MAX_PROMPTS).map((prompt, i): Prompt => {
    const given = fields(prompt, `prompts[${i}]`, ["class", "text", "embedding"]);
    const embedding = numbers(given.embedding, `prompts[${i}].embedding`, 1, MAX_EMBEDDING);
    if (embedding.every((one) => one === 0)) throw invalid(`prompts[${i}].embedding`, "something else than zeros");
    return {
      class: text(given.class, `prompts[${i}].class`, 50),
      text: text(given.text, `prompts[${i}].text`, 500),
      embedding,
    };
  });
  const [first] = prompts;
  const odd = prompts.findIndex(({ embedding }) => embedding.length !== first?.embedding.length);
  if (odd > 0) throw invalid(`prompts[${odd}].embedding`, `as long as the first (${first?.embedding.length})`);
  return prompts;
}

/** What the user pins when they trust a pack. */
export function pinOf(card: PackCard, sha256: string, bytes: number, addedAt: number): PackPin {
  const { id, version, name, license, source, about, weight } = card;
  const categories = CATEGORIES.filter((category) => card.positive[category] !== undefined);
  return { id, version, name, license, source, about, categories, weight, sha256, bytes, addedAt, isEnabled: true };
}

/** So many packs at most, each of which takes memory while it works. */
const MAX_PACKS = 8;

/**
 * Reads the packs that the user trusts, from storage or a message.
 * @throws WardlightError `validation`.
 */
export function parsePins(value: unknown): PackPin[] {
  return list(value ?? [], "packs", 0, MAX_PACKS).map(parsePin);
}

function parsePin(value: unknown): PackPin {
  const known = [
    ...["id", "version", "name", "license", "source", "about", "categories", "weight"],
    ...["sha256", "bytes", "addedAt", "isEnabled"],
  ];
  const pin = fields(value, "pack", known);
  return {
    id: matching(pin.id, "id", ID, "a pack's id"),
    version: matching(pin.version, "version", VERSION, "a version"),
    name: text(pin.name, "name", 100),
    license: text(pin.license, "license", 100),
    source: text(pin.source, "source", 500),
    about: pin.about === "" ? "" : text(pin.about, "about", 10_000),
    categories: list(pin.categories, "categories", 1, CATEGORIES.length).map((one) =>
      oneOf(one, "categories", CATEGORIES),
    ),
    weight: number(pin.weight, "weight", 0.1, 1),
    sha256: matching(pin.sha256, "sha256", SHA256, "64 hexadecimal digits"),
    bytes: number(pin.bytes, "bytes", 1, Number.MAX_SAFE_INTEGER),
    addedAt: number(pin.addedAt, "addedAt", 0, Number.MAX_SAFE_INTEGER),
    isEnabled: pin.isEnabled === true,
  };
}

/** What the user does with packs. */
export type PackChange =
  | { readonly kind: "add"; readonly pin: PackPin }
  | { readonly kind: "enable"; readonly sha256: string; readonly isEnabled: boolean }
  | { readonly kind: "remove"; readonly sha256: string };

/**
 * The trusted packs after a change.
 * @param taken ids that a pack must not call itself: those of the packaged models.
 * @throws WardlightError `validation` where a pack's id is taken, or there are too many.
 */
export function withChange(pins: readonly PackPin[], change: PackChange, taken: readonly string[]): PackPin[] {
  if (change.kind === "remove") return pins.filter(({ sha256 }) => sha256 !== change.sha256);
  if (change.kind === "enable") {
    return pins.map((pin) => (pin.sha256 === change.sha256 ? { ...pin, isEnabled: change.isEnabled } : pin));
  }
  const pin = parsePin(change.pin);
  if (pins.some(({ sha256 }) => sha256 === pin.sha256)) return [...pins];
  if (taken.includes(pin.id)) throw new WardlightError("validation", `"${pin.id}" is the name of a packaged model.`);
  if (pins.some(({ id }) => id === pin.id)) {
    throw new WardlightError("validation", `Another pack called "${pin.id}" is there already: remove it first.`);
  }
  if (pins.length >= MAX_PACKS) throw new WardlightError("validation", `There are ${MAX_PACKS} packs already.`);
  return [...pins, pin];
}

/** A policy with the packs that may be asked, and their weights in the vote. */
export function withPacks(policy: Policy, packs: readonly PackPin[]): Policy {
  const weights = Object.fromEntries(packs.map((pin) => [packDetectorId(pin), pin.weight]));
  return { ...policy, packs, weights: { ...policy.weights, ...weights } };
}

/** The id of a pack's detector: never that of a packaged network, with which it would share a vote. */
export function packDetectorId({ id }: { readonly id: string }): string {
  return `image/pack/${id}`;
}

function fields(value: unknown, name: string, known: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(name, "an object");
  const odd = Object.keys(value).find((key) => !known.includes(key));
  if (odd !== undefined) throw invalid(name, `without "${odd.slice(0, 50)}", which is no field that is known here`);
  return value as Fields;
}

function list(value: unknown, name: string, least: number, most: number): readonly unknown[] {
  if (Array.isArray(value) && value.length >= least && value.length <= most) return value;
  throw invalid(name, least === most ? `a list of ${least}` : `a list of ${least} to ${most}`);
}

function text(value: unknown, name: string, most: number): string {
  // No control characters: what a card says is shown to people.
  const isSound = typeof value === "string" && value.trim() !== "" && value.length <= most;
  if (isSound && !/[\p{Cc}\p{Cf}]/u.test(value.replace(/[\n\t]/g, ""))) return value;
  throw invalid(name, `a text of at most ${most} characters, without control characters`);
}

function matching(value: unknown, name: string, pattern: RegExp, wanted: string): string {
  if (typeof value === "string" && pattern.test(value)) return value;
  throw invalid(name, wanted);
}

function names(value: unknown, name: string, least: number, most: number): string[] {
  const found = list(value, name, least, most).map((one, i) => text(one, `${name}[${i}]`, 50));
  if (new Set(found).size < found.length) throw invalid(name, "a list in which nothing stands twice");
  return found;
}

function number(value: unknown, name: string, least: number, most: number): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw invalid(name, `a number from ${least} to ${most}`);
}

function numbers(value: unknown, name: string, least: number, most: number): number[] {
  return list(value, name, least, most).map((one, i) => number(one, `${name}[${i}]`, -1e6, 1e6));
}

function side(value: unknown, name: string): number {
  const pixels = number(value, name, 16, 1_024);
  if (!Number.isInteger(pixels)) throw invalid(name, "a whole number from 16 to 1024");
  return pixels;
}

function oneOf<T extends string>(value: unknown, name: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw invalid(name, `one of ${known.join(", ")}`);
  return found;
}

function invalid(field: string, wanted: string): WardlightError {
  return new WardlightError("validation", `The pack's card is not valid: "${field}" must be ${wanted}.`);
}
