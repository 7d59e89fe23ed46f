import { hostOf } from "../host.ts";
import type { Category, Detector, UrlSubject } from "../types.ts";
import { type HashSet, nameIn, parentIn } from "./host-pack.ts";
import { pageEntriesOf } from "./page-entry.ts";

/** What is known to be bad: hosts, each covering its subdomains, and single pages. */
export interface Blocklist {
  readonly id: string;
  readonly category: Category;
  readonly hosts: HashSet;
  readonly pages?: HashSet;
  /** Whether the list's own text has this entry: a hash may err once in 10⁹. */
  confirm(entry: string): Promise<boolean>;
}

/** One host a line; `#` starts a comment line. */
export function parseHosts(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The entry of a list that an address seems to fall under, before it is confirmed. */
export function entryOf(url: string, { hosts, pages }: Pick<Blocklist, "hosts" | "pages">): string | undefined {
  const host = hostOf(url)?.replace(/\.$/, "");
  if (host === undefined) return undefined;
  const entry = parentIn(hosts, host);
  if (entry !== undefined || !pages || pages.count === 0) return entry;
  return pageEntriesOf(url).find((page) => nameIn(pages, page));
}

/**
 * Exact knowledge: a confirmed hit is certain and decides alone.
 * @param isOff entries that the user switched off
 */
export function blocklistDetector(
  lists: readonly Blocklist[],
  isOff: (entry: string) => boolean = () => false,
): Detector<UrlSubject> {
  const id = "url/blocklist";
  const signalsOf = async ({ url }: UrlSubject) => {
    for (const list of lists) {
      const entry = entryOf(url, list);
      if (entry === undefined || isOff(entry) || !(await list.confirm(entry))) continue;
      const evidence = [{ kind: "rule", rule: list.id, value: entry } as const];
      return [{ category: list.category, score: 1, detector: id, isCertain: true, evidence }];
    }
    return [];
  };
  return {
    id,
    kind: "url",
    categories: [...new Set(lists.map((list) => list.category))],
    detect: (subjects) => Promise.all(subjects.map(signalsOf)),
  };
}
