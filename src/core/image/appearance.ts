import { sigmoid } from "../math.ts";
import type { Detector, Evidence, ImageSubject, Probability, Signal } from "../types.ts";
import { type Features, featuresOf } from "./features.ts";
import { readThumbnail } from "./thumbnail.ts";

/** Beside the networks: how much of a picture is in skin tones, as a hint, with all that was measured as evidence. */
export function skinDetector(): Detector<ImageSubject> {
  return detectorOf("image/skin", hintOf);
}

/**
 * Instead of the networks, where none can be opened and the user chose that: colour and shape alone, by hand-set weights
 * after the nudity detectors of before neural networks (Fleck, Forsyth and Bregler, "Finding naked people", 1996;
 * Ap-apid, "An algorithm for nudity detection", 2005): large connected skin, much of it in the middle, in a picture that
 * is no drawing. Its errors on ordinary photographs are in ARCHITECTURE.md; what it finds was not measured.
 */
export function heuristicDetector(): Detector<ImageSubject> {
  return detectorOf("image/heuristic", guess);
}

function detectorOf(id: string, score: (features: Features) => Probability): Detector<ImageSubject> {
  return {
    id,
    kind: "image",
    categories: ["sexual"],
    async detect(subjects) {
      return subjects.map(({ pixels }) => {
        const features = readThumbnail(pixels, featuresOf);
        return [{ category: "sexual", score: score(features), detector: id, isHint: true, evidence: told(features) }];
      }) satisfies Signal[][];
    },
  };
}

/** Between .18 and .82, and one half at a fifth of the picture, so that it can tip an even vote and no other. */
function hintOf({ skin }: Features): Probability {
  return sigmoid(Math.max(-1.5, Math.min(1.5, 7.5 * (skin - 0.2))));
}

function guess({ skinPatch, skinInCentre, skinExtent, palette, flatness, edges }: Features): Probability {
  const isPatterned = skinExtent > 0.95 ? 1 : 0;
  const isDrawn = palette < 0.02 || flatness > 0.6 ? 1 : 0;
  return sigmoid(6 * skinPatch + 3 * skinInCentre - 2 * edges - 2 * isPatterned - 3 * isDrawn - 5);
}

function told(features: Features): Evidence[] {
  return Object.entries(features).map(([rule, value]) => ({ kind: "rule", rule, value: value.toFixed(3) }));
}
