import { getPublicSuffix, parse } from "tldts";
import { isPageEntry, pageEntryOf } from "./page-entry.ts";
import { filterSteps, SLICE, type Steps, sortSteps } from "./steps.ts";

/** Why a whole list is refused; the last good one stays. */
export const LIST_REFUSALS = ["html", "encoding", "incomplete", "everything", "tooLong", "empty"] as const;
export type ListRefusal = (typeof LIST_REFUSALS)[number];

/** Why single lines are left out, counted. */
export const LINE_REFUSALS = ["syntax", "rule", "address", "local", "shared", "popular", "covered"] as const;
export type LineRefusal = (typeof LINE_REFUSALS)[number];

/** A list that was read. */
export interface ListContent {
  /** ASCII, lower case, sorted, none below another. */
  readonly hosts: readonly string[];
  /** Single pages, as `pageEntryOf` names them, sorted. */
  readonly pages: readonly string[];
  readonly refused: Readonly<Partial<Record<LineRefusal, number>>>;
  /** What the list's head says: its title, and where changes since its last version can be had. */
  readonly title?: string;
  readonly delta?: string;
}

export type ParsedList = ListContent | { readonly refusal: ListRefusal; readonly detail?: string };

export const MAX_LIST_BYTES = 64 * 1024 * 1024;
export const MAX_LIST_LINES = 1_500_000;
const MAX_LINE = 4_096;

/** What a line stands for. */
type Entry =
  | { readonly kind: "host" | "url" | "exception"; readonly value: string }
  | { readonly kind: "nothing" }
  | { readonly kind: "everything"; readonly value: string }
  | { readonly kind: LineRefusal };

const NOTHING: Entry = { kind: "nothing" };

/**
 * Reads a list in any of the usual formats: hosts files, plain domains, network rules of ad blockers for whole hosts,
 * and full addresses as text, CSV or JSON (PhishTank, URLhaus, OpenPhish). An entry with a path is one page, never a
 * host; what serves many people is refused as a host. Read in steps, since a long list takes seconds.
 * @param isPopular hosts that are too well known to be bad throughout
 */
