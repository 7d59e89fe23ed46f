import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import catalogJson from "../../../models/catalog.json" with { type: "json" };
import ablation from "../../../models/text-measures/figures.json" with { type: "json" };
import { parseCatalog, type TextModelRow } from "../../../src/core/catalog.ts";
import { EPS, MIN_POINTS } from "../../../src/core/text/clusters.ts";
import { FAMILIES, measuresOf } from "../../../src/core/text/measures.ts";
import { NEIGHBOURS } from "../../../src/core/text/neighbours.ts";
import { PATTERNS } from "../../../src/core/text/patterns.ts";

/** What the reference systems print about text, and where each entry is kept here. */

const workshop = (module: string) =>
  readFileSync(new URL(`../../../models/workshop/workshop/${module}.py`, import.meta.url), "utf8");
const heads = parseCatalog(catalogJson).models.filter((model): model is TextModelRow => model.kind === "text-linear");
const classesOf = (task: string) => heads.find((head) => head.task === task)?.classes;

describe("measures", () => {
  test.each([
    ...["text_length", "word_count", "char_count", "sentence_count", "avg_word_length"],
    ...["digit_ratio", "uppercase_ratio", "special_char_ratio"],
    ...["num_sentences", "num_tokens", "avg_token_length", "readability"],
    ...["injection_count", "injection_ratio", "system_count", "system_ratio"],
    ...["code_count", "code_ratio", "admin_count", "admin_ratio"],
    ...["url_count", "email_count", "ip_count", "html_tag_count", "script_tag_count", "special_sequence_count"],
  ])("%s", (name) => expect(Object.values(FAMILIES).flat()).toContain(name));

  test.each(["tfidf_mean", "tfidf_std", "tfidf_max", "tfidf_min", "tfidf_nonzero", "tfidf_sparsity"])(
    "%s is in the ablation",
    (name) => {
      expect(workshop("measures")).toContain(`"${name}"`);
      expect(ablation).toHaveProperty("only tfidf");
    },
  );

  test.each(["num_entities", "pos_X_ratio", "entity_X_ratio", "embedding"])("%s: the card says why not", (name) => {
    const card = readFileSync(new URL("../../../models/text-measures/MODEL_CARD.md", import.meta.url), "utf8");
    expect(card.split("## What is left out")[1]?.split("## ")[0]).toContain(name);
  });
});

describe("security groups", () => {
  test.each<[string, readonly string[]]>([
    [
      "injection",
      [
        ...["ignore previous instructions", "ignore all instruction", "ignore system instructions"],
        ...["disregard everything", "disregard all", "disregard previous"],
        ...["override safety", "override security", "override protocol", "override protocols"],
        ...["bypass content", "bypass filter", "bypass filters", "bypass restriction", "bypass restrictions"],
      ],
    ],
    [
      "system",
      [
        ...["system prompt", "system prompts", "system instruction", "system instructions"],
        ...["you are now dan", "you are now jailbroken", "you are now unrestricted"],
        ...["roleplay as admin", "roleplay as developer", "roleplay as hacker"],
        ...["pretend to be different ai", "pretend to be another ai"],
      ],
    ],
    [
      "code",
      [
        ...["execute command", "execute code", "execute script", "run arbitrary code", "run malicious code"],
        ...["<script>alert(1)</script>", "javascript:", "data:text/html"],
      ],
    ],
    [
      "admin",
      [
        ...["admin access", "admin privileges", "admin rights", "root permissions", "root access"],
        ...["superuser mode", "superuser access", "privileged access", "privileged mode"],
      ],
    ],
  ])("%s", (group, phrases) => {
    for (const phrase of phrases) {
      expect(measuresOf(phrase, "en"), phrase).toMatchObject({ [`${group}_count`]: 1 });
      expect(measuresOf(phrase.toUpperCase(), "en")[`${group}_ratio`], phrase).toBeGreaterThan(0);
    }
  });
});

test("pattern confidence is .8 in English and .9 in other languages, but for words that are also harmless", () => {
  const printed = (isEnglish: boolean) =>
    new Set(PATTERNS.filter(({ lang }) => (lang === "en") === isEnglish).map(({ confidence }) => confidence));
  expect(printed(true)).toContain(0.8);
  expect(printed(false)).toContain(0.9);
});

test("neighbours and clusters", () => {
  expect({ NEIGHBOURS, EPS, MIN_POINTS }).toEqual({ NEIGHBOURS: 5, EPS: 0.5, MIN_POINTS: 5 });
});

test.each<[string, readonly string[]]>([
  [
    "topic",
    [
      ...["biology", "business", "chemistry", "computer science", "economics", "engineering", "health"],
      ...["history", "law", "math", "other", "philosophy", "physics", "psychology"],
    ],
  ],
  [
    "intent",
    [
      ...["information_retrieval", "data_transformation", "calculation", "communication"],
      ...["scheduling", "file_operations", "analysis", "no_function_needed"],
    ],
  ],
])("classes of %s", (task, classes) => expect(classesOf(task)?.toSorted()).toEqual(classes.toSorted()));

test.each([
  ["linear_fit", "SEED = 42"],
  ["linear_study", "k=1000"],
  ["linear_study", "mutual_info_classif"],
  ["linear_study", "(0.1, 1.0, 10.0)"],
  ["linear_study", '("liblinear", "saga")'],
  ["linear_study", '("l1", 1.0), ("l2", 0.0)'],
  ["linear_study", "StratifiedKFold(5"],
  ["measures", "StandardScaler()"],
  ["measures", "COMPONENTS = 50"],
  ["measures", "MAX_FEATURES = 10_000"],
])("the workshop's %s has %s", (module, parameter) => expect(workshop(module)).toContain(parameter));
