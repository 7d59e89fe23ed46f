import { dailyCounts } from "../../src/core/analytics/history.ts";
import { weekdayOf } from "../../src/core/analytics/local-time.ts";
import type { Subject } from "./cohort.ts";
import { mean } from "./measures.ts";

/**
 * What could be found at best: a cumulative sum that knows of each person what no guard can, their rate on every day with
 * drift and holidays, how their attempts are spread, and the change to look for. Only hard days are left to chance.
 */
export function boundOf(calm: readonly Subject[], rising: readonly Subject[], falseAlarmsIn90Days: number) {
  const quiet = evidenceOf(calm);
  const days = sum(quiet.map(({ length }) => length + LEAST_DAYS));
  let [low, high] = [0, 100];
  for (let i = 0; i < 30; i++) {
    const limit = (low + high) / 2;
    const alarms = sum(quiet.map((days) => alarmsOf(days, limit).length));
    if ((90 * alarms) / days > falseAlarmsIn90Days) low = limit;
    else high = limit;
  }
  const delays = evidenceOf(rising).flatMap((evidence, i) => {
    const began = rising[i]?.person.escalation?.day ?? 0;
    const hit = alarmsOf(evidence, high).find((day) => day + LEAST_DAYS >= began);
    return hit === undefined ? [] : [hit + LEAST_DAYS - began + 1];
  });
  const share = (some: readonly number[]) => Number((some.length / rising.length).toFixed(3));
  return { found: share(delays), foundWithin7Days: share(delays.filter((delay) => delay <= 7)) };
}

const LEAST_DAYS = 14;
/** The simulation's own: threefold, longer by half, more explicit by one deviation. */
const FACTOR = 3;
const MINUTES = { deviation: 0.6, shift: 0.6 } as const;
const SEVERITY = { deviation: 0.06, shift: 0.75 } as const;

function evidenceOf(subjects: readonly Subject[]): number[][] {
  const seen = sum(subjects.map(({ known }) => known.history.attempts.length));
  // Meetings close together are one attempt.
  const share = seen / sum(subjects.map((one) => sum(ratesOf(one))));
  return subjects.map((one) => evidenceOfDays(one, share).slice(LEAST_DAYS));
}

function evidenceOfDays(subject: Subject, share: number): number[] {
  const { person, firstDay, days, known } = subject;
  const { attempts } = known.history;
  const size = 1 / (Math.exp(person.strain ** 2) - 1 + 0.15 + (person.echo > 2 ? 0.85 : 0));
  const counts = dailyCounts(known.history, firstDay, firstDay + days - 1);
  const aspects = (shown: Subject["known"]["history"]["attempts"][number]) =>
    shift(Math.log(1 + (shown.until - shown.at) / 60_000), Math.log(1 + person.minutes), MINUTES) +
    shift(shown.severity, person.severity, SEVERITY);
  return ratesOf(subject).map((rate, day) => {
    const [usual, count] = [Math.max(0.005, rate * share), counts[day] ?? 0];
    const raised = FACTOR * usual;
    const frequency = count * Math.log(raised / usual) - (count + size) * Math.log((size + raised) / (size + usual));
    return frequency + sum(attempts.filter((one) => one.day === firstDay + day).map(aspects));
  });
}

function shift(value: number, usual: number, { deviation, shift: by }: typeof MINUTES | typeof SEVERITY): number {
  return by * ((value - usual) / deviation - by / 2);
}

/** Meetings a day without the change; as `live` has them, but for hard days. */
function ratesOf({ person, firstDay, days }: Subject): number[] {
  const even = mean(person.weekdays);
  return Array.from({ length: days }, (_, day) => {
    const holiday = person.holidays.find(({ from, to }) => day >= from && day <= to);
    const weekday = person.weekdays[weekdayOf(firstDay + day)] ?? even;
    return person.rate * person.drift ** (day / 30) * weekday * (holiday?.rate ?? 1);
  });
}

/** Days on which the sum reaches its limit anew. */
function alarmsOf(evidence: readonly number[], limit: number): number[] {
  const found: number[] = [];
  let [total, isOn] = [0, false];
  evidence.forEach((change, day) => {
    total = Math.min(limit, Math.max(0, total + change));
    if (!isOn && total >= limit) found.push(day);
    isOn = total >= limit || (isOn && total > 0);
  });
  return found;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
