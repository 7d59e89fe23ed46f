import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../core/catalog.ts";
import { within } from "../../core/detector.ts";
import { judgeTexts } from "../../core/text/pipeline.ts";
import type { Finding, TextSubject } from "../../core/types.ts";
import { textPartsOf } from "../../inference/text-parts.ts";
import { readModel, usePackagedRuntime } from "./packaged.ts";
import { serveWorker } from "./worker-server.ts";

usePackagedRuntime();
const all = textPartsOf(parseCatalog(catalogJson), readModel);
/** What stands on a page is everybody's already; what the user is about to send is not. */
const parts = { ...all, finders: all.finders.map((finder) => within(["prompt", "paste"], finder)) };

serveWorker<TextSubject>((subjects, signal) => judgeTexts(parts, subjects, { isWanted }, signal));

/** A harmless text of a page needs no description unless hours go by it: it would cost more than the judging. */
function isWanted({ signals }: Finding, { isDescribed }: TextSubject): boolean {
  return isDescribed === true || signals.some(({ score }) => score >= 0.5);
}
