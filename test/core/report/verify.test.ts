import fc from "fast-check";
import { beforeAll, describe, expect, it, test } from "vitest";
import { type Body, type Checkpoint, type Signer, signHead } from "../../../src/core/chain.ts";
import type { JournalEntry, Report } from "../../../src/core/report/forensic.ts";
import type { JournalEvent } from "../../../src/core/report/journal.ts";
import { verifyReport } from "../../../src/core/report/verify.ts";
import { tally, verdict } from "./events.ts";
import { chainOf, newSigner, reportOn } from "./journalled.ts";

const FRAME = { since: 0, until: 1e15, generatedAt: 1e15, version: "0.1.0", timeZone: "UTC" };
const { subtle } = crypto;

const BODIES: Body<JournalEvent>[] = Array.from({ length: 24 }, (_, i) => {
  const id = (j: number) => `${i}-${j}`;
  if (i % 8 === 3) return { kind: "gap", cause: "closed", from: i, until: i + 1 };
  if (i === 12) return { kind: "mark", reason: "restored" };
  return {
    kind: "events",
    events: [
      verdict({ id: id(0), at: i, score: i / 30, label: `https://pictures.example/${i}.jpg` }),
      ...(i % 3 ? [tally({ id: id(1), at: i, allowed: i })] : []),
      verdict({ id: id(2), at: i, failure: { code: "resource", message: "Gone." } }),
    ],
  };
});

let signer: Signer;
let entries: JournalEntry[];
let report: Report;
let held: Checkpoint;

beforeAll(async () => {
  signer = await newSigner();
  entries = await chainOf(BODIES, signer);
  report = await reportOn(entries, FRAME, signer);
  const head = report.chain.entries.at(10);
  held = await signHead({ n: head?.n ?? 0, hash: report.chain.entries.at(11)?.previous ?? "" }, 5, signer);
});

const copy = () => JSON.parse(JSON.stringify(report)) as Report;

/** Every number, text, truth and null in a value, as the path to it. */
function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function lists(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, one]) => lists(one, [...path, key]));
  return Array.isArray(value) && value.length > 1 ? [[...path], ...inner] : inner;
}

type Node = Record<string, unknown>;
const at = (value: unknown, path: readonly string[]) =>
  path.reduce((node, key) => (node as Node)[key], value as unknown);

function otherThan(value: unknown, seed: number): unknown {
  if (typeof value === "number") return seed % 2 ? value + 1 : String(value);
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return "null";
  const place = seed % (value.length + 1);
  const letter = value[place] === "a" ? "b" : "a";
  return [value.slice(0, place) + letter + value.slice(place + 1), `${value} `, null][seed % 3];
}

async function expectFound(broken: Report, what: string) {
  const found = await verifyReport(JSON.parse(JSON.stringify(broken)), subtle);
  expect(found.isWhole, what).toBe(false);
}

