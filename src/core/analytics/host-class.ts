import { suffixesOf } from "../host.ts";
import table from "./host-classes.json" with { type: "json" };

/** What sort of place a host is. `adult` is known from lists and verdicts alone, `unsorted` is everything else. */
export const HOST_CLASSES = [
  "search",
  "social",
  "video",
  "chat",
  "mail",
  "news",
  "shopping",
  "work",
  "learning",
  "games",
  "adult",
  "unsorted",
] as const;
export type HostClass = (typeof HOST_CLASSES)[number];

const CLASSES = new Map<string, HostClass>(
  Object.entries(table).flatMap(([name, hosts]) => hosts.map((host) => [host, name as HostClass] as const)),
);

/** The class of the most specific entry that covers a host. */
export function hostClassOf(host: string): HostClass {
  for (const suffix of suffixesOf(host)) {
    const found = CLASSES.get(suffix);
    if (found) return found;
  }
  return "unsorted";
}
