import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import catalogJson from "../../../models/catalog.json" with { type: "json" };
import ablation from "../../../models/text-measures/figures.json" with { type: "json" };
import { parseCatalog, type TextModelRow } from "../../../src/core/catalog.ts";
import { EPS, MIN_POINTS } from "../../../src/core/text/clusters.ts";
import { FAMILIES, measuresOf } from "../../../src/core/text/measures.ts";
import { NEIGHBOURS } from "../../../src/core/text/neighbours.ts";
import { PATTERNS } from "../../../src/core/text/patterns.ts";
import { likelyTools } from "../../../src/core/text/tools.ts";

/** What the reference systems print about text, and where each entry is kept here. */

const workshop = (module: string) =>
  readFileSync(new URL(`../../../models/workshop/workshop/${module}.py`, import.meta.url), "utf8");
const source = (file: string) => readFileSync(new URL(`../../../src/core/text/${file}`, import.meta.url), "utf8");
const cardOf = (id: string) => readFileSync(new URL(`../../../models/${id}/MODEL_CARD.md`, import.meta.url), "utf8");
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
    ...["pos_noun_ratio", "pos_propn_ratio", "pos_verb_ratio", "pos_aux_ratio", "pos_adj_ratio", "pos_adv_ratio"],
    ...["pos_pron_ratio", "pos_adp_ratio", "pos_det_ratio", "pos_conj_ratio", "pos_num_ratio", "pos_intj_ratio"],
    ...["num_entities", "entity_person_ratio", "entity_place_ratio", "entity_organization_ratio"],
    ...["entity_date_ratio", "entity_money_ratio"],
  ])("%s", (name) => expect(Object.values(FAMILIES).flat()).toContain(name));

  test.each(["tfidf_mean", "tfidf_std", "tfidf_max", "tfidf_min", "tfidf_nonzero", "tfidf_sparsity"])(
    "%s is in the ablation",
    (name) => {
      expect(workshop("measures")).toContain(`"${name}"`);
      expect(ablation).toHaveProperty("only tfidf");
    },
  );

  test.each(["embedding", "other language"])("%s: the card says why not", (name) => {
    expect(cardOf("text-measures").split("## What is left out")[1]?.split("## ")[0]).toContain(name);
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

test.each(["role_playing", "hypothetical", "system_override", "character_injection"])(
  "the kind of jailbreak %s has expressions, or is what a disguise counts as",
  (kind) => {
    const groups = new Set(PATTERNS.map(({ group }) => group));
    if (kind !== "character_injection") expect(groups).toContain(kind);
    else expect(source("patterns.ts")).toContain(`"${kind}"`);
  },
);

test.each([
  ["injection-linear", ".938, ES .951, FR .943, IT .947, DE .939; P .926, R .952, F1 .939"],
  ["injection-linear", "10,000 rows made up, three tenths of them attacks"],
  ["injection-linear", "33.6 KB"],
  ["toxicity-linear", "accuracy .884, AUC .93, F1 .872"],
  ["topic-linear", ".942 (F1 .938)"],
  ["topic-linear", "What is the best strategy for corporate mergers and acquisitions?"],
  ["topic-linear", "How do antitrust laws affect business competition?"],
])("the card of %s sets ours beside its figure: %s", (id, figure) => {
  expect(cardOf(id).split("## Beside the reference")[1]).toContain(figure);
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

test.each<[string, readonly string[]]>([
  ["information_retrieval", ["web search", "weather", "knowledge base"]],
  ["data_transformation", ["format converter", "data processor"]],
  ["calculation", ["calculator", "solver", "statistics"]],
  ["communication", ["mail", "messaging"]],
  ["scheduling", ["calendar", "reminders"]],
  ["file_operations", ["file reader", "file writer", "cloud storage"]],
  ["analysis", ["data analyser", "summariser"]],
  ["no_function_needed", []],
])("likely tools of %s", (intent, tools) => {
  expect(classesOf("intent")).toContain(intent);
  expect(likelyTools({ intent: { other: 0.4, [intent]: 0.6 } })).toEqual(tools);
  expect(likelyTools({})).toEqual([]);
});

test.each([
  ["linear_fit", "SEED = 42"],
  ["linear_fit", 'solver="liblinear"'],
  ["heads", "the reference has 1."],
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
