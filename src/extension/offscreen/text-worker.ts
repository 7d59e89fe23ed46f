import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { parseCatalog } from "../../core/catalog.ts";
import { detectAll } from "../../core/detector.ts";
import { patternDetector } from "../../core/text/patterns.ts";
import type { TextSubject } from "../../core/types.ts";
import { linearsOf } from "../../inference/detectors.ts";
import { readModel } from "./packaged.ts";
import { serveWorker } from "./worker-server.ts";

const detectors = [patternDetector(), ...linearsOf(parseCatalog(catalogJson), readModel)];

serveWorker<TextSubject>((subjects, signal) => detectAll(detectors, subjects, signal));
