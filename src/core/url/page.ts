import { WardlightError } from "../errors.ts";
import type { Evidence, Probability, Signal } from "../types.ts";
import { type Address, readAddress } from "./address.ts";
import { BRANDS, type Brand, ownerOf } from "./brands.ts";
import { findImitation } from "./lookalike.ts";
import { isNear } from "./near.ts";

/** A form, or a password field outside any. */
export interface PageForm {
  /** Absolute address that it is sent to; "" for the page's own. */
  readonly action: string;
  readonly hasPassword: boolean;
  readonly hasCard: boolean;
}

/** What a content script may say of a loaded page: input from an enemy, bounded by {@link parsePageFacts}. */
export interface PageFacts {
  readonly title: string;
  /** The first heading, or the logo's alternative text. */
  readonly heading: string;
  readonly forms: readonly PageForm[];
  /** Absolute address of the page's icon, `data:` for one that it holds itself, "" for none. */
  readonly icon: string;
  /** Where its pictures, styles and scripts come from. */
  readonly resourceHosts: readonly string[];
  /** Frames with an address that nobody can see. */
  readonly hiddenFrames: number;
  readonly blocksContextMenu: boolean;
}

const ID = "url/page";
const MAX_TEXT = 300;
const MAX_ADDRESS = 2000;
const MAX_FORMS = 20;
const MAX_HOSTS = 100;
const MAX_HOST = 253;

/**
 * What a loaded page shows beside its address: one `phishing` signal, or none. It is certain in one case only, which no
 * honest page can be in by chance: the address imitates a brand, the page calls itself by that brand's name, and it
 * asks for a password or card that the brand's own hosts do not get.
 */
export function pageSignals(url: string, facts: PageFacts): Signal[] {
  const address = readAddress(url);
  if (!address || address.kind === "none" || isNear(address) || ownerOf(address)) return [];
  const found = findingsOf(address, facts);
  if (found.length === 0) return [];
  const isCertain = isForgery(address, facts);
  const score = isCertain ? 1 : Math.min(0.99, 1 - found.reduce((rest, one) => rest * (1 - one.score), 1));
  const evidence = found.map((one) => one.evidence);
  return [{ category: "phishing", score, detector: ID, ...(isCertain ? { isCertain } : {}), evidence }];
}

interface Found {
  readonly score: Probability;
  readonly evidence: Evidence;
}

function rule(score: Probability, name: string, value: string): Found {
  return { score, evidence: { kind: "rule", rule: name, value } };
}

function findingsOf(address: Address, facts: PageFacts): Found[] {
  const asking = askingForms(facts);
  const brand = brandNamedBy(facts);
  const found: Found[] = [];
  if (asking.length > 0 && brand) {
    const target = { kind: "target", rule: "page", name: brand.name, host: brand.domains[0] ?? "" } as const;
    found.push({ score: 0.7, evidence: target }, rule(0.3, "secret-on-foreign-host", address.host));
    if (comesFrom(brand, facts)) found.push(rule(0.6, "borrowed-pictures", brand.domains[0] ?? ""));
  }
  const foreign = asking.find(({ action }) => goesElsewhere(action, address));
  if (foreign)
    found.push(rule(0.4, "secret-sent-elsewhere", readAddress(foreign.action)?.host ?? foreign.action.slice(0, 80)));
  if (asking.some(({ action }) => isPlain(action, address)))
    found.push(rule(0.3, "secret-sent-in-plain", address.scheme));
  if (asking.length === 0) return found;
  if (facts.blocksContextMenu) found.push(rule(0.25, "context-menu-blocked", ""));
  if (facts.hiddenFrames > 0) found.push(rule(0.1, "hidden-frames", String(facts.hiddenFrames)));
  return found;
}

function askingForms({ forms }: PageFacts): readonly PageForm[] {
  return forms.filter(({ hasPassword, hasCard }) => hasPassword || hasCard);
}

