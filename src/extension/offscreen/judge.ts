import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { type ModelRow, modelName, parseCatalog, rowsOf } from "../../core/catalog.ts";
import { type Decision, decide, exemptionOf } from "../../core/decide.ts";
import { failureOf, WardlightError } from "../../core/errors.ts";
import { pipelineOf } from "../../core/image/ensemble.ts";
import { Lru } from "../../core/lru.ts";
import { packsFor } from "../../core/pack-pins.ts";
import type { GpuReport } from "../../core/provider.ts";
import { type JournalEvent, labelOfText, labelOfUrl, verdictEvent } from "../../core/report/journal.ts";
import type { Finding, PackPin, Policy, TextSubject } from "../../core/types.ts";
import { openCache } from "../../storage/cache.ts";
import { browser, type Runtime } from "../browser.ts";
import {
  JUDGE_PORT,
  type JudgeState,
  type Measurement,
  type ModelState,
  type PackFile,
  type PackTrial,
  type PageAction,
  type PageDescription,
  type Sighting,
  type TestResult,
  type TextSighting,
  type TextTest,
} from "../messages.ts";
import type { LendReferrer } from "./download.ts";
import { draftOf, isDraft, labelOfDraft, withoutWords } from "./draft.ts";
import { capacityFor, FindingMemory } from "./finding-memory.ts";
import { checkGpu } from "./gpu-check.ts";
import type { PictureInput } from "./image-worker.ts";
import { Outbox } from "./outbox.ts";
import { measure, tryPack } from "./pack-check.ts";
import { isForReaders, PageReadings } from "./page-readings.ts";
import { decidePassage, wishesOf } from "./passages.ts";
import { type Found, type ImageSighting, PictureFinder } from "./picture-finder.ts";
import { presentationOf } from "./presentation.ts";
import { type Parsed, parseToJudge, type Refusal } from "./sightings.ts";
import { spansOf } from "./spans.ts";
import { circumstanceOf, nobody, type Visitor, visitorOf } from "./visitor.ts";
import { type WorkerState, workerClient } from "./worker-client.ts";
import type { ToWorker } from "./worker-protocol.ts";

const CATALOG = parseCatalog(catalogJson);
const MAX_DISPUTABLE = 200;

/** A picture that was withheld, for the case that the user objects. */
interface Withheld {
  readonly sighting: Pick<ImageSighting, "kind" | "id" | "context">;
  readonly label: string;
  readonly found: Found;
}

/**
 * The judge: pages in, actions out, events to the journal. It asks nobody anything and answers nothing before its first
 * policy.
 */
export class Judge {
  readonly #images = workerClient<PictureInput>(() => this.#greeted(imageWorker(), "image"));
  readonly #texts = workerClient<TextSubject>(() => this.#greeted(textWorker(), "text"));
  readonly #memory = new FindingMemory(openCache(), capacityFor(memoryOfDevice()));
  readonly #finder: PictureFinder;
  readonly #withheld = new WeakMap<Visitor, Lru<string, Withheld>>();
  readonly #outbox: Outbox;
  readonly #pages: PageReadings;
  readonly #early: Visitor[] = [];
  #policy: Policy | undefined;
  #packs: readonly PackPin[] = [];
  #judged = 0;
  readonly #recalled = { memory: 0, disk: 0, likeness: 0 };

  /** @param record must resolve after commit. */
  constructor(
    record: (events: readonly JournalEvent[]) => Promise<void>,
    lend: LendReferrer,
    describe: (description: PageDescription) => Promise<void>,
  ) {
    this.#outbox = new Outbox(record);
    this.#pages = new PageReadings(describe);
    this.#finder = new PictureFinder(this.#images, this.#memory, lend);
    browser.runtime.onConnect.addListener((port) => {
      if (port.name === JUDGE_PORT && port.sender?.id === browser.runtime.id && port.sender.tab) this.#welcome(port);
    });
  }

