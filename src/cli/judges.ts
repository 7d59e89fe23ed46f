import { readFile } from "node:fs/promises";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import measureModel from "../../models/text-measures/model.json" with { type: "json" };
import { parseCatalog } from "../core/catalog.ts";
import { detectAll } from "../core/detector.ts";
import { skinDetector } from "../core/image/appearance.ts";
import { picturePipeline } from "../core/image/ensemble.ts";
import type { Entity } from "../core/text/entities.ts";
import type { Measures } from "../core/text/measures.ts";
import { categoriesOfTexts, countsEntities, judgeTexts, readDeeply } from "../core/text/pipeline.ts";
import { likelyTools } from "../core/text/tools.ts";
import type { Category, Detector, Finding, Labels, Subject } from "../core/types.ts";
import { type Blocklist, blocklistDetector } from "../core/url/blocklist.ts";
import { urlDetectors } from "../core/url/detectors.ts";
import { type HashSet, readPack, textHas } from "../core/url/host-pack.ts";
import { networksOf, urlModelsOf } from "../inference/detectors.ts";
import { textPartsOf } from "../inference/text-parts.ts";

const ROOT = new URL("../../", import.meta.url);
/** The catalogue of the package. */
export const SHIPPED = parseCatalog(catalogJson);

/** The product's own judges. */
export interface Judges {
  /** Every category that these judges can speak of, by kind of subject. */
  categories(kind: Subject["kind"]): readonly Category[];
  judge(subject: Subject): Promise<Finding>;
  /** Personal data that the text encoder finds: in what may be sent away, or where everything is asked. */
  entities(subject: Subject): Promise<readonly Entity[]>;
  /** What can be counted of a text, what each head says of it, and what its intent would call for; where everything is asked. */
  measure(subject: Subject, labels?: Labels): Promise<Counted>;
}

/** Beside a verdict, for who wants to know everything. */
export interface Counted {
  readonly measures?: Measures;
  readonly tools?: readonly string[];
  /** Where the text lies among others, by the encoder. */
  readonly vector?: Float32Array;
}

/**
 * @param isFull asks every network about every picture and text, also where a cheaper one is sure of it, and measures
 * texts.
 * @param catalog for tests: other models, and how they are read.
 */
export async function openJudges(isFull: boolean, catalog = SHIPPED, read = readModel): Promise<Judges> {
  // The library behind it takes a tenth of a second to load.
  const counting = isFull ? await import("../core/text/measures.ts") : undefined;
  const networks = networksOf(catalog, read);
  const parts = textPartsOf(catalog, read);
  const detectors = {
    image: isFull ? [...networks, skinDetector()] : picturePipeline(networks),
    url: [blocklistDetector(await readLists()), ...urlDetectors(), ...urlModelsOf(catalog, read)],
  };
  const { signal } = new AbortController();
  return {
    categories: (kind) =>
      kind === "text"
        ? categoriesOfTexts(parts)
        : [...new Set(detectors[kind].flatMap(({ categories }) => categories))],
    judge: async (subject) => {
      if (subject.kind === "image") return ask(detectors.image, subject);
      if (subject.kind === "url") return ask(detectors.url, subject);
      const [finding = { signals: [] }] = await judgeTexts(parts, [subject], { isFull, isWanted: () => true }, signal);
      return finding;
    },
    async entities(subject) {
      if (subject.kind !== "text" || !(isFull || countsEntities(parts, subject))) return [];
      return (await readDeeply(parts, subject, signal)).entities;
    },
    async measure(subject, labels) {
      if (!counting || subject.kind !== "text") return {};
      const counted = counting.measuresOf(subject.text, typeof labels?.language === "string" ? labels.language : "en");
      const { measures, vector } = await readDeeply(parts, subject, signal);
      return {
        measures: { ...counted, score: counting.scoreOfMeasures(counted, measureModel), ...measures },
        tools: likelyTools(labels ?? {}),
        ...(vector ? { vector } : {}),
      };
    },
  };
}

async function ask<S extends Subject>(detectors: readonly Detector<S>[], subject: S): Promise<Finding> {
  const [finding = { signals: [] }] = await detectAll(detectors, [subject], new AbortController().signal);
  return finding;
}

async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`models/${path}`, ROOT)));
}

async function readLists(): Promise<Blocklist[]> {
  const sections = readPack(new Uint8Array(await readFile(new URL(`public/${SHIPPED.pack.path}`, ROOT))));
  return SHIPPED.lists.map(({ id, category, path }, i) => ({
    id,
    category,
    hosts: sections[i] as HashSet,
    confirm: async (entry) => textHas(await readFile(new URL(`public/${path}`, ROOT), "utf8"), entry),
  }));
}
