import { hostOf, suffixesOf } from "../host.ts";
import type { Category, Detector, UrlSubject } from "../types.ts";

/** Hosts that are known to be bad, each covering its subdomains. */
export interface Blocklist {
  readonly id: string;
  readonly category: Category;
  readonly hosts: ReadonlySet<string>;
}

/** One host a line; `#` starts a comment line. */
export function parseHosts(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** The list and the entry that a host falls under, or undefined. */
export function findListed(host: string, lists: readonly Blocklist[]): { list: Blocklist; entry: string } | undefined {
  const suffixes = suffixesOf(host);
  for (const list of lists) {
    const entry = suffixes.find((suffix) => list.hosts.has(suffix));
    if (entry !== undefined) return { list, entry };
  }
  return undefined;
}

/** Exact knowledge: a hit is certain and decides alone. */
export function blocklistDetector(lists: readonly Blocklist[]): Detector<UrlSubject> {
  const id = "url/blocklist";
  return {
    id,
    kind: "url",
    categories: [...new Set(lists.map((list) => list.category))],
    async detect(subjects) {
      return subjects.map(({ url }) => {
        const host = hostOf(url);
        const hit = host === undefined ? undefined : findListed(host, lists);
        if (!hit) return [];
        const evidence = [{ kind: "rule", rule: hit.list.id, value: hit.entry } as const];
        return [{ category: hit.list.category, score: 1, detector: id, isCertain: true, evidence }];
      });
    },
  };
}
