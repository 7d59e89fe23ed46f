import type { Probability } from "../types.ts";
import { type Cluster, dbscan, describeClusters } from "./clusters.ts";
import { type Example, nearest } from "./neighbours.ts";

/** A text that was read before, and the cosine of the angle between both vectors. */
export interface Similar {
  readonly id: string;
  readonly similarity: number;
}

/** Texts that lie close together; what they have in common, and their numbers. */
export interface Group extends Cluster {
  readonly ids: readonly string[];
}

/** The oldest is forgotten beyond: groups take the square of their number. */
const MAX_TEXTS = 1_000;

/** The texts of one sitting by an encoder's vectors: which are alike, and what groups they form. */
export class Sitting {
  readonly #seen: (Example & { readonly threat: Probability })[] = [];

  /** Takes a text in, and answers with those before it that are nearest, the nearest first. */
  add(id: string, vector: Float32Array, threat: Probability): Similar[] {
    const near = nearest(this.#seen, vector).map(({ label, similarity }) => ({ id: label, similarity }));
    this.#seen.push({ label: id, vector, threat });
    if (this.#seen.length > MAX_TEXTS) this.#seen.shift();
    return near;
  }

  /** By density; what stands alone is in none. The most threatening group first. */
  groups(): Group[] {
    const vectors = this.#seen.map(({ vector }) => vector);
    const assignment = dbscan(vectors);
    const threats = this.#seen.map(({ threat }) => threat);
    return describeClusters(vectors, assignment, threats)
      .map((cluster, k) => ({
        ...cluster,
        ids: this.#seen.flatMap(({ label }, i) => (assignment[i] === k ? [label] : [])),
      }))
      .sort((a, b) => b.threatLevel - a.threatLevel);
  }
}
