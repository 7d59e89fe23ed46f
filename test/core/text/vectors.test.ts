import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dbscan, describeClusters, qualityOf } from "../../../src/core/text/clusters.ts";
import { cosine, nearest, vote } from "../../../src/core/text/neighbours.ts";
import golden from "./vectors.json" with { type: "json" };

const points = golden.points.map((point) => Float32Array.from(point));
const examples = points.map((vector, i) => ({ vector, label: String(golden.labels[i]) }));

describe("like scikit-learn", () => {
  test.each(golden.queries.map((query, i) => [i, query] as const))("neighbours of query %i", (i, query) => {
    const found = vote(examples, Float32Array.from(query));
    for (const [label, share] of (golden.shares[i] ?? []).entries()) {
      expect(found?.shares.get(String(label)) ?? 0).toBeCloseTo(share, 4);
    }
  });

  test("clusters and their quality", () => {
    const assignment = dbscan(points);
    expect([...assignment]).toEqual(golden.clusters);
    const quality = qualityOf(points, assignment);
    expect(quality?.silhouette).toBeCloseTo(golden.silhouette, 5);
    expect(quality?.calinskiHarabasz).toBeCloseTo(golden.calinskiHarabasz, 3);
    expect(quality?.daviesBouldin).toBeCloseTo(golden.daviesBouldin, 5);
  });
});

describe("neighbours", () => {
  const at = (...values: number[]) => Float32Array.from(values);

  test("come nearest first, five of them, each with its cosine", () => {
    const query = points[3] ?? at();
    const found = nearest(examples, query);
    expect(found).toHaveLength(5);
    expect(found[0]).toEqual({ index: 3, label: examples[3]?.label, similarity: expect.closeTo(1, 6) });
    const similarities = found.map(({ similarity }) => similarity);
    expect(similarities).toEqual(similarities.toSorted((a, b) => b - a));
  });

  test("nobody votes where there is nobody, and a vector without length is like none", () => {
    expect(vote([], at(1, 0))).toBeUndefined();
    expect(cosine(at(0, 0), at(1, 0))).toBe(0);
  });

  test("a nearer one counts more than two that are far", () => {
    const near = { vector: at(1, 0.05), label: "near" };
    const far = [at(0.2, 1), at(0.1, 1)].map((vector) => ({ vector, label: "far" }));
    expect(vote([...far, near], at(1, 0))?.label).toBe("near");
  });
});

describe("clusters", () => {
  test("say how large, how wide and how threatening they are", () => {
    const assignment = dbscan(points);
    const found = describeClusters(
      points,
      assignment,
      points.map((_, i) => (assignment[i] === 0 ? 0.9 : 0.1)),
    );
    expect(found.map(({ size }) => size)).toEqual([0, 1, 2].map((k) => golden.clusters.filter((c) => c === k).length));
    expect(found[0]?.threatLevel).toBeCloseTo(0.9, 6);
    expect(found[1]?.threatLevel).toBeCloseTo(0.1, 6);
    for (const { variance, centre } of found) {
      expect(variance).toBeGreaterThan(0);
      expect(variance).toBeLessThan(0.25);
      expect(centre).toHaveLength(8);
    }
  });

  test("there are none among strays, and one has no quality", () => {
    const strays = [0, 1, 2].map((axis) => Float32Array.from({ length: 3 }, (_, i) => Number(i === axis)));
    expect([...dbscan(strays)]).toEqual([-1, -1, -1]);
    expect(qualityOf(points, new Int32Array(points.length))).toBeUndefined();
    expect([...dbscan([])]).toEqual([]);
  });

  test("every vector of a cluster reaches a core of it, and no core is noise", () => {
    const vector = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 40 }), (list) => {
        const vectors = list.map((values) => Float32Array.from(values));
        const assignment = dbscan(vectors);
        const near = (a: number) =>
          vectors.flatMap((other, b) => (1 - cosine(vectors[a] ?? other, other) <= 0.5 ? [b] : []));
        const isCore = (i: number) => near(i).length >= 5;
        for (const [i, cluster] of assignment.entries()) {
          if (cluster === -1) expect(isCore(i)).toBe(false);
          else expect(near(i).some((j) => isCore(j) && assignment[j] === cluster)).toBe(true);
        }
      }),
    );
  });
});
