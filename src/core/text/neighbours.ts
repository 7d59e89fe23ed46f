/** A labelled vector: what a neighbour is. */
export interface Example<Label extends string = string> {
  readonly vector: Float32Array;
  readonly label: Label;
}

/** One neighbour of a query, `similarity` its cosine. */
export interface Neighbour<Label extends string = string> {
  readonly index: number;
  readonly label: Label;
  readonly similarity: number;
}

/** What the neighbours say: each label's share of the votes, which sum to 1. */
export interface Vote<Label extends string = string> {
  readonly label: Label;
  readonly shares: ReadonlyMap<Label, number>;
  readonly neighbours: readonly Neighbour<Label>[];
}

export const NEIGHBOURS = 5;

/** Cosine of the angle between two vectors; 0 where one of them has no length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return squaresA > 0 && squaresB > 0 ? dot / Math.sqrt(squaresA * squaresB) : 0;
}

/** The `count` nearest by cosine, the nearest first; of equals the one that comes first. */
export function nearest<Label extends string>(
  examples: readonly Example<Label>[],
  query: Float32Array,
  count = NEIGHBOURS,
): Neighbour<Label>[] {
  return examples
    .map(({ vector, label }, index) => ({ index, label, similarity: cosine(vector, query) }))
    .sort((a, b) => b.similarity - a.similarity || a.index - b.index)
    .slice(0, count);
}

/**
 * k nearest neighbours, each counting one through its cosine distance, as scikit-learn's `KNeighborsClassifier` with
 * `weights="distance"`: where some lie at distance 0, they alone count. Undefined without examples.
 */
export function vote<Label extends string>(
  examples: readonly Example<Label>[],
  query: Float32Array,
  count = NEIGHBOURS,
): Vote<Label> | undefined {
  const neighbours = nearest(examples, query, count);
  const distances = neighbours.map(({ similarity }) => Math.max(0, 1 - similarity));
  const hasEqual = distances.some((distance) => distance < EQUAL);
  const weights = distances.map((distance) => (hasEqual ? Number(distance < EQUAL) : 1 / distance));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Map<Label, number>();
  for (const [i, { label }] of neighbours.entries()) {
    shares.set(label, (shares.get(label) ?? 0) + (weights[i] ?? 0) / total);
  }
  const [best] = [...shares].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return best && { label: best[0], shares, neighbours };
}

/** Two float32 vectors that are the same have a cosine this near to 1. */
const EQUAL = 1e-7;
