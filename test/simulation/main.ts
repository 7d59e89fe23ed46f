import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { LIMITS, watchOf } from "../../src/core/analytics/escalation.ts";
import type { RiskModel } from "../../src/core/analytics/relapse.ts";
import { KINDS, type Kind } from "../../src/core/simulation/person.ts";
import { boundOf } from "./bound.ts";
import { type Subject, subject } from "./cohort.ts";
import { aucsOf, calibrationOf, escalationOutcome, type Judgement, judge, peakOutcome, rowsOf } from "./evaluate.ts";
import { fitRisk } from "./fit.ts";
import { mean } from "./measures.ts";

/**
 * `npm run simulate`: how the analytics do on invented persons whom the models have not seen, as figures.json beside the
 * model; with `--fit` the risk model's numbers are fitted first, on other invented persons.
 */
const FOLDER = new URL("../../models/relapse-risk/", import.meta.url);
const { values: options } = parseArgs({
  options: { fit: { type: "boolean", default: false }, persons: { type: "string", default: "40" } },
});
const persons = Number(options.persons);
const RISK_DAYS = 120;
/** Cohorts differ by their seeds: nobody is in two of them. */
const SEEDS = { fit: 10_000_000, risk: 20_000_000, calm: 30_000_000, rising: 40_000_000, year: 50_000_000 } as const;
const round = (value: number, digits = 3) => Number(value.toFixed(digits));

function cohort(seed: number, days: number, isEscalating: (n: number) => boolean, kinds: readonly Kind[] = KINDS) {
  return kinds.flatMap((kind) =>
    Array.from({ length: persons }, (_, n) =>
      subject(kind, days, isEscalating(n), seed + 10_000 * KINDS.indexOf(kind) + n),
    ),
  );
}

const everyThird = (n: number) => n % 3 === 0;
const rowsOfAll = (subjects: readonly Subject[]) => subjects.flatMap((one, i) => rowsOf(one, i));

function readModel(fitting: readonly Subject[] | null): RiskModel {
  const file = new URL("model.json", FOLDER);
  if (fitting) writeFileSync(file, `${JSON.stringify(fitRisk(rowsOfAll(fitting)), shorten, 1)}\n`);
  return JSON.parse(readFileSync(file, "utf8"));
}

function shorten(_: string, value: unknown) {
  return typeof value === "number" ? Number(value.toPrecision(5)) : value;
}

function peakFigures(subjects: readonly Subject[]) {
  const outcomes = subjects.map(peakOutcome);
  const peaked = outcomes.filter(({ hasPeak }) => hasPeak);
  const reported = peaked.filter(({ isReported }) => isReported);
  const even = outcomes.filter(({ hasPeak }) => !hasPeak);
  return {
    persons: peaked.length,
    reported: round(reported.length / peaked.length),
    reportedOf30Attempts: round(
      mean(peaked.filter(({ attempts }) => attempts >= 30).map(({ isReported }) => Number(isReported))),
    ),
    within1Hour: round(mean(reported.map(({ offHours }) => Number(offHours <= 1)))),
    falselyReported: round(mean(even.map(({ isReported }) => Number(isReported)))),
  };
}

