import { suffixesOf } from "../../core/host.ts";
import { parseSettings } from "../../core/policy.ts";

/** What somebody typed into the list of trusted sites, understood or not. */
export type HostEntry =
  | { readonly kind: "host"; readonly host: string }
  | { readonly kind: "empty" }
  | { readonly kind: "invalid" }
  | { readonly kind: "covered"; readonly host: string; readonly by: string };

/** Understands a host name, also with `*.` before it, inside a pasted address, or in letters beyond ASCII. */
export function readHost(input: string, hosts: readonly string[]): HostEntry {
  const typed = input.trim().replace(/^\*\./, "");
  if (typed === "") return { kind: "empty" };
  const parsed = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `http://${typed}`);
  const host = parsed?.hostname.replace(/\.$/, "") ?? "";
  // `12` would become 0.0.0.12: nobody means that.
  const isGuess = /^[\d.]+$/.test(host) && !typed.includes(host);
  if (isGuess || !isAcceptable(host)) return { kind: "invalid" };
  const by = suffixesOf(host).find((suffix) => hosts.includes(suffix));
  return by === undefined ? { kind: "host", host } : { kind: "covered", host, by };
}

/** The settings' own rule, so that what is accepted here can be saved. */
function isAcceptable(host: string): boolean {
  try {
    parseSettings({ allowlist: [host] });
    return true;
  } catch {
    return false;
  }
}