  configure(policy: Policy): void {
    this.#policy = policy;
    this.#usePacks(policy.packs ?? []);
    this.#finder.configure(policy);
    void this.#memory.configure(
      pipelineOf([...rowsOf(CATALOG, "image"), ...packsFor("image", this.#packsInUse()).map(exactly)]),
      policy.remembers,
    );
    for (const visitor of this.#early.splice(0)) visitor.answer({ kind: "ready" });
  }

  #usePacks(packs: readonly PackPin[]) {
    const isOther = (kind: PackPin["kind"]) =>
      JSON.stringify(packsFor(kind, packs)) !== JSON.stringify(packsFor(kind, this.#packs));
    const changed = { image: isOther("image"), text: isOther("text") };
    this.#packs = packs;
    if (changed.image) this.#images.renew();
    if (changed.text) this.#texts.renew();
  }

  /** A new worker knows its packs before its first job. */
  #greeted(worker: Worker, kind: PackPin["kind"]): Worker {
    worker.postMessage({ kind: "packs", packs: packsFor(kind, this.#packs) } satisfies ToWorker<never>);
    return worker;
  }

  /** @throws WardlightError with what is wrong with the pack. */
  tryPack(file: PackFile): Promise<PackTrial> {
    return tryPack(file.kind === "text" ? textWorker() : imageWorker(), file);
  }

  measure(): Promise<readonly Measurement[]> {
    return measure(imageWorker(), packsFor("image", this.#packs));
  }

  state(): JudgeState {
    const models = [...CATALOG.models, ...this.#packsInUse()].map((row) =>
      stateOf(row, (row.kind === "image" ? this.#images : this.#texts).state()),
    );
    return { models, judged: this.#judged, recalled: { ...this.#recalled }, reread: this.#finder.reread };
  }

  #packsInUse(): PackPin[] {
    return this.#packs.filter(({ isEnabled }) => isEnabled);
  }

  /** Forgets every verdict on pictures, in memory and on disk. */
  forget(): Promise<void> {
    return this.#finder.forget();
  }

  /** Tries the graphics card beside the work, and changes nothing about it. */
  checkGpu({ mayBeSoftware }: { mayBeSoftware: boolean }): Promise<GpuReport> {
    return checkGpu(imageWorker(), mayBeSoftware);
  }

  /**
   * Judges a picture that no page shows exactly as one of a page. Nobody is answered and nothing is written down.
   * @throws WardlightError `resource` before the first policy.
   */
  async test(bytes: Uint8Array): Promise<TestResult> {
    const policy = this.#readyPolicy();
    const sighting = { kind: "image", id: crypto.randomUUID(), context: "page", src: "", bytes } as const;
    const startedAt = performance.now();
    const visitor = nobody();
    const finding = (await this.#findPicture(sighting, visitor))?.finding ?? { signals: [] };
    const decision = decide(sighting, finding, policy, circumstanceOf(visitor));
    return { ...decision, latencyMs: performance.now() - startedAt };
  }

  /** Likewise a text. */
  async testText({ text, context }: TextTest): Promise<Decision> {
    const policy = this.#readyPolicy();
    const sighting = { kind: "text", id: crypto.randomUUID(), context, text } as const;
    const visitor = nobody();
    const [finding = { signals: [] }] = await this.#findTexts([sighting], visitor);
    return decide(sighting, finding, policy, circumstanceOf(visitor));
  }

  #readyPolicy(): Policy {
    if (this.#policy) return this.#policy;
    throw new WardlightError("resource", "The judge has no policy yet. Try it again.");
  }

  #welcome(port: Runtime.Port) {
    const visitor = visitorOf(port);
    port.onMessage.addListener((message) => this.#receive(message, visitor));
    if (this.#policy) visitor.answer({ kind: "ready" });
    else this.#early.push(visitor);
  }

  #receive(message: unknown, visitor: Visitor) {
    try {
      const parsed = parseToJudge(message);
      if (parsed.kind === "judge") this.#judge(parsed, visitor);
      else if (parsed.kind === "withdraw") for (const id of parsed.ids) this.#finder.withdraw(visitor, id);
      else if (parsed.kind === "hasten")
        for (const wish of parsed.wishes) this.#finder.hasten(visitor, wish.id, wish.urgency);
      else if (parsed.kind === "dispute") this.#dispute(parsed.id, visitor);
    } catch (error) {
      console.warn(failureOf(error).message);
    }
  }

  #judge({ sightings, refused }: Extract<Parsed, { kind: "judge" }>, visitor: Visitor) {
    const texts = sightings.filter((sighting) => sighting.kind === "text");
    if (texts.length > 0) void this.#judgeTexts(texts, visitor);
    for (const sighting of sightings) if (sighting.kind === "image") void this.#judgeImage(sighting, visitor);
    for (const refusal of refused) this.#refuse(refusal, visitor);
  }

  async #judgeImage(sighting: ImageSighting, visitor: Visitor) {
    const startedAt = performance.now();
    const label = labelOfUrl(sighting.src);
    const found = await this.#findPicture(sighting, visitor);
    if (!found) return;
    const { id, kind, context } = sighting;
    const withheld = this.#withheld.get(visitor) ?? new Lru<string, Withheld>(MAX_DISPUTABLE);
    this.#withheld.set(visitor, withheld);
    if (this.#isWithheld(found.finding, visitor)) withheld.set(id, { sighting: { id, kind, context }, label, found });
    if (found.finding.recalled) this.#recalled[found.finding.recalled]++;
    this.#conclude(sighting, found.finding, label, startedAt, visitor);
  }

  /** Undefined where nobody waits for it any more. */
  async #findPicture(sighting: ImageSighting, visitor: Visitor): Promise<Found | undefined> {
    if (this.#isExempt(visitor)) return { finding: { signals: [] }, names: [] };
    const wantsRegions = (finding: Finding) => this.#policy?.isRegional === true && this.#isWithheld(finding, visitor);
    try {
      return await this.#finder.find(sighting, visitor, wantsRegions);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return undefined;
      return { finding: { signals: [], failure: failureOf(error) }, names: [] };
    }
  }

  #isWithheld(finding: Finding, visitor: Visitor): boolean {
    if (!this.#policy || finding.failure) return false;
    const { action } = decide({ kind: "image", context: "page" }, finding, this.#policy, circumstanceOf(visitor));
    return action.kind !== "allow" && action.kind !== "warn";
  }

  /** The user's word, where the policy gives it weight: the picture is shown, here and wherever it is met again. */
  #dispute(id: string, visitor: Visitor) {
    const entry = this.#withheld.get(visitor)?.get(id);
    if (!entry || !this.#policy?.mayReveal) return;
    const finding = this.#finder.dispute(entry.found, visitor);
    this.#conclude(entry.sighting, finding, entry.label, performance.now(), visitor);
  }

  #refuse(refusal: Refusal, visitor: Visitor) {
    const finding = { signals: [], failure: failureOf(refusal.error) };
    this.#conclude(refusal, finding, "", performance.now(), visitor);
  }

  async #judgeTexts(sightings: readonly TextSighting[], visitor: Visitor) {
    const startedAt = performance.now();
    const findings = await this.#findTexts(sightings, visitor);
    if (this.#policy?.describesPages) this.#pages.add(visitor, sightings, findings);
    const allowed = sightings.filter((sighting, i) => {
      if (isDraft(sighting.context)) return this.#concludeDraft(sighting, findings[i], startedAt, visitor);
      return this.#concludePassage(sighting, findings[i], startedAt, visitor);
    });
    if (allowed.length === 0 || visitor.isPrivate) return;
    this.#outbox.add({ kind: "tally", ...stamp(), site: visitor.site, subject: "text", allowed: allowed.length });
  }

  /** What the detectors say of texts, or why they could not. */
  async #findTexts(sightings: readonly TextSighting[], visitor: Visitor): Promise<readonly Finding[]> {
    if (this.#isExempt(visitor)) return sightings.map(() => ({ signals: [] }));
    const isRead = this.#policy?.describesPages === true && visitor.document !== undefined;
    const subjects = sightings.map(
      (sighting): TextSubject => ({
        ...sighting,
        isDescribed: isRead && isForReaders(sighting),
      }),
    );
    return this.#texts.detect(subjects, visitor.gone).catch((error: unknown) => {
      const failure = failureOf(error);
      return sightings.map(() => ({ signals: [], failure }));
    });
  }

  /** An exempt page costs no work. */
  #isExempt(visitor: Visitor): boolean {
    return !this.#policy || exemptionOf(this.#policy, circumstanceOf(visitor)) !== undefined;
  }

  /** Answers at once; what the user wrote goes nowhere, and each kind of news is written down once a frame. */
  #concludeDraft(
    sighting: TextSighting,
    finding: Finding = { signals: [] },
    startedAt: number,
    visitor: Visitor,
  ): false {
    if (!this.#policy || visitor.gone.aborted) return false;
    const circumstance = circumstanceOf(visitor);
    const { verdict, action } = decide(sighting, finding, this.#policy, circumstance);
    const { id, kind: subject, context } = sighting;
    const draft = draftOf(context, finding, this.#policy, circumstance);
    const label = labelOfDraft(draft);
    const answer = { ...action, id, subject, label, score: verdict.score, spans: [], draft };
    visitor.answer({ kind: "actions", actions: [answer] });
    this.#judged++;
    if (label === "" || visitor.isPrivate || !visitor.isNewDraft(label)) return false;
    const latencyMs = performance.now() - startedAt;
    const fields = { ...stamp(), subject, context, site: visitor.site, label, latencyMs };
    this.#outbox.add(verdictEvent(fields, { ...verdict, signals: withoutWords(verdict.signals) }, action));
    return false;
  }

  /** Decides, answers the page and writes down what was done; true where that is left to the tally. */
  #concludePassage(
    { id, kind: subject, context, text }: TextSighting,
    finding: Finding = { signals: [] },
    startedAt: number,
    visitor: Visitor,
  ): boolean {
    if (!this.#policy || visitor.gone.aborted) return false;
    const circumstance = circumstanceOf(visitor);
    const decision = decidePassage(context, finding, this.#policy, circumstance);
    const { passage, hostile } = decision;
    const labelOf = ({ verdict }: Decision) => labelOfText(text, spansOf(verdict));
    const answer = {
      ...passage.action,
      id,
      subject,
      label: labelOf(hostile ?? passage),
      score: passage.verdict.score,
      spans: spansOf(passage.verdict),
      ...wishesOf(decision, this.#policy, circumstance),
    };
    visitor.answer({ kind: "actions", actions: [answer] });
    this.#judged++;
    const isNews = passage.action.kind !== "allow" || visitor.isNews(passage.verdict.failure);
    const told = [...(isNews ? [passage] : []), ...(hostile ? [hostile] : [])];
    if (!visitor.isPrivate) {
      const latencyMs = performance.now() - startedAt;
      for (const one of told) {
        const fields = { ...stamp(), subject, context, site: visitor.site, label: labelOf(one), latencyMs };
        this.#outbox.add(verdictEvent(fields, one.verdict, one.action));
      }
    }
    return told.length === 0;
  }

  /** Decides about a picture or what could not be read, answers the page and writes it down. */
  #conclude(
    sighting: Pick<Sighting, "kind" | "id" | "context">,
    finding: Finding,
    label: string,
    startedAt: number,
    visitor: Visitor,
  ): void {
    if (!this.#policy || visitor.gone.aborted) return;
    const { verdict, action } = decide(sighting, finding, this.#policy, circumstanceOf(visitor));
    const { id, kind: subject, context } = sighting;
    const { regions = [] } = finding;
    const answer: PageAction = {
      ...action,
      id,
      subject,
      label,
      score: verdict.score,
      spans: spansOf(finding),
      ...presentationOf(action, verdict, this.#policy),
      ...(regions.length > 0 && this.#policy.isRegional ? { regions } : {}),
    };
    const latencyMs = performance.now() - startedAt;
    const fields = { ...stamp(), subject, context, site: visitor.site, label, latencyMs };
    visitor.answer({ kind: "actions", actions: [answer] });
    this.#judged++;
    if (subject === "text" && !visitor.isNews(verdict.failure)) return;
    // Of what moves only what was withheld is written down: a film would fill the journal.
    const isHarmlessFrame = action.kind === "allow" && "pixels" in sighting;
    if (visitor.isPrivate || isHarmlessFrame) return;
    this.#outbox.add(verdictEvent(fields, verdict, action));
  }
}

/** In GiB, roughly; Chromium alone tells. */
function memoryOfDevice(): number | undefined {
  return (navigator as { deviceMemory?: number }).deviceMemory;
}

/** Other bytes under the same name are another model. */
function exactly({ id, version, sha256 }: PackPin) {
  return { id, version: `${version}+${sha256}` };
}

function imageWorker(): Worker {
  return new Worker(new URL("./image-worker.ts", import.meta.url), { type: "module" });
}

function textWorker(): Worker {
  return new Worker(new URL("./text-worker.ts", import.meta.url), { type: "module" });
}

function stateOf(row: Pick<ModelRow, "id" | "version">, { isAwake, failures, serving }: WorkerState): ModelState {
  const id = modelName(row);
  const failure = failures.get(id);
  const provider = serving?.providers[id];
  return {
    id,
    state: failure ? "failed" : isAwake ? "ready" : "asleep",
    ...(failure ? { failure } : {}),
    ...(provider ? { provider } : {}),
    ...(serving?.noGpu ? { noGpu: serving.noGpu } : {}),
  };
}

function stamp() {
  return { id: crypto.randomUUID(), at: Date.now() };
}
