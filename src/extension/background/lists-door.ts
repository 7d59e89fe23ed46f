import type { Settings } from "../../core/policy.ts";
import { browser } from "../browser.ts";
import type { FoundEntries, ListFacts } from "../list-messages.ts";
import { linesOf, readParts, readSubscriptions } from "./list-store.ts";
import { LISTS, readText } from "./lists.ts";

const REFRESH = "refresh-lists";
const MAX_FOUND = 40;

/** Every list, the shipped ones first. */
export async function listsReport({ offLists }: Settings): Promise<ListFacts[]> {
  const isOn = (id: string) => !offLists.includes(id);
  const shipped = LISTS.map(({ id, category, count, updated, sources }) => ({
    id,
    category,
    isOn: isOn(id),
    count,
    updatedAt: Date.parse(updated),
    sources: sources.map(({ repository, license }) => ({ name: repository, license })),
  }));
  const own = (await readSubscriptions()).filter(({ isRemoved }) => !isRemoved);
  return [
    ...shipped,
    ...own.map((list) => ({
      id: list.id,
      category: list.category,
      isOn: isOn(list.id),
      count: list.hosts + list.pages,
      updatedAt: list.updatedAt,
      sources: [{ name: list.source.kind === "url" ? list.source.url : list.source.name }],
      own: list,
    })),
  ];
}

/** The entries that contain some letters, of the lists in turn, and how many there are in all. */
export async function findEntries(words: string, settings: Settings): Promise<FoundEntries> {
  const wanted = words.trim().toLowerCase();
  if (wanted.length < 2) return { entries: [], total: 0 };
  const entries: { list: string; entry: string }[] = [];
  let total = 0;
  for (const { id } of await listsReport(settings)) {
    const found = (await entriesOf(id)).filter((entry) => entry.includes(wanted));
    total += found.length;
    entries.push(...found.slice(0, MAX_FOUND - entries.length).map((entry) => ({ list: id, entry })));
  }
  return { entries, total };
}

async function entriesOf(id: string): Promise<string[]> {
  const row = LISTS.find((list) => list.id === id);
  if (row) return linesOf(await readText(row)).filter((line) => line !== "" && !line.startsWith("#"));
  const { shards, pages } = await readParts(id);
  return [...shards, pages].flatMap(linesOf);
}

/** Asks for due lists now and every hour, if any has a schedule at all; else no alarm is set. */
export async function scheduleRefresh(): Promise<void> {
  const isScheduled = (await readSubscriptions()).some(({ refresh, isRemoved }) => refresh !== "manual" && !isRemoved);
  if (isScheduled) browser.alarms.create(REFRESH, { delayInMinutes: 1, periodInMinutes: 60 });
  else await browser.alarms.clear(REFRESH);
}

export function isRefreshAlarm(name: string): boolean {
  return name === REFRESH;
}
