/**
 * Work in slices of some milliseconds each, for what runs where others wait: whoever drives it may turn to them
 * wherever it yields.
 */
export type Steps<T> = Generator<undefined, T>;

/** How many names or lines are worked on between two turns. */
export const SLICE = 4_096;

/** All steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `filter`. */
export function* filterSteps(names: Iterable<string>, isWanted: (name: string) => boolean): Steps<string[]> {
  const wanted: string[] = [];
  let seen = 0;
  for (const name of names) {
    if (isWanted(name)) wanted.push(name);
    if (++seen % SLICE === 0) yield;
  }
  return wanted;
}

/** As `sort`, by code units: sorted slices, merged two by two. */
export function* sortSteps(names: readonly string[]): Steps<string[]> {
  let runs: string[][] = [];
  for (let at = 0; at < names.length; at += SLICE) {
    runs.push(names.slice(at, at + SLICE).sort());
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* mergeSteps(runs[i] ?? [], runs[i + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergeSteps(first: string[], second: string[]): Steps<string[]> {
  if (second.length === 0) return first;
  const merged: string[] = [];
  for (let i = 0, j = 0; i < first.length || j < second.length; ) {
    const [a, b] = [first[i], second[j]];
    const isFirst = b === undefined || (a !== undefined && a <= b);
    merged.push((isFirst ? a : b) ?? "");
    if (isFirst) i++;
    else j++;
    if (merged.length % (4 * SLICE) === 0) yield;
  }
  return merged;
}
