import pageModel from "../../models/page-injection/model.json" with { type: "json" };
import { type Catalog, rowsOf } from "../core/catalog.ts";
import { deferred } from "../core/detector.ts";
import { isAddressed, pageInjection } from "../core/page/injection.ts";
import { type Passage, passagesOf } from "../core/text/cues.ts";
import { LINEAR_ID, type LinearFamily, linearFamily } from "../core/text/linear.ts";
import { patternDetector } from "../core/text/patterns.ts";
import { piiDetector } from "../core/text/pii.ts";
import type { EncoderHalf, PageJudge, TextParts } from "../core/text/pipeline.ts";
import { secretDetector } from "../core/text/secrets.ts";
import type { TextSubject } from "../core/types.ts";
import { languageLabeller } from "./language.ts";
import { named, type ReadModel } from "./load.ts";
import { openTextEncoder } from "./text-encoder.ts";
import { openLinearHead } from "./text-model.ts";

/**
 * The judges of text: expressions, finders, linear heads, and the catalogue's first text encoder, if it has one.
 * @param own the encoder that takes its place.
 */
export function textPartsOf(catalog: Catalog, read: ReadModel, own?: EncoderHalf): TextParts {
  const [row] = rowsOf(catalog, "text-encoder");
  const packaged = row && { row, open: () => named(row, () => openTextEncoder(row, read)) };
  const encoder = own ?? packaged;
  return {
    patterns: patternDetector(),
    finders: [piiDetector(), secretDetector()],
    linear: linearFamilyOf(catalog, read),
    language: languageLabeller(),
    page: pageJudge(),
    encoder: encoder && { row: encoder.row, open: once(encoder.open) },
  };
}

function pageJudge(): PageJudge {
  const judge = pageInjection(pageModel);
  const known = new WeakMap<TextSubject, readonly Passage[]>();
  const passages = (subject: TextSubject) => {
    const found = known.get(subject) ?? passagesOf(subject);
    known.set(subject, found);
    return found;
  };
  return {
    isOpen: (subject) => isAddressed(subject, passages),
    judge: (subject, signals) => judge(subject, signals, passages),
  };
}

/** What fails once fails again with the same cause. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}

/** The catalogue's linear heads of text as one family; all are loaded with the first text. */
export function linearFamilyOf(catalog: Catalog, read: ReadModel): LinearFamily {
  const rows = rowsOf(catalog, "text-linear");
  const open = once(async () =>
    linearFamily(await Promise.all(rows.map((row) => named(row, () => openLinearHead(row, read))))),
  );
  const categories = rows.flatMap(({ category }) => category ?? []);
  return {
    detector: deferred({ id: LINEAR_ID, kind: "text", categories }, async () => (await open()).detector),
    labeller: {
      id: LINEAR_ID,
      label: async (subjects, signal) => (await open()).labeller.label(subjects, signal),
    },
  };
}
