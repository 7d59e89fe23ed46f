import { readFile } from "node:fs/promises";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../core/catalog.ts";
import { detectAll } from "../core/detector.ts";
import { nsfwDetector } from "../core/image/nsfw.ts";
import { patternDetector } from "../core/text/patterns.ts";
import type { Category, Detector, Finding, ImageSubject, Subject, TextSubject, UrlSubject } from "../core/types.ts";
import { blocklistDetector, parseHosts } from "../core/url/blocklist.ts";
import { openImageModel } from "../inference/image-model.ts";

const ROOT = new URL("../../", import.meta.url);
const { models, lists } = parseCatalog(catalogJson);

/** The product's own judges, each opened with the first subject of its kind. */
export interface Judges {
  /** Every category that these judges can speak of, by kind of subject. */
  categories(kind: Subject["kind"]): Promise<readonly Category[]>;
  judge(subject: Subject): Promise<Finding>;
}

export function openJudges(): Judges {
  const text = once<TextSubject>(async () => [patternDetector()]);
  const image = once<ImageSubject>(async () =>
    Promise.all(models.map(async (row) => nsfwDetector(row, await openImageModel(row, readModel)))),
  );
  const url = once<UrlSubject>(async () => [blocklistDetector(await Promise.all(lists.map(readList)))]);
  const signal = new AbortController().signal;
  const openers = { text, image, url };
  return {
    categories: async (kind) => (await openers[kind]()).flatMap((detector) => detector.categories),
    async judge(subject) {
      const [finding = { signals: [] }] = await (subject.kind === "text"
        ? detectAll(await text(), [subject], signal)
        : subject.kind === "image"
          ? detectAll(await image(), [subject], signal)
          : detectAll(await url(), [subject], signal));
      return finding;
    },
  };
}

function once<S extends Subject>(open: () => Promise<Detector<S>[]>): () => Promise<Detector<S>[]> {
  let opened: Promise<Detector<S>[]> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`models/${path}`, ROOT)));
}

async function readList({ id, category, path }: (typeof lists)[number]) {
  return { id, category, hosts: new Set(parseHosts(await readFile(new URL(`public/${path}`, ROOT), "utf8"))) };
}