describe("an exported journal", () => {
  it("holds as it was written, also with its keys in another order and written anew", async () => {
    expect(await verifyReport(copy(), subtle)).toMatchObject({
      isWhole: true,
      begins: "mark",
      checkpoints: 6,
      events: report.events.length,
      entries: entries.length,
      device: signer.key,
    });
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === "object" && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, inner]) => [key, turned(inner)]),
            )
          : value;
    expect(await verifyReport(turned(copy()), subtle)).toMatchObject({ isWhole: true });
  });

  it("shows 400 edits, each of one value anywhere in the file", async () => {
    const places = leaves(report);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.nat(), async (path, seed) => {
        const edited = copy();
        const node = at(edited, path.slice(0, -1)) as Node;
        const key = path.at(-1) ?? "";
        node[key] = otherThan(node[key], seed);
        await expectFound(edited, path.join("."));
      }),
      { numRuns: 400 },
    );
  });

  it("shows 300 deletions, of an element or a field", async () => {
    const places = leaves(report)
      .flatMap((path) => [path, path.slice(0, -1)])
      .filter((path) => path.length > 0);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), async (path) => {
        const edited = copy();
        const node = at(edited, path.slice(0, -1));
        const key = path.at(-1) ?? "";
        if (Array.isArray(node)) node.splice(Number(key), 1);
        else delete (node as Node)[key];
        await expectFound(edited, path.join("."));
      }),
      { numRuns: 300 },
    );
  });

  it("shows 300 exchanges and repetitions of neighbours or others", async () => {
    const places = lists(report);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.nat(), fc.nat(), fc.boolean(), async (path, a, b, isRepeated) => {
        const edited = copy();
        const list = at(edited, path) as unknown[];
        const [i, j] = [a % list.length, b % list.length];
        if (JSON.stringify(list[i]) === JSON.stringify(list[j])) return;
        if (isRepeated) list.splice(j, 0, list[i]);
        else [list[i], list[j]] = [list[j], list[i]];
        await expectFound(edited, `${path.join(".")} ${i} ${j}`);
      }),
      { numRuns: 300 },
    );
  });

  it("names the first broken place", async () => {
    const edited = copy() as { -readonly [K in keyof Report]: Report[K] };
    const events = [...edited.events];
    events[7] = { ...(events[7] as JournalEvent), site: "other.example" };
    edited.events = events;
    const found = await verifyReport(edited, subtle);
    expect(found).toMatchObject({ isWhole: false, code: "link" });
    if (found.isWhole || !found.events) throw new Error("No place was named.");
    const [first, last] = found.events;
    expect(first).toBeLessThanOrEqual(7);
    expect(last).toBeGreaterThanOrEqual(7);
    expect(last - first).toBeLessThan(3);
  });

  it("does not show a cut tail or a chain written anew by itself, but against a checkpoint that was kept", async () => {
    expect(await verifyReport(copy(), subtle, held)).toMatchObject({ isWhole: true, held: "within" });
    const cut = await reportOn(entries.slice(0, 8), FRAME, signer);
    expect(await verifyReport(cut, subtle)).toMatchObject({ isWhole: true });
    expect(await verifyReport(cut, subtle, held)).toMatchObject({ isWhole: true, held: "outside" });
    const anew = await reportOn(await chainOf(BODIES.slice(1), signer), FRAME, signer);
    expect(await verifyReport(anew, subtle)).toMatchObject({ isWhole: true });
    expect(await verifyReport(anew, subtle, held)).toMatchObject({ isWhole: false, code: "held" });
    const thief = await newSigner();
    const foreign = await reportOn(await chainOf(BODIES, thief), FRAME, thief);
    expect(await verifyReport(foreign, subtle, held)).toMatchObject({ isWhole: false, code: "held" });
    expect(await verifyReport(copy(), subtle, { ...held, at: 6 })).toMatchObject({ isWhole: false, code: "held" });
  });

  it("is whole as a piece and says so, and as nothing", async () => {
    const piece = await reportOn(entries.slice(5, 20), FRAME, signer);
    expect(await verifyReport(JSON.parse(JSON.stringify(piece)), subtle)).toMatchObject({
      isWhole: true,
      begins: "piece",
    });
    const empty = await reportOn([], FRAME, signer);
    expect(await verifyReport(JSON.parse(JSON.stringify(empty)), subtle)).toMatchObject({
      isWhole: true,
      begins: "empty",
    });
  });

  it("is refused, whatever the file holds", async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        expect((await verifyReport(value, subtle)).isWhole).toBe(false);
        expect((await verifyReport({ ...copy(), chain: value }, subtle)).isWhole).toBe(false);
        const { chain } = copy();
        const odd = { ...copy(), chain: { ...chain, entries: [chain.entries[0], value, ...chain.entries.slice(1)] } };
        expect((await verifyReport(odd, subtle)).isWhole).toBe(false);
      }),
    );
  });

  test("checkpoints of another device do not count", async () => {
    const thief = await newSigner();
    const mixed = await reportOn(await chainOf(BODIES, thief), FRAME, signer);
    expect(await verifyReport(mixed, subtle)).toMatchObject({ isWhole: false, code: "device" });
  });
});
