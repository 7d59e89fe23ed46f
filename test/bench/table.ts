import type { Row, Target, Unit } from "./bench.ts";

/** What came of one bench; `out/bench.json` is a list of these. */
export interface Result {
  readonly name: string;
  readonly title: string;
  /** ISO 8601. */
  readonly at: string;
  readonly commit: string;
  readonly machine: string;
  /** The one-minute load average before and after. */
  readonly load: readonly [number, number];
  readonly isWhole: boolean;
  /** Absent where no pictures were used. */
  readonly pictures?: string;
  readonly rows: readonly Row[];
}

export function isMet(value: number, target: Target): boolean {
  return "atMost" in target ? value <= target.atMost : value >= target.atLeast;
}

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  ratio: (value) => `× ${digits(value)}`,
  share: (value) => `${digits(100 * value)} %`,
  count: (value) => value.toLocaleString("en", { maximumFractionDigits: 0 }),
  ms: (value) => `${digits(value)} ms`,
  µs: (value) => `${digits(value)} µs`,
  bytes: (value) => (value >= 1e6 ? `${digits(value / 1e6)} MB` : `${digits(value / 1e3)} kB`),
  MiB: (value) => `${digits(value)} MiB`,
};

export function format(value: number, unit: Unit): string {
  return FORMATS[unit](value);
}

/** Three digits that count; a whole number keeps all of its own. */
function digits(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0);
  return value.toPrecision(3).replace(/\.?0+$/, "");
}

function targetOf({ target, unit }: Row): string {
  if (!target) return "";
  return "atMost" in target ? `≤ ${format(target.atMost, unit)}` : `≥ ${format(target.atLeast, unit)}`;
}

function signOf({ value, target }: Row): string {
  if (!target) return "";
  return isMet(value, target) ? "✓" : "✗";
}

/** For a terminal: one block a bench, columns aligned. */
export function terminalTable(results: readonly Result[]): string {
  return results.map(block).join("\n\n");
}

function block(result: Result): string {
  const cells = result.rows.map((row) => [
    signOf(row),
    row.what,
    format(row.value, row.unit),
    targetOf(row),
    row.detail,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(1, ...cells.map((line) => (line[column] as string).length)));
  const lines = cells.map((line) => `  ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
  return [`${result.title}  (${conditions(result)})`, ...lines].join("\n");
}

/** For the README: one table of all. */
export function markdownTable(results: readonly Result[]): string {
  const rows = results.flatMap(({ rows: all }) => all);
  const lines = rows.map(
    (row) => `| ${row.what} | ${format(row.value, row.unit)} ${signOf(row)} | ${targetOf(row)} | ${row.detail} |`,
  );
  return [
    "| what | measured | target | how |",
    "|---|---|---|---|",
    ...lines.map((line) => line.replace(/ +/g, " ")),
  ].join("\n");
}

/** Under which conditions a bench ran. */
export function conditions({ load, isWhole, pictures, at, commit, machine }: Result): string {
  const parts = [at.slice(0, 16), commit, machine, `load ${load.map((value) => value.toFixed(1)).join(" → ")}`];
  return [...parts, isWhole ? "whole" : "short form", ...(pictures ? [pictures] : [])].join(", ");
}
