import { decode } from "punycode/punycode.es6.js";
import { parse } from "tldts";

/** An address taken apart. Everything but `path` and `query` is short; both are as long as the address was. */
export interface Address {
  /** Canonical: no user, fragment or final dot of the host; percent escapes of letters, digits and `-._~` undone. */
  readonly url: string;
  /** Without the colon. */
  readonly scheme: string;
  /** ASCII (`xn--…`), lower case, no final dot; IPv6 in brackets; "" where the scheme has none. */
  readonly host: string;
  /** The host as a browser would like to show it. */
  readonly unicodeHost: string;
  readonly kind: "name" | "ipv4" | "ipv6" | "none";
  /** What somebody registered, private suffixes counted as suffixes (`me.github.io`); "" for none. */
  readonly domain: string;
  readonly suffix: string;
  /** `domain` without its suffix and dot. */
  readonly label: string;
  /** What stands before `domain`, without the dot. */
  readonly subdomain: string;
  readonly hasUser: boolean;
  /** "" for the scheme's own. */
  readonly port: string;
  readonly path: string;
  /** With its question mark, or "". */
  readonly query: string;
  /** Under a suffix that a company lends to everybody (github.io, vercel.app). */
  readonly isShared: boolean;
}

/**
 * Reads an address of any length; undefined where the WHATWG URL parser refuses it. Never throws; the time grows with
 * the length and no faster. IPv4 in any notation (octal, hexadecimal, one number) comes out in four decimal parts.
 */
export function readAddress(url: string): Address | undefined {
  const parsed = URL.parse(url);
  if (!parsed) return undefined;
  const isWeb = /^https?:$/.test(parsed.protocol);
  const host = isWeb ? withoutFinalDots(parsed.hostname) : "";
  if (isWeb && host === "") return undefined;
  const names = namesOf(host);
  const path = isWeb ? plainPath(parsed.pathname) : parsed.pathname;
  const query = plain(parsed.search === "?" ? "" : parsed.search);
  const { port } = parsed;
  return {
    url: isWeb ? `${parsed.protocol}//${host}${port && ":"}${port}${path}${query}` : parsed.href,
    scheme: parsed.protocol.slice(0, -1),
    host,
    unicodeHost: names.kind === "name" ? unicodeOf(host) : host,
    hasUser: isWeb && (parsed.username !== "" || parsed.password !== ""),
    port,
    path,
    query,
    ...names,
  };
}

function namesOf(host: string): Pick<Address, "kind" | "domain" | "suffix" | "label" | "subdomain" | "isShared"> {
  const nameless = { domain: "", suffix: "", label: "", subdomain: "", isShared: false };
  if (host === "") return { kind: "none", ...nameless };
  if (host.startsWith("[")) return { kind: "ipv6", ...nameless };
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) return { kind: "ipv4", ...nameless };
  if (host.length > MAX_HOST) return { kind: "name", ...nameless };
  const found = parse(host, { allowPrivateDomains: true, extractHostname: false, validateHostname: false });
  return {
    kind: "name",
    domain: found.domain ?? "",
    suffix: found.publicSuffix ?? "",
    label: found.domainWithoutSuffix ?? "",
    subdomain: found.subdomain ?? "",
    isShared: found.isPrivate ?? false,
  };
}

function withoutFinalDots(host: string): string {
  let end = host.length;
  while (host[end - 1] === ".") end--;
  return host.slice(0, end);
}

/** Labels that are no sound punycode stay as they are. */
function unicodeOf(host: string): string {
  return host.includes("xn--") ? host.split(".").map(unicodeLabel).join(".") : host;
}

const MAX_LABEL = 63;

function unicodeLabel(label: string): string {
  if (!label.startsWith("xn--") || label.length > MAX_LABEL) return label;
  try {
    return decode(label.slice(4));
  } catch {
    return label;
  }
}

/** Undoing escapes can give new dot segments, which the parser takes out. */
function plainPath(path: string): string {
  const decoded = plain(path);
  return decoded === path ? path : (URL.parse(`http://a${decoded}`)?.pathname ?? decoded);
}

/** The domain name system has no longer ones; they are not taken apart. */
export const MAX_HOST = 253;

/** Longer parts keep their escapes: nobody wrote them for a reader. */
const MAX_DECODED = 65_536;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

/**
 * Undoes the percent escapes of unreserved characters (RFC 3986, 6.2.2.2) until none is left, also those that undoing
 * another one gives (`%%341` is `%41` is `A`); each step shortens the text.
 */
function plain(text: string): string {
  if (text.length > MAX_DECODED || !text.includes("%")) return text;
  const out: string[] = [];
  for (const unit of text) {
    out.push(unit);
    while (undoLast(out));
  }
  return out.join("");
}

function undoLast(out: string[]): boolean {
  if (out.at(-3) !== "%") return false;
  const hex = `${out.at(-2)}${out.at(-1)}`;
  if (!/^[0-9a-f]{2}$/i.test(hex)) return false;
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  const isPlain = UNRESERVED.test(character);
  if (isPlain) out.splice(-3, 3, character);
  else out.splice(-2, 2, ...hex.toUpperCase());
  return isPlain;
}
