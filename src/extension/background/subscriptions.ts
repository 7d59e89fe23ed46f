import { applyDelta, parseDelta, versionText } from "../../core/url/list-delta.ts";
import { type ListContent, type ParsedList, parseList } from "../../core/url/list-text.ts";
import { isPageEntry } from "../../core/url/page-entry.ts";
import type { Steps } from "../../core/url/steps.ts";
import {
  isDue,
  type ListFailure,
  listAddress,
  MAX_SUBSCRIPTIONS,
  type Subscription,
} from "../../core/url/subscription.ts";
import { isWellKnown } from "../../core/url/well-known.ts";
import type { ListOutcome, ListRequest } from "../list-messages.ts";
import { removeListRules, writeListRules } from "./block-rules.ts";
import { DownloadError, download } from "./list-download.ts";
import { eraseParts, linesOf, readParts, readSubscriptions, writeParts, writeSubscriptions } from "./list-store.ts";

/** What people list these for cannot be true of a well-known host; for the other categories the user's wish counts. */
const DECEITFUL: readonly string[] = ["phishing", "malware", "scam"];

let queue: Promise<unknown> = Promise.resolve();

/** One change at a time: the lists have one writer, and it does not race itself. */
function inTurn<T>(task: () => Promise<T>): Promise<T> {
  const turn = queue.then(task, task);
  queue = turn.catch(() => {});
  return turn;
}

/** Adds a list from its address, or from the bytes of a file. Nothing is kept of one that is refused. */
export function addList(request: ListRequest): Promise<ListOutcome> {
  return inTurn(async () => {
    const lists = await readSubscriptions();
    const slot = [...Array(MAX_SUBSCRIPTIONS).keys()].find((free) => lists.every((list) => list.slot !== free));
    if (slot === undefined) return { failure: { problem: "full", at: Date.now() } };
    const found = await reading(async () => contentOf(request, request.category));
    if ("failure" in found) return found;
    const { content } = found;
    const now = Date.now();
    const list: Subscription = {
      id: `own-${crypto.randomUUID()}`,
      slot,
      title: content.title ?? titleOf(request),
      category: request.category,
      source: request.url === undefined ? { kind: "file", name: request.name } : { kind: "url", url: request.url },
      refresh: "manual",
      ...(await factsOf(content)),
      updatedAt: now,
      checkedAt: now,
    };
    await writeParts(list.id, content);
    await writeSubscriptions([...lists, list]);
    await writeListRules(list);
    return { list, changed: list.hosts + list.pages };
  });
}

/** Asks a list's address for a newer version: for the changes alone where the list offers them, else for all of it. */
export function refreshList(id: string): Promise<ListOutcome> {
  return inTurn(async () => {
    const list = (await readSubscriptions()).find((other) => other.id === id);
    if (list?.source.kind !== "url") return { failure: { problem: "network", detail: id, at: Date.now() } };
    const { url } = list.source;
    const before = await readParts(id);
    const entries = [...before.shards.flatMap(linesOf), ...linesOf(before.pages)].sort();
    const found = await reading(
      async () => (await changed(list, url, entries)) ?? (await contentOf({ url }, list.category)),
    );
    const checkedAt = Date.now();
    if ("failure" in found) return { ...(await change(id, { checkedAt, failure: found.failure })), ...found };
    const facts = await factsOf(found.content);
    if (facts.version === list.version) return { ...(await change(id, { checkedAt, failure: undefined })), changed: 0 };
    const shards = await writeParts(id, found.content, before);
    const outcome = await change(id, { ...facts, checkedAt, updatedAt: checkedAt, failure: undefined });
    if (outcome.list) await writeListRules(outcome.list, shards);
    return { ...outcome, changed: difference(entries, [...found.content.hosts, ...found.content.pages]) };
  });
}

/** Refreshes what is due. */
export async function refreshDue(): Promise<void> {
  const due = (await readSubscriptions()).filter((list) => isDue(list, Date.now()));
  for (const { id } of due) await refreshList(id);
}

/** Changes how a list is treated, not what it holds. Removed, it stays recallable until `purge`. */
export function changeList(
  id: string,
  patch: Partial<Pick<Subscription, "refresh" | "isRemoved">>,
): Promise<ListOutcome> {
  return inTurn(() => change(id, patch));
}

