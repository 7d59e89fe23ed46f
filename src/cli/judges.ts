import { readFile } from "node:fs/promises";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../core/catalog.ts";
import { detectAll } from "../core/detector.ts";
import { skinDetector } from "../core/image/appearance.ts";
import { picturePipeline } from "../core/image/ensemble.ts";
import { patternDetector } from "../core/text/patterns.ts";
import type { Category, Detector, Finding, Subject } from "../core/types.ts";
import { type Blocklist, blocklistDetector } from "../core/url/blocklist.ts";
import { urlDetectors } from "../core/url/detectors.ts";
import { type HashSet, readPack, textHas } from "../core/url/host-pack.ts";
import { linearsOf, networksOf, urlModelsOf } from "../inference/detectors.ts";

const ROOT = new URL("../../", import.meta.url);
const catalog = parseCatalog(catalogJson);

/** The product's own judges. */
export interface Judges {
  /** Every category that these judges can speak of, by kind of subject. */
  categories(kind: Subject["kind"]): readonly Category[];
  judge(subject: Subject): Promise<Finding>;
}

/** @param isFull asks every network about every picture, also where the first is sure that it is harmless. */
export async function openJudges(isFull: boolean): Promise<Judges> {
  const networks = networksOf(catalog, readModel);
  const detectors = {
    text: [patternDetector(), ...linearsOf(catalog, readModel)],
    image: isFull ? [...networks, skinDetector()] : picturePipeline(networks),
    url: [blocklistDetector(await readLists()), ...urlDetectors(), ...urlModelsOf(catalog, readModel)],
  };
  return {
    categories: (kind) => [...new Set(detectors[kind].flatMap(({ categories }) => categories))],
    judge: (subject) => {
      if (subject.kind === "text") return ask(detectors.text, subject);
      return subject.kind === "image" ? ask(detectors.image, subject) : ask(detectors.url, subject);
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
  const sections = readPack(new Uint8Array(await readFile(new URL(`public/${catalog.pack.path}`, ROOT))));
  return catalog.lists.map(({ id, category, path }, i) => ({
    id,
    category,
    hosts: sections[i] as HashSet,
    confirm: async (entry) => textHas(await readFile(new URL(`public/${path}`, ROOT), "utf8"), entry),
  }));
}
