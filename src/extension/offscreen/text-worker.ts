import { detectAll } from "../../core/detector.ts";
import { patternDetector } from "../../core/text/patterns.ts";
import type { TextSubject } from "../../core/types.ts";
import { serveWorker } from "./worker-server.ts";

const detectors = [patternDetector()];

serveWorker<TextSubject>((subjects, signal) => detectAll(detectors, subjects, signal));
