import { failureOf } from "./errors.ts";
import type { Context, Detector, Finding, Labeller, Labels, Signal, Subject } from "./types.ts";

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

/**
 * Adds labels to the findings that `isWanted` names; the others stay as they are. A labeller that fails costs its own
 * labels alone, and nothing else: a description is not worth a failure.
 */
export async function labelled<S extends Subject>(
  labellers: readonly Labeller<S>[],
  subjects: readonly S[],
  findings: readonly Finding[],
  isWanted: (finding: Finding, subject: S) => boolean,
  signal: AbortSignal,
): Promise<Finding[]> {
  const wanted = subjects.filter((subject, i) => isWanted(findings[i] ?? { signals: [] }, subject));
  const answers = await Promise.allSettled(labellers.map(async (labeller) => labeller.label(wanted, signal)));
  signal.throwIfAborted();
  const labels = new Map<S, Labels>(
    wanted.map((subject, i) => [
      subject,
      Object.assign({}, ...answers.map((answer) => (answer.status === "fulfilled" ? answer.value[i] : {}))),
    ]),
  );
  return subjects.map((subject, i) => {
    const found = labels.get(subject);
    return { signals: [], ...findings[i], ...(found ? { labels: found } : {}) };
  });
}

/**
 * Asks the costly detector only about what the cheap one does not find harmless. An early exit can only allow; when
 * either fails, both opinions are lost and the failure counts.
 */
export function cascaded<S extends Subject>(
  cheap: Detector<S>,
  costly: Detector<S>,
  isHarmless: (signals: readonly Signal[]) => boolean,
): Detector<S> {
  return {
    id: `${cheap.id}>${costly.id}`,
    kind: cheap.kind,
    categories: [...new Set([...cheap.categories, ...costly.categories])],
    async detect(subjects, signal) {
      const first = await cheap.detect(subjects, signal);
      const isOpen = first.map((signals) => !isHarmless(signals));
      const open = subjects.filter((_, i) => isOpen[i]);
      const second = open.length > 0 ? await costly.detect(open, signal) : [];
      let next = 0;
      return first.map((signals, i) => (isOpen[i] ? [...signals, ...(second[next++] ?? [])] : signals));
    },
  };
}

/** A detector that is asked in some contexts alone and has no opinion in the others. */
export function within<S extends Subject>(contexts: readonly Context[], detector: Detector<S>): Detector<S> {
  return {
    ...detector,
    async detect(subjects, signal) {
      const isMeant = subjects.map(({ context }) => contexts.includes(context));
      const meant = subjects.filter((_, i) => isMeant[i]);
      const found = meant.length > 0 ? await detector.detect(meant, signal) : [];
      let next = 0;
      return isMeant.map((is) => (is ? (found[next++] ?? []) : []));
    },
  };
}

/** A detector whose failure costs its own opinion alone; `tell` is called with what it was. */
export function optional<S extends Subject>(detector: Detector<S>, tell: (error: unknown) => void): Detector<S> {
  return {
    ...detector,
    async detect(subjects, signal) {
      try {
        return await detector.detect(subjects, signal);
      } catch (error) {
        signal.throwIfAborted();
        tell(error);
        return subjects.map(() => []);
      }
    },
  };
}

/** A detector that is opened with its first subjects. What fails to open fails for every subject, with the same cause. */
export function deferred<S extends Subject>(
  { id, kind, categories }: Pick<Detector<S>, "id" | "kind" | "categories">,
  open: () => Promise<Detector<S>>,
): Detector<S> {
  let opened: Promise<Detector<S>> | undefined;
  return {
    id,
    kind,
    categories,
    async detect(subjects, signal) {
      opened ??= open();
      return (await opened).detect(subjects, signal);
    },
  };
}
