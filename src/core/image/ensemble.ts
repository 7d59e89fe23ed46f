import { type ModelRow, modelName } from "../catalog.ts";
import { cascaded } from "../detector.ts";
import type { Detector, ImageSubject, Signal } from "../types.ts";
import { doubting } from "./adversarial.ts";
import { skinDetector } from "./appearance.ts";

/** Below this score the light network's word is enough to let a picture through; above it the second is asked. */
export const HARMLESS_BELOW = 0.1;
/** A picture that is probably suggestive is never let through on one word, since the strict level counts that. */
const SUGGESTIVE = { name: "Sexy", from: 0.5 } as const;

/** To be raised with any change of what leads from pixels to a finding, so that findings of before are not used again. */
const REVISION = 1;

/** Names all that leads to a finding: what was found by another pipeline says nothing about this one. */
export function pipelineOf(models: readonly Pick<ModelRow, "id" | "version">[]): string {
  return [REVISION, ...models.map(modelName)].join(" ");
}

/** How the product asks its picture networks, in the catalogue's order. */
export function picturePipeline(networks: readonly Detector<ImageSubject>[]): Detector<ImageSubject>[] {
  const [first, ...rest] = networks;
  return first ? pictureCascade([doubting(first), ...rest], [skinDetector()]) : [];
}

/**
 * The networks in the catalogue's order. The first may let a picture through alone. The second is asked about the rest,
 * and each further one only where those before it stand on both sides of one half. What is done about a picture needs two
 * of them (`Rule.voters`), so an early exit can only allow.
 * @param hints are asked along with the second: cheap detectors whose signals are hints.
 */
export function pictureCascade(
  networks: readonly Detector<ImageSubject>[],
  hints: readonly Detector<ImageSubject>[] = [],
): Detector<ImageSubject>[] {
  const [first, second, ...rest] = networks;
  if (!first) return [];
  if (!second) return [first];
  const opened = cascaded(first, together([second, ...hints]), isHarmless);
  return [rest.reduce((asked, next) => cascaded(asked, next, isAgreed), opened)];
}

function isHarmless(signals: readonly Signal[]): boolean {
  return signals.every(({ score, evidence }) => {
    const isSuggestive = evidence.some(
      (item) => item.kind === "class" && item.name === SUGGESTIVE.name && item.score >= SUGGESTIVE.from,
    );
    return score < HARMLESS_BELOW && !isSuggestive;
  });
}

function isAgreed(signals: readonly Signal[]): boolean {
  const votes = signals.filter(({ isHint }) => !isHint).map(({ score }) => score >= 0.5);
  return votes.every((vote) => vote === votes[0]);
}

/** Several detectors as one. */
function together(detectors: readonly Detector<ImageSubject>[]): Detector<ImageSubject> {
  return {
    id: detectors.map(({ id }) => id).join("+"),
    kind: "image",
    categories: [...new Set(detectors.flatMap(({ categories }) => categories))],
    async detect(subjects, signal) {
      const answers = await Promise.all(detectors.map((detector) => detector.detect(subjects, signal)));
      return subjects.map((_, i) => answers.flatMap((answer) => answer[i] ?? []));
    },
  };
}
