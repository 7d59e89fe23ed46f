import { type Fields, fields, invalid, list, matching, names, number, numbers, oneOf, side, text } from "./fields.ts";
import { type EncoderFields, encoderFields, TEXT_FIELDS } from "./text-pack.ts";
import { CATEGORIES, type Category } from "./types.ts";

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

/** What every pack tells people of itself. */
interface About {
  /** Lower case, the first part of `name@version`. */
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly license: string;
  readonly source: string;
  /** What whoever made the pack has to say of it; "" for nothing. */
  readonly about: string;
}

interface ImageCardBase extends About {
  readonly input: PackInput;
  readonly classes: readonly string[];
  /** By category: the classes whose probabilities add up to it. */
  readonly positive: Readonly<Partial<Record<Category, readonly string[]>>>;
  /** Platt scaling in log-odds, as in the catalogue. */
  readonly calibration: { readonly a: number; readonly b: number };
  /** In the vote, where each packaged network has 1. */
  readonly weight: number;
}

/** Of a pack that judges pictures. */
export type ImagePackCard = ImageCardBase &
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

/** Of a pack that reads texts: its heads are described as in the catalogue. */
export type TextPackCard = About & EncoderFields & { readonly kind: "text-encoder" };

/** What a pack's `card.json` says, checked. */
export type PackCard = ImagePackCard | TextPackCard;

const MAX_CLASSES = 100;
const MAX_PROMPTS = 256;
const MAX_EMBEDDING = 4_096;

/**
 * Reads a pack's card. A field that is not known is refused too, so that a misspelt one is not overlooked.
 * @throws WardlightError `validation`, naming the field and what it must be.
 */
export function parsePackCard(json: unknown): PackCard {
  const isText = (json as Fields | null | undefined)?.kind === "text-encoder";
  const card = fields(json, "the card", [...ABOUT_FIELDS, ...(isText ? TEXT_FIELDS : IMAGE_FIELDS)]);
  if (card.format !== 1) throw invalid("format", "1, the only one that this version knows");
  const kind = oneOf(card.kind, "kind", ["classifier", "zero-shot", "text-encoder"] as const);
  return kind === "text-encoder" ? { kind, ...aboutOf(card), ...encoderFields(card) } : imageCard(kind, card);
}

function imageCard(kind: ImagePackCard["kind"], card: Fields): ImagePackCard {
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

const ABOUT_FIELDS = ["format", "id", "version", "name", "license", "source", "about", "kind"];
const IMAGE_FIELDS = ["input", "output", "positive", "calibration", "weight", "prompts", "temperature"];

/** What a pack may be called. */
export const ID = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;
/** What its version may look like. */
export const VERSION = /^[0-9a-z][0-9a-z.+-]{0,31}$/;

function aboutOf(card: Fields): About {
  return {
    id: matching(card.id, "id", ID, "lower-case letters, digits and hyphens, 64 at most"),
    version: matching(card.version, "version", VERSION, "such as 1.0.0, 32 characters at most"),
    name: text(card.name, "name", 100),
    license: text(card.license, "license", 100),
    source: text(card.source, "source", 500),
    about: card.about === undefined ? "" : text(card.about, "about", 10_000),
  };
}

function common(card: Fields, classes: readonly string[]): ImageCardBase {
  const calibration = fields(card.calibration ?? { a: 1, b: 0 }, "calibration", ["a", "b"]);
  return {
    ...aboutOf(card),
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

function positiveOf(value: unknown, classes: readonly string[]): ImageCardBase["positive"] {
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