/** Erases the removed lists for good. */
export function purge(): Promise<void> {
  return inTurn(async () => {
    const lists = await readSubscriptions();
    const gone = lists.filter(({ isRemoved }) => isRemoved);
    for (const list of gone) {
      await removeListRules(list);
      await eraseParts(list.id);
    }
    if (gone.length > 0) await writeSubscriptions(lists.filter((list) => !gone.includes(list)));
  });
}

async function change(
  id: string,
  patch: { [K in keyof Subscription]?: Subscription[K] | undefined },
): Promise<ListOutcome> {
  const lists = await readSubscriptions();
  const list = lists.find((other) => other.id === id);
  if (!list) return { failure: { problem: "network", detail: id, at: Date.now() } };
  const next = JSON.parse(JSON.stringify({ ...list, ...patch })) as Subscription;
  await writeSubscriptions(lists.map((other) => (other === list ? next : other)));
  return { list: next };
}

type Reading = { readonly content: ListContent } | { readonly failure: ListFailure };

async function reading(read: () => Promise<ParsedList>): Promise<Reading> {
  const at = Date.now();
  try {
    const parsed = await read();
    if (!("refusal" in parsed)) return { content: parsed };
    return { failure: { problem: parsed.refusal, ...(parsed.detail ? { detail: parsed.detail } : {}), at } };
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    return { failure: { problem: error.problem, detail: error.detail, at } };
  }
}

async function contentOf(
  { url, bytes }: { url?: string | undefined; bytes?: Uint8Array | undefined },
  category: string,
) {
  const address = url === undefined ? undefined : listAddress(url);
  if (url !== undefined && address === undefined) throw new DownloadError("network", url);
  const file = address === undefined ? (bytes ?? new Uint8Array()) : await download(address);
  return inSlices(parseList(file, popularFor(category)));
}

/** Between two steps the background does what others wait for, above all judging addresses. */
async function inSlices<T>(steps: Steps<T>): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function popularFor(category: string): (host: string) => boolean {
  return (host) => DECEITFUL.includes(category) && isWellKnown(host);
}

/** The next version by its changes; undefined where none are offered, or they are not those of this version. */
async function changed(list: Subscription, url: string, entries: readonly string[]): Promise<ListContent | undefined> {
  const address = list.delta === undefined ? undefined : URL.parse(list.delta, url);
  if (!address || address.origin !== new URL(url).origin) return undefined;
  const bytes = await download(address.href).catch(() => undefined);
  const delta = bytes && parseDelta(new TextDecoder().decode(bytes));
  if (delta?.base !== list.version) return undefined;
  const next = applyDelta(entries, delta);
  const content = {
    hosts: next.filter((entry) => !isPageEntry(entry)),
    pages: next.filter(isPageEntry),
    refused: list.refused,
    title: list.title,
    ...(list.delta ? { delta: list.delta } : {}),
  };
  // What a delta adds goes through the same sieve as a whole list: nothing may be refused or left over.
  const checked = await inSlices(parseList(new TextEncoder().encode(addressesOf(content)), popularFor(list.category)));
  const isSound = "hosts" in checked && versionText(checked) === versionText(content);
  return isSound && (await sha256(versionText(content))) === delta.result ? content : undefined;
}

function addressesOf({ hosts, pages }: Pick<ListContent, "hosts" | "pages">): string {
  return [...hosts, ...pages.map((page) => `http://${page}`)].join("\n");
}

async function factsOf(content: ListContent) {
  const { hosts, pages, refused, delta } = content;
  const version = await sha256(versionText(content));
  return { hosts: hosts.length, pages: pages.length, refused, version, ...(delta ? { delta } : {}) };
}

async function sha256(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toHex();
}

function difference(before: readonly string[], after: readonly string[]): number {
  const old = new Set(before);
  const added = after.filter((entry) => !old.has(entry)).length;
  return added + (before.length - (after.length - added));
}

function titleOf({ url, name }: ListRequest): string {
  return (url === undefined ? name : new URL(url).hostname).slice(0, 100);
}
