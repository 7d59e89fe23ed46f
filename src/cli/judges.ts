import { readFile } from "node:fs/promises";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import measureModel from "../../models/text-measures/model.json" with { type: "json" };
import { parseCatalog } from "../core/catalog.ts";
import { detectAll, labelled } from "../core/detector.ts";
import { skinDetector } from "../core/image/appearance.ts";
import { picturePipeline } from "../core/image/ensemble.ts";
import { type Measures, measuresOf, scoreOfMeasures } from "../core/text/measures.ts";
import { patternDetector } from "../core/text/patterns.ts";
import { piiDetector } from "../core/text/pii.ts";
import { secretDetector } from "../core/text/secrets.ts";
import type { Category, Detector, Finding, Labeller, Labels, Subject, TextSubject } from "../core/types.ts";
import { type Blocklist, blocklistDetector } from "../core/url/blocklist.ts";
import { urlDetectors } from "../core/url/detectors.ts";
import { type HashSet, readPack, textHas } from "../core/url/host-pack.ts";
import { linearFamilyOf, networksOf, urlModelsOf } from "../inference/detectors.ts";
import { languageLabeller } from "../inference/language.ts";

const ROOT = new URL("../../", import.meta.url);
const catalog = parseCatalog(catalogJson);

/** The product's own judges. */
export interface Judges {
  /** Every category that these judges can speak of, by kind of subject. */
  categories(kind: Subject["kind"]): readonly Category[];
  judge(subject: Subject): Promise<Finding>;
  /** What can be counted of a text, where everything is asked. */
  measure(subject: Subject, labels?: Labels): { readonly measures?: Measures };
}

/** @param isFull asks every network about every picture, also where the first is sure of it, and measures texts. */
export async function openJudges(isFull: boolean): Promise<Judges> {
  const networks = networksOf(catalog, readModel);
  const linear = linearFamilyOf(catalog, readModel);
  const labellers = [linear.labeller, languageLabeller()];
  const detectors = {
    text: [patternDetector(), piiDetector(), secretDetector(), linear.detector],
    image: isFull ? [...networks, skinDetector()] : picturePipeline(networks),
    url: [blocklistDetector(await readLists()), ...urlDetectors(), ...urlModelsOf(catalog, readModel)],
  };
  return {
    categories: (kind) => [...new Set(detectors[kind].flatMap(({ categories }) => categories))],
    judge: async (subject) => {
      if (subject.kind === "text") return described(subject, await ask(detectors.text, subject), labellers);
      return subject.kind === "image" ? ask(detectors.image, subject) : ask(detectors.url, subject);
    },
    measure(subject, labels) {
      if (!isFull || subject.kind !== "text") return {};
      const measures = measuresOf(subject.text, typeof labels?.language === "string" ? labels.language : "en");
      return { measures: { ...measures, score: scoreOfMeasures(measures, measureModel) } };
    },
  };
}

async function ask<S extends Subject>(detectors: readonly Detector<S>[], subject: S): Promise<Finding> {
  const [finding = { signals: [] }] = await detectAll(detectors, [subject], new AbortController().signal);
  return finding;
}

async function described(
  subject: TextSubject,
  finding: Finding,
  labellers: readonly Labeller<TextSubject>[],
): Promise<Finding> {
  const signal = new AbortController().signal;
  const [whole = finding] = await labelled(labellers, [subject], [finding], () => true, signal);
  return whole;
}

async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`models/${path}`, ROOT)));
}

async function readLists(): Promise<Blocklist[]> {
  const sections = readPack(new Uint8Array(await readFile(new URL(`public/${catalog.pack.path}`, ROOT))));
  return catalog.lists.map(({ id, category, path }, i) => ({
    id,
    category,
    hosts: sections[i] as HashSet,
    confirm: async (entry) => textHas(await readFile(new URL(`public/${path}`, ROOT), "utf8"), entry),
  }));
}
