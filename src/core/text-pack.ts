import type { EncoderCard, EncoderHead } from "./catalog.ts";
import { type Fields, fields, invalid, list, names, number, oneOf } from "./fields.ts";

/** What a text pack's card says of its encoder, as a row of the catalogue does. */
export type EncoderFields = Pick<EncoderCard, "width" | "heads" | "entities">;

export const TEXT_FIELDS: readonly string[] = ["width", "heads", "entities"];
/** The threats that a text can hold: those which a linear head stands beside. */
const THREATS = ["injection", "toxicity", "hate", "offensive"] as const;
/** What is described of a text. */
const DESCRIPTIONS = ["topic", "intent", "sentiment"] as const;
/** What a head of an encoder can be asked. */
export const TASKS = [...THREATS, ...DESCRIPTIONS] as const;
const MAX_WIDTH = 4_096;
const MAX_CLASSES = 100;

/**
 * Reads these fields of a card.
 * @throws WardlightError `validation`, naming the field and what it must be.
 */
export function encoderFields(card: Fields): EncoderFields {
  const width = number(card.width, "width", 1, MAX_WIDTH);
  if (!Number.isInteger(width)) throw invalid("width", "a whole number");
  const heads = list(card.heads, "heads", 1, TASKS.length).map(headOf);
  const tasks = heads.map(({ task }) => task);
  if (new Set(tasks).size < tasks.length) throw invalid("heads", "a list in which no task stands twice");
  const entities = fields(card.entities, "entities", ["status", "threshold"]);
  return {
    width,
    heads,
    entities: {
      status: oneOf(entities.status, "entities.status", STATUSES),
      threshold: number(entities.threshold, "entities.threshold", 0, 1),
    },
  };
}

const STATUSES = ["active", "shadow"] as const;
const HEAD_FIELDS = [
  "task",
  "category",
  "classes",
  "status",
  "calibration",
  "weight",
  "threshold",
  "askFrom",
  "askFromIn",
];

function headOf(value: unknown, i: number): EncoderHead {
  const name = (field: string) => `heads[${i}].${field}`;
  const head = fields(value, `heads[${i}]`, HEAD_FIELDS);
  const calibration = fields(head.calibration, name("calibration"), ["a", "b", "languages"]);
  const task = oneOf(head.task, name("task"), TASKS);
  const shared = {
    task,
    status: oneOf(head.status, name("status"), STATUSES),
    // A slope below zero would turn the head's word into its opposite.
    calibration: {
      a: number(calibration.a, name("calibration.a"), 0.01, 100),
      b: number(calibration.b, name("calibration.b"), -100, 100),
      ...("languages" in calibration
        ? { languages: byLanguage(calibration.languages, name("calibration.languages"), -100, 100) }
        : {}),
    },
    weight: number(head.weight, name("weight"), 0, 1),
  };
  const threat = THREATS.find((one) => one === task);
  if (threat === undefined) {
    for (const field of ["category", "threshold", "askFrom", "askFromIn"])
      if (field in head) throw invalid(name(field), "absent in a head that describes");
    return { ...shared, classes: names(head.classes, name("classes"), 2, MAX_CLASSES) };
  }
  list(head.classes, name("classes"), 0, 0);
  return {
    ...shared,
    category: oneOf(head.category, name("category"), [threat]),
    classes: [],
    threshold: number(head.threshold, name("threshold"), 0, 1),
    askFrom: number(head.askFrom, name("askFrom"), 0, 1),
    ...("askFromIn" in head ? { askFromIn: byLanguage(head.askFromIn, name("askFromIn"), 0, 1) } : {}),
  };
}

/** Which languages are told apart is the extension's to know; whatever has a name of two letters may stand here. */
function byLanguage(value: unknown, name: string, least: number, most: number): Record<string, number> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(name, "an object");
  const entries = Object.entries(value);
  if (!entries.every(([lang]) => /^[a-z]{2}$/.test(lang))) throw invalid(name, "named by languages of two letters");
  return Object.fromEntries(entries.map(([lang, one]) => [lang, number(one, `${name}.${lang}`, least, most)]));
}