function isForgery(address: Address, facts: PageFacts): boolean {
  const imitation = findImitation(address);
  const asking = askingForms(facts);
  if (!imitation || imitation.score < 0.9 || asking.length === 0) return false;
  const isNamed = holdsName(`${facts.title} ${facts.heading}`, imitation.brand);
  return isNamed && asking.some(({ action }) => !isOwn(action, imitation.brand));
}

/** "" is sent to the page itself, which is not the brand's. */
function isOwn(action: string, brand: Brand): boolean {
  const target = action === "" ? undefined : readAddress(action);
  return target !== undefined && ownerOf(target) === brand;
}

const MIN_NAME = 4;

/** The brand that title or heading begin or end with; a page that merely speaks of one names it elsewhere. */
function brandNamedBy({ title, heading }: PageFacts): Brand | undefined {
  return BRANDS.find(
    (brand) =>
      !brand.isCommon && brand.label.length >= MIN_NAME && [title, heading].some((text) => isSignedBy(text, brand)),
  );
}

/** `PayPal`, `PayPal: Log in`, `Log in | PayPal`. */
function isSignedBy(text: string, { name }: Brand): boolean {
  const parts = text.toLowerCase().split(/\s*[|:·•–—]\s*|\s+-\s+/);
  return parts[0]?.trim() === name.toLowerCase() || parts.at(-1)?.trim() === name.toLowerCase();
}

function holdsName(text: string, { name, label }: Brand): boolean {
  const words = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ")} `;
  return [name.toLowerCase(), label].some((one) => words.includes(` ${one} `));
}

function comesFrom(brand: Brand, { icon, resourceHosts }: PageFacts): boolean {
  const hosts = [...resourceHosts, readAddress(icon)?.host ?? ""];
  return hosts.some((host) => brand.domains.some((domain) => host === domain || host.endsWith(`.${domain}`)));
}

function goesElsewhere(action: string, { domain, host }: Address): boolean {
  if (action === "") return false;
  const target = readAddress(action);
  return target === undefined || target.kind === "none" || (target.domain || target.host) !== (domain || host);
}

function isPlain(action: string, { scheme }: Address): boolean {
  return (action === "" ? scheme : (readAddress(action)?.scheme ?? "")) === "http";
}

/**
 * Reads what a content script sent.
 * @throws WardlightError `validation`, naming the field.
 */
export function parsePageFacts(value: unknown): PageFacts {
  const facts = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const { title, heading, forms, icon, resourceHosts, hiddenFrames, blocksContextMenu } = facts;
  if (!isText(title, MAX_TEXT)) throw invalid("title");
  if (!isText(heading, MAX_TEXT)) throw invalid("heading");
  if (!Array.isArray(forms) || forms.length > MAX_FORMS || !forms.every(isForm)) throw invalid("forms");
  if (!isText(icon, MAX_ADDRESS)) throw invalid("icon");
  if (!isHosts(resourceHosts)) throw invalid("resourceHosts");
  if (!Number.isSafeInteger(hiddenFrames) || Number(hiddenFrames) < 0) throw invalid("hiddenFrames");
  if (typeof blocksContextMenu !== "boolean") throw invalid("blocksContextMenu");
  return { title, heading, forms, icon, resourceHosts, hiddenFrames: Number(hiddenFrames), blocksContextMenu };
}

function isText(value: unknown, limit: number): value is string {
  return typeof value === "string" && value.length <= limit;
}

function isForm(value: unknown): value is PageForm {
  const { action, hasPassword, hasCard } = (value ?? {}) as Partial<PageForm>;
  return isText(action, MAX_ADDRESS) && typeof hasPassword === "boolean" && typeof hasCard === "boolean";
}

function isHosts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_HOSTS && value.every((host) => isText(host, MAX_HOST));
}

function invalid(field: string): WardlightError {
  return new WardlightError("validation", `What was read of the page is not valid: ${field}.`);
}
