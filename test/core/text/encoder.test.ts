import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Encoder,
  MAX_WINDOWS,
  OVERLAP,
  readTexts,
  type TokenBatch,
  WINDOW,
  windowsOver,
} from "../../../src/core/text/encoder.ts";
import { TOKEN_LABELS } from "../../../src/core/text/entities.ts";

const { signal } = new AbortController();

/** Each word is one piece, its number as its id; the vector is [rows run so far, length], the labels tell id and place. */
function spy(): Encoder & { readonly batches: TokenBatch[] } {
  const batches: TokenBatch[] = [];
  return {
    batches,
    vocabulary: {
      first: 1,
      last: 2,
      isLowerCase: true,
      pieces: (word) => [{ id: Number(word), length: word.length }],
    },
    model: {
      id: "spy@1",
      async run(batch) {
        batches.push(batch);
        const vectors = Float32Array.from({ length: 2 * batch.rows }, (_, i) =>
          i % 2
            ? batch.mask.subarray((i >> 1) * batch.length, ((i >> 1) + 1) * batch.length).reduce((a, b) => a + b, 0)
            : 0,
        );
        const entities = new Float32Array(batch.rows * batch.length * TOKEN_LABELS);
        for (const [place, id] of batch.ids.entries()) {
          entities[place * TOKEN_LABELS] = id;
          entities[place * TOKEN_LABELS + 1] = place % batch.length;
        }
        return { vectors, entities };
      },
    },
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => 100 + i).join(" ");

describe("windows", () => {
  test.each([
    [0, []],
    [1, [[0, 1]]],
    [126, [[0, 126]]],
    [
      127,
      [
        [0, 126],
        [94, 127],
      ],
    ],
    [
      220,
      [
        [0, 126],
        [94, 220],
      ],
    ],
    [
      221,
      [
        [0, 126],
        [94, 220],
        [188, 221],
      ],
    ],
  ])("over %d tokens", (count, expected) => {
    expect(windowsOver(count).map(({ start, end }) => [start, end])).toEqual(expected);
  });

  test("cover every token, overlap by as much as they should, and are never too long or too many", () => {
    fc.assert(
      fc.property(fc.nat(20_000), (count) => {
        const windows = windowsOver(count);
        expect(windows.length).toBeLessThanOrEqual(MAX_WINDOWS);
        expect(windows.at(-1)?.end ?? 0).toBe(Math.min(count, (MAX_WINDOWS - 1) * (WINDOW - OVERLAP) + WINDOW));
        for (const [i, { start, end }] of windows.entries()) {
          expect(end - start).toBeLessThanOrEqual(WINDOW);
          expect(i === 0 ? start : (windows[i - 1]?.end ?? 0) - start).toBe(i === 0 ? 0 : OVERLAP);
        }
      }),
    );
  });
});

describe("reading", () => {
  test("every token has the labels of the window that it stands deepest in", async () => {
    const [reading] = await readTexts(spy(), [numbers(300)], signal);
    expect(reading?.tokens.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, i) => 100 + i));
    const label = (token: number, which: number) => reading?.entities[token * TOKEN_LABELS + which];
    for (let token = 0; token < 300; token++) expect(label(token, 0)).toBe(100 + token);
    expect([label(109, 1), label(110, 1), label(203, 1), label(204, 1)]).toEqual([110, 17, 110, 17]);
    expect(reading?.vectors.map((vector) => vector[1])).toEqual([128, 128, 114]);
  });

  test("batches hold rows of like length, framed and masked, and answers come in the texts' order", async () => {
    const encoder = spy();
    const lengths = [120, 3, 0, 50, 3, 90, 7, 4, 1, 300];
    const read = await readTexts(
      encoder,
      lengths.map((length) => numbers(length)),
      signal,
    );
    expect(read.map(({ tokens }) => tokens.length)).toEqual(lengths);
    expect(read.map(({ vectors }) => vectors.length)).toEqual([1, 1, 0, 1, 1, 1, 1, 1, 1, 3]);
    expect(read.map(({ vectors }) => vectors[0]?.[1])).toEqual([122, 5, undefined, 52, 5, 92, 9, 6, 3, 128]);
    expect(encoder.batches.map(({ rows, length }) => [rows, length])).toEqual([
      [8, 114],
      [3, 128],
    ]);
    const [batch] = encoder.batches;
    expect([...(batch?.ids.subarray(0, 4) ?? [])]).toEqual([1, 100, 2, 0]);
    expect([...(batch?.mask.subarray(0, 4) ?? [])]).toEqual([1, 1, 1, 0]);
    expect([...(batch?.shapes.subarray(0, 4) ?? [])]).toEqual([0, 5, 0, 0]);
  });

  test("can be cancelled between two batches", async () => {
    const controller = new AbortController();
    const encoder = spy();
    const { run } = encoder.model;
    const model = {
      id: "",
      run: (batch: TokenBatch) => {
        controller.abort();
        return run(batch, signal);
      },
    };
    const texts = Array.from({ length: 20 }, () => numbers(5));
    await expect(readTexts({ ...encoder, model }, texts, controller.signal)).rejects.toThrow("abort");
    expect(encoder.batches).toHaveLength(1);
  });
});
