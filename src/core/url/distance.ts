const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/** Keys that touch each other on the common Latin keyboard, each pair as two letters. */
const NEIGHBOURS: ReadonlySet<string> = new Set(
  ROWS.flatMap((row, y) =>
    [...row].flatMap((key, x) =>
      [row[x - 1], row[x + 1], ROWS[y + 1]?.[x], ROWS[y + 1]?.[x - 1], ROWS[y - 1]?.[x], ROWS[y - 1]?.[x + 1]].map(
        (other) => `${key}${other}`,
      ),
    ),
  ),
);

const LOOKALIKES: ReadonlySet<string> = new Set(
  [
    "il",
    "ij",
    "lt",
    "oe",
    "oc",
    "oq",
    "ao",
    "ae",
    "uv",
    "vw",
    "vy",
    "nm",
    "nh",
    "hb",
    "gq",
    "pq",
    "bd",
    "ce",
    "mw",
    "nr",
    "un",
  ].flatMap((pair) => [pair, `${pair[1]}${pair[0]}`]),
);

const VOWEL = /[aeiouy]/;

/** What it costs to write `written` for `meant`, 0 to 1: the less a reader or typist notices, the less it costs. */
function priceOf(meant: string, written: string): number {
  if (meant === written) return 0;
  if (LOOKALIKES.has(meant + written)) return 0.5;
  if (NEIGHBOURS.has(meant + written)) return 0.7;
  return VOWEL.test(meant) && VOWEL.test(written) ? 0.7 : 1;
}

const CODES = 128;
const ASCII = Array.from({ length: CODES }, (_, code) => String.fromCharCode(code));
/** {@link priceOf} of all ASCII pairs. */
const PRICES = Float64Array.from(ASCII.flatMap((meant) => ASCII.map((written) => priceOf(meant, written))));

function substitution(meant: number, written: number): number {
  if (meant < CODES && written < CODES) return PRICES[meant * CODES + written] ?? 1;
  return meant === written ? 0 : 1;
}

const DOUBLED = 0.5;
const SWAPPED = 0.6;
const LOST_OR_ADDED = 0.8;

/**
 * How far `written` is from `meant`: optimal string alignment (Damerau–Levenshtein, each place edited once) with costs
 * by keyboard and glyph. Anything above `limit` comes back as infinite. The time is the product of the lengths.
 */
export function typingDistance(meant: string, written: string, limit: number): number {
  if (Math.abs(meant.length - written.length) * DOUBLED > limit) return Number.POSITIVE_INFINITY;
  const width = written.length + 1;
  let [before, above, row] = rowsOf(width);
  for (let j = 0; j < width; j++) above[j] = j * LOST_OR_ADDED;
  for (let i = 1; i <= meant.length; i++) {
    row[0] = i * LOST_OR_ADDED;
    let least = row[0] ?? 0;
    for (let j = 1; j < width; j++) {
      row[j] = cheapest(meant, written, i, j, row, above, before);
      least = Math.min(least, row[j] ?? 0);
    }
    if (least > limit) return Number.POSITIVE_INFINITY;
    [before, above, row] = [above, row, before];
  }
  const cost = above[written.length] ?? 0;
  return cost <= limit ? cost : Number.POSITIVE_INFINITY;
}

type Rows = [Float64Array, Float64Array, Float64Array];

const MAX_KEPT = 64;
/** One set of rows for all calls with ordinary labels: a comparison allocates nothing. */
const kept: Rows = [new Float64Array(MAX_KEPT), new Float64Array(MAX_KEPT), new Float64Array(MAX_KEPT)];

function rowsOf(width: number): Rows {
  return width <= MAX_KEPT ? kept : [new Float64Array(width), new Float64Array(width), new Float64Array(width)];
}

function cheapest(
  meant: string,
  written: string,
  i: number,
  j: number,
  row: Float64Array,
  above: Float64Array,
  before: Float64Array,
): number {
  const a = meant.charCodeAt(i - 1);
  const b = written.charCodeAt(j - 1);
  const meantBefore = i > 1 ? meant.charCodeAt(i - 2) : -1;
  const writtenBefore = j > 1 ? written.charCodeAt(j - 2) : -1;
  const lost = (above[j] ?? 0) + (a === meantBefore ? DOUBLED : LOST_OR_ADDED);
  const added = (row[j - 1] ?? 0) + (b === writtenBefore ? DOUBLED : LOST_OR_ADDED);
  const changed = (above[j - 1] ?? 0) + substitution(a, b);
  const isSwap = a !== b && a === writtenBefore && b === meantBefore;
  const swapped = isSwap ? (before[j - 2] ?? 0) + SWAPPED : Number.POSITIVE_INFINITY;
  return Math.min(lost, added, changed, swapped);
}
