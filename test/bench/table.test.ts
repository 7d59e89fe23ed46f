import { expect, test } from "vitest";
import type { Unit } from "./bench.ts";
import { format, isMet, markdownTable, type Result, terminalTable } from "./table.ts";

test.each<[number, Unit, string]>([
  [0.5234, "ratio", "× 0.523"],
  [1, "ratio", "× 1"],
  [0.0123, "share", "1.23 %"],
  [0, "share", "0 %"],
  [12_345, "count", "12,345"],
  [3.0412, "ms", "3.04 ms"],
  [1234.5, "ms", "1235 ms"],
  [21_700, "bytes", "21.7 kB"],
  [48_300_000, "bytes", "48.3 MB"],
  [90.04, "MiB", "90 MiB"],
])("%d as %s is %s", (value, unit, expected) => {
  expect(format(value, unit)).toBe(expected);
});

test("a target is met at its very number", () => {
  expect([
    isMet(1, { atMost: 1 }),
    isMet(1.01, { atMost: 1 }),
    isMet(1, { atLeast: 1 }),
    isMet(0.9, { atLeast: 1 }),
  ]).toEqual([true, false, true, false]);
});

const RESULT: Result = {
  name: "speed",
  title: "Speed",
  at: "2026-01-02T03:04:05.678Z",
  commit: "abc1234",
  machine: "2 cores",
  load: [0.5, 1.5],
  isWhole: false,
  rows: [
    { what: "ours", value: 2, unit: "ratio", target: { atMost: 1 }, detail: "n = 3" },
    { what: "beside it", value: 3, unit: "count", detail: "of 10" },
  ],
};

test("the terminal's table names what fell short, and the conditions", () => {
  expect(terminalTable([RESULT])).toBe(
    [
      "Speed  (2026-01-02T03:04, abc1234, 2 cores, load 0.5 → 1.5, short form)",
      "  ✗  ours       × 2  ≤ × 1  n = 3",
      "     beside it  3           of 10",
    ].join("\n"),
  );
});

test("the README's table has one row a figure", () => {
  expect(markdownTable([RESULT]).split("\n").slice(2)).toEqual([
    "| ours | × 2 ✗ | ≤ × 1 | n = 3 |",
    "| beside it | 3 | | of 10 |",
  ]);
});
