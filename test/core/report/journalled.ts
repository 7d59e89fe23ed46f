import { toHex } from "../../../src/core/bytes.ts";
import {
  type Body,
  checkpointEntry,
  follow,
  type Head,
  hashOf,
  type Signer,
  signHead,
} from "../../../src/core/chain.ts";
import { type JournalEntry, type Report, ReportBuilder, type ReportFrame } from "../../../src/core/report/forensic.ts";
import type { JournalEvent } from "../../../src/core/report/journal.ts";

const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const { subtle } = crypto;

/** A device of its own. */
export async function newSigner(): Promise<Signer> {
  const { publicKey, privateKey } = await subtle.generateKey(SIGNING, true, ["sign", "verify"]);
  const key = toHex(await subtle.exportKey("raw", publicKey));
  return { key, sign: (bytes) => subtle.sign(SIGNING, privateKey, bytes) };
}

/** A chain that holds: it begins, says this, and signs itself now and then. */
export async function chainOf(bodies: readonly Body<JournalEvent>[], signer: Signer): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  let head: Head | undefined;
  const add = async (entry: JournalEntry) => {
    entries.push(entry);
    head = { n: entry.n, hash: await hashOf(entry, subtle) };
  };
  await add(follow(undefined, 0, { kind: "mark", reason: "begun" }));
  for (const [i, body] of bodies.entries()) {
    await add(follow(head, i, body));
    if (head && i % 4 === 3) await add(checkpointEntry(await signHead(head, i, signer)));
  }
  return entries;
}

/** The report on a chain. */
export async function reportOn(entries: readonly JournalEntry[], frame: ReportFrame, signer: Signer): Promise<Report> {
  const builder = new ReportBuilder(frame, { subtle, signer });
  for (const entry of entries) await builder.add(entry);
  const { head, seal } = await builder.finish();
  return { ...head, seal, events: entries.flatMap((entry) => (entry.kind === "events" ? entry.events : [])) };
}

const SIGNER = newSigner();

/** The report on these events, five an entry. */
export async function reportOf(events: readonly JournalEvent[], frame: ReportFrame): Promise<Report> {
  const bodies = Array.from({ length: Math.ceil(events.length / 5) }, (_, i) => ({
    kind: "events" as const,
    events: events.slice(5 * i, 5 * i + 5),
  }));
  return reportOn(await chainOf(bodies, await SIGNER), frame, await SIGNER);
}
