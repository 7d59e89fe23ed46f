import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../core/catalog.ts";
import { detectAll, labelled, within } from "../../core/detector.ts";
import { patternDetector } from "../../core/text/patterns.ts";
import { piiDetector } from "../../core/text/pii.ts";
import { secretDetector } from "../../core/text/secrets.ts";
import type { Finding, TextSubject } from "../../core/types.ts";
import { linearFamilyOf } from "../../inference/detectors.ts";
import { languageLabeller } from "../../inference/language.ts";
import { readModel } from "./packaged.ts";
import { serveWorker } from "./worker-server.ts";

const linear = linearFamilyOf(parseCatalog(catalogJson), readModel);
/** What stands on a page is everybody's already; what the user is about to send is not. */
const drafts = [piiDetector(), secretDetector()].map((detector) => within(["prompt", "paste"], detector));
const detectors = [patternDetector(), ...drafts, linear.detector];
const labellers = [linear.labeller, languageLabeller()];

serveWorker<TextSubject>(async (subjects, signal) => {
  const findings = await detectAll(detectors, subjects, signal);
  return labelled(labellers, subjects, findings, isNews, signal);
});

/** A harmless text of a page needs no description: nobody asks for it, and it would cost more than the judging. */
function isNews({ signals }: Finding): boolean {
  return signals.some(({ score }) => score >= 0.5);
}
