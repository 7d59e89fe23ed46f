import { logitOf, ownOffset, type RiskModel } from "../../src/core/analytics/relapse.ts";
import { FEATURES, type Feature, type Features } from "../../src/core/analytics/relapse-features.ts";
import { groupBy } from "../../src/core/group.ts";
import { sigmoid } from "../../src/core/math.ts";
import { mean } from "./measures.ts";

/** A moment in an invented person's life: what was known, and whether an attempt came within 24 hours. */
export interface Row {
  readonly person: number;
  readonly features: Features;
  readonly isPositive: boolean;
}

const RIDGE = 1;
const STEPS = 15;

/** Logistic regression by Newton's method with a slight ridge; errors are clustered by person (Huber and White). */
export function fitRisk(rows: readonly Row[]): RiskModel {
  const averages = byFeature((name) => mean(rows.map(({ features }) => features[name])));
  const x = rows.map(({ features }) => [1, ...FEATURES.map((name) => features[name] - averages[name])]);
  let weights = Array<number>(FEATURES.length + 1).fill(0);
  let inverse: number[][] = [];
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight, i) => (i === 0 ? 0 : -RIDGE * weight));
    const hessian = weights.map((_, i) => weights.map((_, j) => (i === j && i > 0 ? RIDGE : 0)));
    for (const [n, row] of rows.entries()) accumulate(x[n] ?? [], row, weights, gradient, hessian);
    inverse = inverted(hessian);
    weights = weights.map((weight, i) => weight + dot(inverse[i] ?? [], gradient));
  }
  const model: RiskModel = {
    intercept: weights[0] ?? 0,
    weights: byFeature((_, i) => weights[i + 1] ?? 0),
    averages,
    covariance: sandwich(x, rows, weights, inverse),
    between: 1,
  };
  return { ...model, between: betweenOf(model, rows) };
}

function accumulate(
  x: readonly number[],
  row: Row,
  weights: readonly number[],
  gradient: number[],
  hessian: number[][],
) {
  const p = sigmoid(dot(x, weights));
  const error = Number(row.isPositive) - p;
  for (const [i, a] of x.entries()) {
    gradient[i] = (gradient[i] ?? 0) + error * a;
    const line = hessian[i] ?? [];
    for (const [j, b] of x.entries()) line[j] = (line[j] ?? 0) + p * (1 - p) * a * b;
  }
}

function sandwich(
  x: readonly number[][],
  rows: readonly Row[],
  weights: readonly number[],
  inverse: readonly number[][],
) {
  const scores = new Map<number, number[]>();
  for (const [n, { person, isPositive }] of rows.entries()) {
    const own = scores.get(person) ?? Array<number>(weights.length).fill(0);
    const error = Number(isPositive) - sigmoid(dot(x[n] ?? [], weights));
    scores.set(
      person,
      own.map((value, i) => value + error * (x[n]?.[i] ?? 0)),
    );
  }
  const meat = weights.map((_, i) =>
    weights.map((_, j) => [...scores.values()].reduce((sum, own) => sum + (own[i] ?? 0) * (own[j] ?? 0), 0)),
  );
  return product(product(inverse, meat), inverse);
}

/** Variance of persons' own offsets beyond what chance gives each of them. */
function betweenOf(model: RiskModel, rows: readonly Row[]): number {
  const persons = groupBy(rows, ({ person }) => person);
  const loose = { ...model, between: 4 };
  const own = [...persons.values()].map((past) =>
    ownOffset(
      loose,
      past.map(({ features, isPositive }) => ({ logit: logitOf(model, features), hasAttempt: isPositive })),
    ),
  );
  const middle = mean(own.map(({ value }) => value));
  return Math.max(0.02, mean(own.map(({ value, variance }) => (value - middle) ** 2 - variance)));
}

function byFeature(of: (name: Feature, i: number) => number): Record<Feature, number> {
  return Object.fromEntries(FEATURES.map((name, i) => [name, of(name, i)])) as Record<Feature, number>;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

function product(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, value, k) => sum + value * (b[k]?.[j] ?? 0), 0)));
}

/** Gauss and Jordan; for small, well-conditioned matrices. */
function inverted(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  let work = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => Number(i === j))]);
  for (let column = 0; column < n; column++) {
    const scale = work[column]?.[column] ?? 1;
    const pivot = (work[column] ?? []).map((value) => value / scale);
    work = work.map((row, i) => (i === column ? pivot : without(row, pivot, row[column] ?? 0)));
  }
  return work.map((row) => row.slice(n));
}

function without(row: readonly number[], pivot: readonly number[], factor: number): number[] {
  return row.map((value, j) => value - factor * (pivot[j] ?? 0));
}
