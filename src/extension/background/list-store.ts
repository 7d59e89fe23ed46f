import { packOf, SHARDS, shardOf, textHas } from "../../core/url/host-pack.ts";
import type { Subscription } from "../../core/url/subscription.ts";
import { browser } from "../browser.ts";

/**
 * The user's lists. They lie in `storage.local` beside the settings, for the same reason: a private window's IndexedDB
 * is empty. The background alone writes. Hosts lie in shards, as the rules do.
 */
const INDEX = "lists";
const PAGES = "pages";

const keyOf = (id: string, part: number | string) => `list:${id}:${part}`;

/** Entries of a list by their place; shards are sorted texts, a host a line. */
export interface ListParts {
  readonly shards: readonly string[];
  readonly pages: string;
}

export async function readSubscriptions(): Promise<Subscription[]> {
  return ((await browser.storage.local.get(INDEX))[INDEX] as Subscription[] | undefined) ?? [];
}

export async function writeSubscriptions(lists: readonly Subscription[]): Promise<void> {
  await browser.storage.local.set({ [INDEX]: lists });
}

/** Only what differs from `before` is written, and the pack. Answers with the numbers of the shards that do. */
export async function writeParts(id: string, entries: Entries, before?: ListParts): Promise<number[]> {
  const { shards, pages } = partsOf(entries);
  const changed = shards.flatMap((text, i) => (text === (before?.shards[i] ?? "") ? [] : [i]));
  const pack = packOf([entries.hosts, entries.pages]).toBase64();
  const texts = Object.fromEntries(changed.map((i) => [keyOf(id, i), shards[i]]));
  await browser.storage.local.set({ ...texts, [keyOf(id, PAGES)]: pages, [keyOf(id, "pack")]: pack });
  return changed;
}

export interface Entries {
  readonly hosts: readonly string[];
  readonly pages: readonly string[];
}

function partsOf({ hosts, pages }: Entries): ListParts {
  const shards = Array.from({ length: SHARDS }, () => [] as string[]);
  for (const host of hosts) shards[shardOf(host)]?.push(host);
  return { shards: shards.map((names) => names.join("\n")), pages: pages.join("\n") };
}

export async function readParts(id: string): Promise<ListParts> {
  const keys = Array.from({ length: SHARDS }, (_, i) => keyOf(id, i));
  const stored = await browser.storage.local.get([...keys, keyOf(id, PAGES)]);
  const text = (key: string) => (stored[key] as string | undefined) ?? "";
  return { shards: keys.map(text), pages: text(keyOf(id, PAGES)) };
}

export function linesOf(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

export async function readPackOf(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = keyOf(id, "pack");
  return Uint8Array.fromBase64(((await browser.storage.local.get(key))[key] as string | undefined) ?? "");
}

/** Whether the list's own text has this host or page. */
export async function hasEntry(id: string, entry: string, isPage: boolean): Promise<boolean> {
  const key = keyOf(id, isPage ? PAGES : shardOf(entry));
  return textHas(((await browser.storage.local.get(key))[key] as string | undefined) ?? "", entry);
}

export async function eraseParts(id: string): Promise<void> {
  const parts = [...Array(SHARDS).keys(), PAGES, "pack"];
  await browser.storage.local.remove(parts.map((part) => keyOf(id, part)));
}
