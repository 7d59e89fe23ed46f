import { suffixesOf } from "../../core/host.ts";

/** The entries that exempt a host: its own, and those of the domains that it lies in. */
function entriesFor(host: string, allowlist: readonly string[]): string[] {
  return suffixesOf(host).filter((suffix) => allowlist.includes(suffix));
}

export function isTrusted(host: string | undefined, allowlist: readonly string[]): boolean {
  return host !== undefined && entriesFor(host, allowlist).length > 0;
}

export function trusting(host: string, allowlist: readonly string[]): string[] {
  return [...new Set([...allowlist, host])].sort();
}

/** Without every entry that exempts the host, so that it is guarded again whichever of them it was. */
export function distrusting(host: string, allowlist: readonly string[]): string[] {
  const entries = entriesFor(host, allowlist);
  return allowlist.filter((entry) => !entries.includes(entry));
}
