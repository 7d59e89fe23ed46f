import { HEADS_ID, type HeadsFamily, isActive } from "../core/text/heads.ts";
import type { EncoderHalf } from "../core/text/pipeline.ts";
import type { Signal, TextSubject } from "../core/types.ts";

/** Task to probability: what an encoder's active heads say of a threat. */
export type Scores = Readonly<Record<string, number>>;

/**
 * The encoder as a judge that gives scores without their evidence, which costs many times the reading. A text that is known
 * is not read; the network is opened with the first one that is not.
 * @param known by text; what is read is added.
 */
export function scoringOf({ row, open }: EncoderHalf, known: Map<string, Scores>): EncoderHalf {
  const heads = row.heads.filter((head) => isActive(head) && head.category !== undefined);
  const scoresOf = async (subject: TextSubject, signal: AbortSignal) => {
    const measured = known.get(subject.text) ?? (await read(await open(), subject, signal));
    known.set(subject.text, measured);
    return measured;
  };
  const read = async (family: HeadsFamily, subject: TextSubject, signal: AbortSignal): Promise<Scores> => {
    const measures = await family.measures(subject, signal);
    return Object.fromEntries(
      heads.flatMap(({ task }) => {
        const score = measures[`heads/${task}`];
        return score === undefined ? [] : [[task, score] as const];
      }),
    );
  };
  const signalsOf = (scores: Scores): Signal[] =>
    heads.flatMap(({ task, category, weight }) => {
      const score = scores[task];
      if (score === undefined || category === undefined) return [];
      return [{ category, score, weight, detector: HEADS_ID, model: row.id, evidence: [] }];
    });
  const detector: HeadsFamily["detector"] = {
    id: HEADS_ID,
    kind: "text",
    categories: heads.flatMap(({ category }) => category ?? []),
    async detect(subjects, signal) {
      const all: Signal[][] = [];
      for (const subject of subjects) all.push(signalsOf(await scoresOf(subject, signal)));
      return all;
    },
  };
  return {
    row,
    open: async () => ({
      detector,
      labeller: { id: HEADS_ID, label: async (subjects) => subjects.map(() => ({})) },
      entities: async () => [],
      measures: async (subject, signal) => scoresOf(subject, signal),
      vector: async () => undefined,
    }),
  };
}