function escalationFigures(calm: readonly Subject[], rising: readonly Subject[]) {
  const quiet = calm.map((one) => escalationOutcome(one));
  const found = rising.map((one) => escalationOutcome(one));
  const delays = found.flatMap(({ delayDays }) => delayDays ?? []).sort((a, b) => a - b);
  const errors = found.flatMap(({ onsetError }) => (onsetError === null ? [] : Math.abs(onsetError)));
  return {
    persons: rising.length,
    found: round(delays.length / found.length),
    medianDelayDays: delays[Math.floor(delays.length / 2)] ?? null,
    foundWithin7Days: round(delays.filter((days) => days <= 7).length / found.length),
    falseAlarmsIn90Days: round(
      (90 * sum(quiet.map(({ falseAlarms }) => falseAlarms))) / sum(quiet.map((q) => q.calmDays)),
    ),
    medianOnsetErrorDays: errors.sort((a, b) => a - b)[Math.floor(errors.length / 2)] ?? null,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function riskFigures(judged: readonly (readonly Judgement[])[]) {
  const of = (by: "model" | "own" | "lastWeek" | "yesterday") => {
    const { pooled, within } = aucsOf(judged, by);
    return { pooled: round(pooled), within: round(within) };
  };
  return {
    persons: judged.length,
    moments: judged.flat().length,
    positives: round(mean(judged.flat().map(({ isPositive }) => Number(isPositive)))),
    auc: { model: of("model"), withOwnPast: of("own"), sameHourLastWeek: of("lastWeek"), lastDay: of("yesterday") },
    ece: { model: round(calibrationOf(judged, "model")), withOwnPast: round(calibrationOf(judged, "own")) },
    reasonsAddUp: judged.flat().every(({ addsUp, isWithin }) => addsUp && isWithin),
  };
}

const COLD = [0, 3, 7, 14, 28, 56, RISK_DAYS] as const;

function coldStart(judged: readonly (readonly Judgement[])[]) {
  return COLD.slice(0, -1).map((from, i) => {
    const to = COLD[i + 1] ?? RISK_DAYS;
    const part = judged.map((rows) => rows.filter(({ day }) => day >= from && day < to));
    return {
      days: `${from} to ${to - 1}`,
      auc: round(aucsOf(part, "own").pooled),
      sameHourLastWeek: round(aucsOf(part, "lastWeek").pooled),
      ece: round(calibrationOf(part, "own")),
    };
  });
}

/** Fitted without a kind, tried on that kind: nobody's habits are like the ones that it was fitted on. */
function leftOut(fitting: readonly Subject[], judgedBy: readonly Subject[]) {
  return KINDS.map((kind) => {
    const model = fitRisk(rowsOfAll(fitting.filter(({ person }) => person.kind !== kind)));
    const judged = judgedBy.filter(({ person }) => person.kind === kind).map((one) => judge(model, one));
    const { auc, ece } = riskFigures(judged);
    return { kind, auc: auc.withOwnPast.pooled, sameHourLastWeek: auc.sameHourLastWeek.pooled, ece };
  });
}

const fitting = options.fit ? cohort(SEEDS.fit, RISK_DAYS, everyThird) : null;
const model = readModel(fitting);
const unseen = cohort(SEEDS.risk, RISK_DAYS, everyThird);
const judged = unseen.map((one) => judge(model, one));
const calm = cohort(SEEDS.calm, 90, () => false);
const rising = cohort(SEEDS.rising, 90, () => true);
const byKind = (kind: Kind) => {
  const of = (all: readonly Subject[]) => all.filter(({ person }) => person.kind === kind);
  return { kind, ...escalationFigures(of(calm), of(rising)) };
};
const year = cohort(SEEDS.year, 365, () => false).filter((_, i) => i % 4 === 0);
const figures = {
  personsOfAKind: persons,
  peakHour: { days90: peakFigures(calm), days365: peakFigures(year) },
  escalation: {
    ...escalationFigures(calm, rising),
    curve: [0.6, 0.8, 1, 1.5, 2].map((scale) => curveAt(scale, calm, rising)),
    atBest: [1, 2].map((alarms) => ({ falseAlarmsIn90Days: alarms, ...boundOf(calm, rising, alarms) })),
    kinds: KINDS.map(byKind),
    days365: yearAlarms(year),
  },
  risk: { ...riskFigures(judged), coldStart: coldStart(judged) },
  ...(fitting ? { leftOut: leftOut(fitting, unseen) } : {}),
};

/** The same detector with both limits scaled. */
function curveAt(scale: number, calm: readonly Subject[], rising: readonly Subject[]) {
  const limits = { together: scale * LIMITS.together, frequency: scale * LIMITS.frequency };
  const watched = (one: Subject) => ({
    ...one,
    known: { ...one.known, watches: watchOf(one.known.history, limits) },
  });
  const { found, foundWithin7Days, medianDelayDays, falseAlarmsIn90Days } = escalationFigures(
    calm.map(watched),
    rising.map(watched),
  );
  return { scale, falseAlarmsIn90Days, found, foundWithin7Days, medianDelayDays };
}

function yearAlarms(all: readonly Subject[]) {
  return {
    falseAlarmsIn90Days: round((sum(all.map((one) => escalationOutcome(one).falseAlarms)) * 90) / (365 * all.length)),
  };
}

const text = `${JSON.stringify(figures, null, 1)}\n`;
if (fitting) writeFileSync(new URL("figures.json", FOLDER), text);
process.stdout.write(text);
