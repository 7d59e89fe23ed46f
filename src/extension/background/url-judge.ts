import { type HostClass, hostClassOf } from "../../core/analytics/host-class.ts";
import { type Decision, decide } from "../../core/decide.ts";
import { deferred, detectAll } from "../../core/detector.ts";
import { hostOf, suffixesOf } from "../../core/host.ts";
import type { Described } from "../../core/page-labels.ts";
import { policyOf, type Settings, settingsAt } from "../../core/policy.ts";
import { labelOfUrl, type VerdictEvent, verdictEvent } from "../../core/report/journal.ts";
import { closedFor, isClosing } from "../../core/schedule.ts";
import { CATEGORIES, type Detector, type Evidence, type Signal, type UrlSubject } from "../../core/types.ts";
import { blocklistDetector } from "../../core/url/blocklist.ts";
import { urlDetectors } from "../../core/url/detectors.ts";
import { urlModelsOf } from "../../inference/detectors.ts";
import { browser } from "../browser.ts";
import { heldHosts, spentClasses } from "./help.ts";
import { CATALOG, readLists } from "./lists.ts";
import { readPageLabels } from "./page-labels.ts";
import { wallTime } from "./settings.ts";

/** An address that was judged. */
export interface JudgedUrl extends Decision {
  readonly url: string;
  readonly host: string;
  readonly event: VerdictEvent;
}

const HOURS_ID = "url/hours";
const WITHIN_MS = 10_000;

/** What judges an address by its looks; the model is opened with the first one. */
const ofLooks = [...urlDetectors(), ...urlModelsOf(CATALOG, readModel)];

/** Exact knowledge, as long as it holds: hosts that the user closed for tonight, and kinds of sites whose time is used up. */
function wishDetectors(hosts: readonly string[], spent: readonly HostClass[]): Detector<UrlSubject>[] {
  const closed = (url: string) => suffixesOf(hostOf(url) ?? "").find((host) => hosts.includes(host));
  const used = (url: string) => spent.find((name) => name === hostClassOf(hostOf(url) ?? ""));
  return [certain("url/tonight", closed), certain("url/budget", used)];
}

/** The wish is certain; what the page is about is the text models' guess, which stands as evidence. */
function hoursDetectors({ schedule }: Settings): Detector<UrlSubject>[] {
  if (!schedule.some(isClosing)) return [];
  const signalsOf = (described: readonly Described[]): Signal[] => {
    const met = closedFor(schedule, described, wallTime());
    if (!met) return [];
    const evidence = [{ kind: "class", name: met.label, score: met.score } as const];
    return [{ category: "blocklisted", score: 1, detector: HOURS_ID, isCertain: true, evidence }];
  };
  const detect = async (subjects: readonly UrlSubject[]) =>
    (await readPageLabels(subjects.map(({ url }) => url))).map(signalsOf);
  return [{ id: HOURS_ID, kind: "url", categories: ["blocklisted"], detect }];
}

function certain(id: string, find: (url: string) => string | undefined): Detector<UrlSubject> {
  const signalsOf = ({ url }: UrlSubject): Signal[] => {
    const value = find(url);
    const evidence = [{ kind: "rule", rule: id, value: value ?? "" } as const];
    return value === undefined ? [] : [{ category: "blocklisted", score: 1, detector: id, isCertain: true, evidence }];
  };
  return { id, kind: "url", categories: ["blocklisted"], detect: async (subjects) => subjects.map(signalsOf) };
}

async function readModel(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(browser.runtime.getURL(`models/${path}`));
  return new Uint8Array(await response.arrayBuffer());
}

function subjectOf(url: string): UrlSubject {
  return { kind: "url", id: crypto.randomUUID(), context: "page", url };
}

/** Every list that counts. What cannot be read of them is a failure of theirs alone. */
function listDetector({ trustedAddresses, offLists }: Settings): Detector<UrlSubject> {
  const isOff = (entry: string) => trustedAddresses.includes(entry);
  const open = async () => blocklistDetector(await readLists(offLists), isOff);
  return deferred({ ...blocklistDetector([]), categories: CATEGORIES }, open);
}

/** Judges an address for another program, which learns nothing of what the user closed or used up. */
export async function judgeForeign(url: string, settings: Settings): Promise<Decision> {
  const subject = subjectOf(url);
  const detectors = [listDetector(settings), ...ofLooks];
  const [finding = { signals: [] }] = await detectAll(detectors, [subject], AbortSignal.timeout(WITHIN_MS));
  return decide(subject, finding, policyOf(settings), { site: hostOf(url) ?? "", at: Date.now() });
}

/** Judges addresses by every list that counts and by what they look like. */
export async function judgeUrls(
  urls: readonly string[],
  settings: Settings,
  pageSignals: readonly Signal[] = [],
): Promise<JudgedUrl[]> {
  const startedAt = performance.now();
  const subjects = urls.map(subjectOf);
  const wished = [...wishDetectors(await heldHosts(), await spentClasses()), ...hoursDetectors(settings)];
  const detectors = [listDetector(settings), ...wished, ...ofLooks];
  const findings = await detectAll(detectors, subjects, AbortSignal.timeout(WITHIN_MS));
  const at = Date.now();
  const latencyMs = (performance.now() - startedAt) / Math.max(1, urls.length);
  return subjects.map((subject, i) => {
    const finding = findings[i] ?? { signals: [] };
    const site = hostOf(subject.url) ?? "";
    const whole = { ...finding, signals: [...finding.signals, ...pageSignals] };
    const decision = decide(subject, whole, policyOf(settingsAt(settings, wallTime())), { site, at });
    const fields = { id: subject.id, at, subject: "url", context: "page", site, latencyMs } as const;
    const event = verdictEvent({ ...fields, label: labelOfUrl(subject.url) }, decision.verdict, decision.action);
    return { ...decision, url: subject.url, host: site, event };
  });
}

export async function judgeUrl(
  url: string,
  settings: Settings,
  pageSignals: readonly Signal[] = [],
): Promise<JudgedUrl> {
  const [judged] = await judgeUrls([url], settings, pageSignals);
  return judged as JudgedUrl;
}

/** Whether the page is kept from the user; a warning lets it show. */
export function isStopped({ action }: JudgedUrl): boolean {
  return action.kind === "block" || action.kind === "hide";
}

/** The list's entry that an address fell under. */
export function listedAs({ verdict }: JudgedUrl): { list: string; entry: string } | undefined {
  const signal = verdict.signals.find(
    ({ detector, category }) => detector === "url/blocklist" && category === verdict.category,
  );
  const hit = signal?.evidence.find((item): item is Evidence & { kind: "rule" } => item.kind === "rule");
  return hit && { list: hit.rule, entry: hit.value };
}
