import { expect, test } from "vitest";
import { release } from "../../src/core/release.ts";

test("what was released is empty, in every view of it", () => {
  const numbers = new Float32Array(4);
  const part = numbers.subarray(1, 3);
  release(part);
  expect([numbers.length, part.length, numbers.buffer.byteLength]).toEqual([0, 0, 0]);
});

test("it may be released again", () => {
  const numbers = new Uint8Array(4);
  release(numbers);
  expect(() => release(numbers)).not.toThrow();
});

test("memory that another thread shares stays", () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4));
  release(shared);
  expect(shared.length).toBe(4);
});