export function* parseList(bytes: Uint8Array, isPopular: (host: string) => boolean = () => false): Steps<ParsedList> {
  const text = bytes.length <= MAX_LIST_BYTES ? decode(bytes) : "";
  if (text === "") return { refusal: bytes.length === 0 ? "empty" : "tooLong" };
  if (text === undefined) return { refusal: "encoding" };
  const start = text.slice(0, 2_000).trimStart().toLowerCase();
  if (/^<|<(?:html|body|head)[\s>]/.test(start)) return { refusal: "html" };
  const lines = /^[[{]/.test(start) && !start.startsWith("[adblock") ? linesOfJson(text) : linesOf(text);
  if (!lines) return { refusal: "incomplete" };
  if (lines.length > MAX_LIST_LINES) return { refusal: "tooLong", detail: String(lines.length) };
  yield;
  return yield* gather(lines, headOf(text), isPopular);
}

/** Undefined where it is not UTF-8 text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function linesOf(text: string): string[] {
  return text.split(/\r\n?|\n/);
}

/** Every text under the name `url`, wherever it stands; undefined for what is no whole JSON. */
function linesOfJson(text: string): string[] | undefined {
  const urls: string[] = [];
  try {
    JSON.parse(text, (key, value: unknown) => {
      if (key === "url" && typeof value === "string") urls.push(value);
      return value;
    });
  } catch {
    return undefined;
  }
  return urls;
}

interface Head {
  readonly title?: string;
  readonly delta?: string;
  readonly count?: number;
}

/** `# title: …`, `! Title: …`, `# count: …`, `# delta: …` in the first lines. */
function headOf(text: string): Head {
  const head: Record<string, string> = {};
  for (const line of linesOf(text.slice(0, 4_000))) {
    const [, key, value] = /^\s*[#!]\s*(title|count|delta):\s*(.{1,200})$/i.exec(line) ?? [];
    if (key && value) head[key.toLowerCase()] ??= value.trim();
  }
  const { title, delta, count } = head;
  return {
    ...(title ? { title } : {}),
    ...(delta ? { delta } : {}),
    ...(Number(count) > 0 ? { count: Number(count) } : {}),
  };
}

function* gather(
  lines: readonly string[],
  { count, ...head }: Head,
  isPopular: (host: string) => boolean,
): Steps<ParsedList> {
  const [hosts, pages, exceptions] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const refused: Partial<Record<LineRefusal, number>> = {};
  const refuse = (reason: LineRefusal) => {
    refused[reason] = (refused[reason] ?? 0) + 1;
  };
  let [entries, everything] = [0, ""];
  const add = (entry: Entry) => {
    if (entry.kind === "nothing") return;
    entries++;
    if (entry.kind === "everything") everything ||= entry.value;
    else if (entry.kind === "exception") exceptions.add(entry.value);
    else if (entry.kind === "host" || entry.kind === "url") {
      const reason = place(entry.kind, entry.value, isPopular, hosts, pages);
      if (reason) refuse(reason);
    } else refuse(entry.kind);
  };
  for (const [i, line] of lines.entries()) {
    for (const entry of entriesOf(line)) add(entry);
    if (i % SLICE === SLICE - 1) yield;
  }
  if (everything) return { refusal: "everything", detail: everything };
  if (count !== undefined && count !== entries) return { refusal: "incomplete", detail: `${entries} / ${count}` };
  for (const host of exceptions) hosts.delete(host);
  const kept = yield* sortSteps(yield* filterSteps(hosts, (host) => !hasParentIn(host, hosts)));
  const alone = yield* sortSteps(yield* filterSteps(pages, (page) => !isCovered(page, hosts)));
  const covered = hosts.size - kept.length + pages.size - alone.length;
  if (kept.length + alone.length === 0) return { refusal: "empty" };
  return { hosts: kept, pages: alone, refused: covered ? { ...refused, covered } : refused, ...head };
}

/** Puts a host or address where it belongs, or says why it cannot be listed. */
function place(
  kind: "host" | "url",
  value: string,
  isPopular: (host: string) => boolean,
  hosts: Set<string>,
  pages: Set<string>,
): LineRefusal | undefined {
  const page = kind === "url" ? pageEntryOf(value) : value;
  if (page === undefined) return "syntax";
  if (kind === "url" && isPageEntry(page)) {
    pages.add(page);
    return undefined;
  }
  const host = page.replace(/^www\.(?=.+\.)/, "");
  const reason = refusalOf(host, isPopular);
  if (!reason) hosts.add(host);
  return reason;
}

/** Why a host cannot be blocked whole, if so. */
function refusalOf(host: string, isPopular: (host: string) => boolean): LineRefusal | undefined {
  const { isIp, domain } = parse(host, { allowPrivateDomains: true, extractHostname: false });
  if (isIp) return "address";
  if (!host.includes(".")) return "local";
  if (!domain) return "shared";
  return isPopular(host) ? "popular" : undefined;
}

const HOST = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** What hosts files point bad names at. */
const NOWHERE = /^(?:0\.0\.0\.0|127\.\d+\.\d+\.\d+|255\.255\.255\.255|::1?|fe80::\S*|ff0\d::\S*)\s+/i;
const NETWORK_RULE = /^(@@)?\|\|([^/^$*|]+)\^?\|?(?:\$(.+))?$/;
/** Options that leave a network rule one for the whole host. */
const WHOLE = /^(?:all|important|document|doc|popup|subdocument|frame)$/;

function entriesOf(line: string): Entry[] {
  const text = line.slice(0, MAX_LINE).trim();
  if (text === "" || /^[#!]|^\[adblock/i.test(text)) return [];
  if (NOWHERE.test(text)) return namesOf(text.replace(NOWHERE, ""));
  if (/^@@|^\|\|?|[#$]{1,2}[@?]?#|\$[a-z~]/.test(text)) return [ruleOf(text)];
  const fields = /^"|^[\w-]+,|,"/.test(text) ? fieldsOf(text) : [text];
  const address = fields.find((field) => /^https?:\/\//i.test(field));
  if (address !== undefined) return [{ kind: "url", value: address }];
  return fields.length > 1 ? [isHeading(fields) ? NOTHING : { kind: "syntax" }] : [nameOf(text.replace(/\s+#.*$/, ""))];
}

/** `0.0.0.0 one.example two.example # why`; what points at this machine itself is no entry. */
function namesOf(names: string): Entry[] {
  return names
    .replace(/#.*$/, "")
    .trim()
    .split(/\s+/)
    .filter(
      (name) =>
        name !== "" && !/^(?:local(?:host)?|broadcasthost|ip6-\S+|localhost\.localdomain|0\.0\.0\.0)$/.test(name),
    )
    .map(nameOf);
}

/** A plain domain, `*.domain`, or an address without its scheme. */
function nameOf(typed: string): Entry {
  const name = typed
    .toLowerCase()
    .replace(/^\*\.|^\./, "")
    .replace(/\.$/, "");
  if (typed === "*" || isWholeSuffix(name)) return { kind: "everything", value: typed };
  if (HOST.test(name)) return { kind: "host", value: name };
  if (/[\s"<>*\\]/.test(typed)) return { kind: "syntax" };
  const host = URL.parse(`http://${typed}`)?.hostname;
  if (host === undefined) return { kind: "syntax" };
  return { kind: "url", value: `http://${typed}` };
}

function ruleOf(text: string): Entry {
  const [, exception, host = "", options = ""] = NETWORK_RULE.exec(text) ?? [];
  const isWhole = options === "" || options.split(",").every((option) => WHOLE.test(option));
  if (/^\|\|\*/.test(text)) return { kind: "everything", value: text };
  if (host === "" || !isWhole) return { kind: "rule" };
  const name = nameOf(host);
  return exception && name.kind === "host" ? { kind: "exception", value: name.value } : name;
}

/** `com`, `co.uk`: the suffix of a registry, not of a firm that lends names. (Longer ones are left out as shared.) */
function isWholeSuffix(name: string): boolean {
  if (name.split(".", 3).length > 2) return false;
  const { isIcann } = parse(`x.${name}`, { extractHostname: false });
  return isIcann === true && getPublicSuffix(`x.${name}`, { extractHostname: false }) === name;
}

/** RFC 4180 without line breaks inside of fields. */
function fieldsOf(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? "").trim(),
  );
}

function isHeading(fields: readonly string[]): boolean {
  return fields.includes("url");
}

function hasParentIn(host: string, hosts: ReadonlySet<string>): boolean {
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    if (hosts.has(host.slice(dot + 1))) return true;
  }
  return false;
}

function isCovered(page: string, hosts: ReadonlySet<string>): boolean {
  const host = page.split(/[/?:]/, 1)[0] ?? "";
  return hosts.has(host) || hasParentIn(host, hosts);
}
