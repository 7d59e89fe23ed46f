import { canonical } from "../bytes.ts";
import { type Break, ChainVerifier, type Checkpoint, type Entry, isSigned, isSignedBy, type Subtle } from "../chain.ts";
import { sealed } from "./forensic.ts";

/** What a report's own chain and signatures prove of it. */
export type Verification = Whole | Broken;

export interface Whole {
  readonly isWhole: true;
  readonly events: number;
  readonly entries: number;
  readonly checkpoints: number;
  /** A piece begins in the middle of a chain; what came before it is not in the report. */
  readonly begins: "mark" | "fold" | "piece" | "empty";
  /** Whether it goes through a checkpoint that somebody else held; absent where none was given. */
  readonly held?: "within" | "outside";
  /** The device's public key, for comparison with what is known of it. */
  readonly device: string;
}

export interface Broken {
  readonly isWhole: false;
  readonly code: Break["code"] | "shape" | "events" | "head" | "seal" | "held";
  /** The place: an entry's number, and its events by their place under `events`, the first and the last. */
  readonly n?: number;
  readonly events?: readonly [number, number];
  /** For people, in English. */
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks a report offline: every entry by its hash, every checkpoint and the report itself by the device's signature.
 * @param value the parsed file, which may be anything.
 * @param held a checkpoint that somebody else kept.
 */
export async function verifyReport(value: unknown, subtle: Subtle, held?: Checkpoint): Promise<Verification> {
  const report = shapeOf(value);
  if (!report) return broken("shape", "This is no report that can be checked: its parts are not there.");
  const { rows, events, device, seal } = report;
  const verifier = new ChainVerifier(subtle, device);
  let next = 0;
  let isHeld: boolean | undefined;
  for (const row of rows) {
    const from = next;
    next += countOf(row);
    if (!(next >= from && next <= events.length)) return countsOff(row, from);
    await verifier.add(entryOf(row, events.slice(from, next)));
    const found = verifier.result();
    if (found?.break) return placed(found.break, rows, events.length);
    if (held && found?.head.n === held.n) isHeld = found.head.hash === held.hash;
  }
  if (next !== events.length) return { ...broken("events", LEFT_OVER), events: [next, events.length - 1] };
  return concluded({ ...report, device, seal }, verifier, subtle, held && { ...held, isHeld });
}

const ENDS_OFF =
  "It does not begin or end with the entries that it was written with: some are missing or were altered.";
const LEFT_OVER = "There are more events than the chain has entries for.";

interface Shape {
  readonly value: Fields & { readonly chain: Fields };
  readonly rows: readonly (Fields & { readonly n: number })[];
  readonly events: readonly unknown[];
  readonly device: string;
  readonly seal: string;
}

async function concluded(
  { value, rows, events, device, seal }: Shape,
  verifier: ChainVerifier,
  subtle: Subtle,
  held: (Checkpoint & { readonly isHeld: boolean | undefined }) | undefined,
): Promise<Verification> {
  const found = verifier.result();
  if (canonical(found) !== canonical(value.chain.verified)) {
    return { ...broken("head", ENDS_OFF), ...(found ? { n: found.head.n } : {}) };
  }
  const { events: _, seal: __, ...rest } = value;
  if (!(await isSignedBy(device, seal, sealed(rest as Shape["value"]), subtle))) {
    return broken(
      "seal",
      "The device's signature does not cover what the report says of itself: period, summary, days.",
    );
  }
  if (held && !(await isSigned(held, subtle))) {
    return broken("held", "The checkpoint that it is held against is not signed by the key that it names.");
  }
  if (held && (held.isHeld === false || held.key !== device)) {
    return { ...broken("held", "The chain is another one than the checkpoint was taken from."), n: held.n };
  }
  const whole = { isWhole: true, device, events: events.length, entries: rows.length } as const;
  const proof = { checkpoints: found?.checkpoints ?? 0, begins: found?.begins ?? "empty" } as const;
  return { ...whole, ...proof, ...(held ? { held: held.isHeld ? "within" : "outside" } : {}) };
}

function placed({ n, code }: Break, rows: Shape["rows"], total: number): Broken {
  const at = rows.findIndex((row) => row.n === n);
  const before = rows[at - 1];
  const from = rows.slice(0, Math.max(0, at - 1)).reduce((sum, row) => sum + countOf(row), 0);
  const last = Math.min(total, from + (before ? countOf(before) : 0)) - 1;
  const where = code === "link" && last >= from ? { events: [from, last] as const } : {};
  return { ...broken(code, MESSAGES[code](n, before?.n)), n, ...where };
}

const MESSAGES: Readonly<Record<Break["code"], (n: number, before?: number) => string>> = {
  beginning: (n) => `Entry ${n} is no beginning of a chain.`,
  order: (n, before) => `Entry ${n} follows entry ${before}: something was left out, added or moved.`,
  link: (n, before) => `Entry ${before} is not what entry ${n} was chained to: one of the two was altered.`,
  signature: (n) => `The checkpoint in entry ${n} is not signed by the key that it names.`,
  device: (n) => `The checkpoint in entry ${n} was signed by another device.`,
  damaged: (n) => `Before entry ${n} the journal itself was found damaged.`,
};

function countsOff(row: Shape["rows"][number], from: number): Broken {
  const message = `Entry ${row.n} should hold more events than there are.`;
  return { ...broken("events", message), n: row.n, events: [from, from] };
}

/** NaN where it is no count. */
function countOf({ kind, count }: Fields): number {
  if (kind !== "events") return 0;
  return Number.isInteger(count) ? (count as number) : Number.NaN;
}

function entryOf({ count, ...row }: Fields, events: readonly unknown[]): Entry {
  return (row.kind === "events" ? { ...row, events } : { ...row, count }) as unknown as Entry;
}

function shapeOf(value: unknown): Shape | undefined {
  if (!isFields(value) || value.format !== "wardlight-report" || value.formatVersion !== 2) return undefined;
  const { chain, events, seal } = value;
  if (!isFields(chain) || !Array.isArray(events) || typeof seal !== "string") return undefined;
  const { entries, device } = chain;
  if (!Array.isArray(entries) || !entries.every(isRow) || typeof device !== "string") return undefined;
  return { value: { ...value, chain }, rows: entries, events, device, seal };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRow(row: unknown): row is Shape["rows"][number] {
  if (!isFields(row) || !Number.isSafeInteger(row.n) || typeof row.previous !== "string") return false;
  return row.kind !== "events" || !("events" in row);
}

function broken(code: Broken["code"], message: string): Broken {
  return { isWhole: false, code, message };
}
