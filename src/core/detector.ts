import { failureOf } from "./errors.ts";
import type { Detector, Finding, Subject } from "./types.ts";

/**
 * Asks every detector about every subject. A detector that fails costs its own signals alone: the finding carries the
 * first failure beside what the others said.
 */
export async function detectAll<S extends Subject>(
  detectors: readonly Detector<S>[],
  subjects: readonly S[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const answers = await Promise.allSettled(detectors.map(async (detector) => detector.detect(subjects, signal)));
  signal.throwIfAborted();
  const refused = answers.find((answer) => answer.status === "rejected");
  const failure = refused ? { failure: failureOf(refused.reason) } : {};
  return subjects.map((_, i) => ({
    signals: answers.flatMap((answer) => (answer.status === "fulfilled" ? (answer.value[i] ?? []) : [])),
    ...failure,
  }));
}
