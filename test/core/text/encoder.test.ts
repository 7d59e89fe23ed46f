import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Encoder,
  MAX_WINDOWS,
  OVERLAP,
  readText,
  WINDOW,
  type WindowInput,
  windowsOver,
} from "../../../src/core/text/encoder.ts";
import { TOKEN_LABELS } from "../../../src/core/text/entities.ts";

const { signal } = new AbortController();

/** Each word is one piece, its number as its id; the vector is the window's length, the labels tell id and place. */
function spy(): Encoder & { readonly inputs: WindowInput[] } {
  const inputs: WindowInput[] = [];
  return {
    inputs,
    vocabulary: {
      first: 1,
      last: 2,
      isLowerCase: true,
      pieces: (word) => [{ id: Number(word), length: word.length }],
    },
    model: {
      id: "spy@1",
      async run(input, wish) {
        wish.throwIfAborted();
        inputs.push(input);
        const entities = new Float32Array(input.ids.length * TOKEN_LABELS);
        for (const [place, id] of input.ids.entries()) entities.set([id, place], place * TOKEN_LABELS);
        return { vector: Float32Array.of(input.ids.length), entities };
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
    const reading = await readText(spy(), numbers(300), signal);
    expect(reading.tokens.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, i) => 100 + i));
    const label = (token: number, which: number) => reading.entities[token * TOKEN_LABELS + which];
    for (let token = 0; token < 300; token++) expect(label(token, 0)).toBe(100 + token);
    expect([label(109, 1), label(110, 1), label(203, 1), label(204, 1)]).toEqual([110, 17, 110, 17]);
    expect(reading.vectors.map((vector) => vector[0])).toEqual([128, 128, 114]);
  });

  test("a window is framed, and a text without words has none", async () => {
    const encoder = spy();
    const reading = await readText(encoder, "100 101", signal);
    expect(reading.windows).toEqual([{ start: 0, end: 2 }]);
    const [input] = encoder.inputs;
    expect([[...(input?.ids ?? [])], [...(input?.shapes ?? [])]]).toEqual([
      [1, 100, 101, 2],
      [0, 5, 5, 0],
    ]);
    expect(await readText(encoder, " ", signal)).toMatchObject({ tokens: [], windows: [], vectors: [] });
    expect(encoder.inputs).toHaveLength(1);
  });

  test("what is too long is read as far as it goes", async () => {
    const encoder = spy();
    const reading = await readText(encoder, numbers(7_000), signal);
    expect([encoder.inputs.length, reading.tokens.length]).toEqual([MAX_WINDOWS, 63 * 94 + 126]);
    expect(reading.entities).toHaveLength(reading.tokens.length * TOKEN_LABELS);
  });

  test("can be cancelled between two windows", async () => {
    const controller = new AbortController();
    const encoder = spy();
    const { run } = encoder.model;
    const model = {
      id: "",
      run: (input: WindowInput, wish: AbortSignal) => run(input, wish).finally(() => controller.abort()),
    };
    await expect(readText({ ...encoder, model }, numbers(500), controller.signal)).rejects.toThrow("abort");
    expect(encoder.inputs).toHaveLength(1);
  });
});
