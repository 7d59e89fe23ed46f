import { cosine } from "./neighbours.ts";

/** What DBSCAN found: a number for each vector, -1 for noise. */
export type Assignment = Int32Array;

export interface Cluster {
  readonly size: number;
  /** Mean of its vectors. */
  readonly centre: Float32Array;
  /** Mean squared cosine distance to the centre. */
  readonly variance: number;
  /** Mean of its members' threat. */
  readonly threatLevel: number;
}

/** How well the clusters hold together and stand apart; noise is left out. Undefined with fewer than two clusters. */
export interface Quality {
  /** Mean over vectors, in [-1, 1], by cosine distance (Rousseeuw 1987); higher is better. */
  readonly silhouette: number;
  /** Variance between by variance within, Euclidean (Caliński & Harabasz 1974); higher is better. */
  readonly calinskiHarabasz: number;
  /** Mean worst ratio of spread to separation, Euclidean (Davies & Bouldin 1979); lower is better. */
  readonly daviesBouldin: number;
}

export const EPS = 0.5;
export const MIN_POINTS = 5;
const NOISE = -1;
const UNSEEN = -2;

/**
 * Density-based clusters (Ester et al. 1996) by cosine distance: a vector with `minPoints` within `eps`, itself among
 * them, is a core; cores that reach each other, and what they reach, are one cluster. Numbered in the order of vectors,
 * as scikit-learn's `DBSCAN` does. Time and memory grow with the square of the vectors' number.
 */
export function dbscan(vectors: readonly Float32Array[], eps = EPS, minPoints = MIN_POINTS): Assignment {
  const near = vectors.map((a) => vectors.flatMap((b, j) => (1 - cosine(a, b) <= eps ? [j] : [])));
  const assignment = new Int32Array(vectors.length).fill(UNSEEN);
  let next = 0;
  for (let i = 0; i < vectors.length; i++) {
    if (assignment[i] !== UNSEEN || (near[i]?.length ?? 0) < minPoints) continue;
    const open = [i];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (assignment[at] !== UNSEEN) continue;
      assignment[at] = next;
      const around = near[at] ?? [];
      if (around.length >= minPoints) open.push(...around);
    }
    next++;
  }
  return assignment.map((cluster) => (cluster === UNSEEN ? NOISE : cluster));
}

/** @param threats of each vector, in [0, 1]. */
export function describeClusters(
  vectors: readonly Float32Array[],
  assignment: Assignment,
  threats: readonly number[],
): Cluster[] {
  return membersOf(assignment).map((members) => {
    const centre = meanOf(members.map((i) => vectors[i] ?? new Float32Array()));
    const distances = members.map((i) => 1 - cosine(vectors[i] ?? centre, centre));
    return {
      size: members.length,
      centre,
      variance: average(distances.map((distance) => distance ** 2)),
      threatLevel: average(members.map((i) => threats[i] ?? 0)),
    };
  });
}

export function qualityOf(vectors: readonly Float32Array[], assignment: Assignment): Quality | undefined {
  const clusters = membersOf(assignment).map((members) => members.map((i) => vectors[i] ?? new Float32Array()));
  if (clusters.length < 2) return undefined;
  return {
    silhouette: silhouette(clusters),
    calinskiHarabasz: calinskiHarabasz(clusters),
    daviesBouldin: daviesBouldin(clusters),
  };
}

type Group = readonly Float32Array[];

function silhouette(clusters: readonly Group[]): number {
  const widths = clusters.flatMap((own) =>
    own.map((vector) => {
      if (own.length === 1) return 0;
      const within = (average(own.map((other) => 1 - cosine(vector, other))) * own.length) / (own.length - 1);
      const others = clusters.filter((cluster) => cluster !== own);
      const beyond = Math.min(...others.map((other) => average(other.map((one) => 1 - cosine(vector, one)))));
      return (beyond - within) / Math.max(within, beyond);
    }),
  );
  return average(widths);
}

function calinskiHarabasz(clusters: readonly Group[]): number {
  const all = clusters.flat();
  const middle = meanOf(all);
  const centres = clusters.map(meanOf);
  const between = sum(clusters.map((cluster, k) => cluster.length * distance(centres[k] ?? middle, middle) ** 2));
  const within = sum(clusters.flatMap((cluster, k) => cluster.map((one) => distance(one, centres[k] ?? middle) ** 2)));
  return within === 0 ? 1 : (between * (all.length - clusters.length)) / (within * (clusters.length - 1));
}

function daviesBouldin(clusters: readonly Group[]): number {
  const centres = clusters.map(meanOf);
  const spreads = clusters.map((cluster, k) => average(cluster.map((one) => distance(one, centres[k] ?? one))));
  const worst = centres.map((centre, k) => {
    const ratios = centres.flatMap((other, j) => {
      const apart = distance(centre, other);
      return j === k || apart === 0 ? [] : [((spreads[k] ?? 0) + (spreads[j] ?? 0)) / apart];
    });
    return Math.max(0, ...ratios);
  });
  return average(worst);
}

function membersOf(assignment: Assignment): number[][] {
  const members: number[][] = Array.from({ length: Math.max(NOISE, ...assignment) + 1 }, () => []);
  for (const [i, cluster] of assignment.entries()) members[cluster]?.push(i);
  return members;
}

function meanOf(vectors: Group): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  return mean.map((_, i) => average(vectors.map((vector) => vector[i] ?? 0)));
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(sum(Array.from(a, (x, i) => (x - (b[i] ?? 0)) ** 2)));
}

function average(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
