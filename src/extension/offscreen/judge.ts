import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { modelName, parseCatalog } from "../../core/catalog.ts";
import { decide, exemptionOf } from "../../core/decide.ts";
import { failureOf, WardlightError } from "../../core/errors.ts";
import { type JournalEvent, labelOfText, labelOfUrl, verdictEvent } from "../../core/report/journal.ts";
import type { ActionKind, Circumstance, Finding, Policy, TextSubject } from "../../core/types.ts";
import { browser, type Runtime } from "../browser.ts";
import {
  JUDGE_PORT,
  type JudgeState,
  type PageAction,
  type Sighting,
  type TestResult,
  type ToPage,
} from "../messages.ts";
import type { PictureInput } from "./image-worker.ts";
import { limited } from "./limited.ts";
import { Outbox } from "./outbox.ts";
import { openPicture } from "./pictures.ts";
import { parseToJudge } from "./sightings.ts";
import { workerClient } from "./worker-client.ts";

const IMAGES_AT_ONCE = 3;
const IMAGE_TIMEOUT_MS = 30_000;

const MODELS = parseCatalog(catalogJson).models;

type TextSighting = Extract<Sighting, { kind: "text" }>;
type ImageSighting = Extract<Sighting, { kind: "image" }>;

/** One frame of one page, for as long as its port is open. */
interface Visitor {
  readonly site: string;
  /** Nothing of a private window is written down. */
  readonly isPrivate: boolean;
  readonly gone: AbortSignal;
  answer(message: ToPage): void;
}

/** Who stands behind a test: no page. */
const NOBODY: Visitor = { site: "", isPrivate: true, gone: new AbortController().signal, answer() {} };

/**
 * The judge: pages in, actions out, events to the journal. It asks nobody anything and answers nothing before its first
 * policy.
 */
export class Judge {
  readonly #images = workerClient<PictureInput>(
    () => new Worker(new URL("./image-worker.ts", import.meta.url), { type: "module" }),
  );
  readonly #texts = workerClient<TextSubject>(
    () => new Worker(new URL("./text-worker.ts", import.meta.url), { type: "module" }),
  );
  readonly #inTurn = limited(IMAGES_AT_ONCE);
  readonly #outbox: Outbox;
  readonly #early: Visitor[] = [];
  #policy: Policy | undefined;
  #judged = 0;

  /** @param record must resolve after commit. */
  constructor(record: (events: readonly JournalEvent[]) => Promise<void>) {
    this.#outbox = new Outbox(record);
    browser.runtime.onConnect.addListener((port) => {
      if (port.name === JUDGE_PORT && port.sender?.id === browser.runtime.id && port.sender.tab) this.#welcome(port);
    });
  }

  configure(policy: Policy): void {
    this.#policy = policy;
    for (const visitor of this.#early.splice(0)) visitor.answer({ kind: "ready" });
  }

  state(): JudgeState {
    const models = MODELS.map((row) => ({ id: modelName(row), ...this.#images.state() }));
    return { models, judged: this.#judged };
  }

  /**
   * Judges a picture of the package exactly as one of a page. Nobody is answered and nothing is written down.
   * @throws WardlightError `resource` before the first policy.
   */
  async test(bytes: Uint8Array): Promise<TestResult> {
    const policy = this.#policy;
    if (!policy) throw new WardlightError("resource", "The judge has no policy yet. Run the test again.");
    const sighting = { kind: "image", id: crypto.randomUUID(), context: "page", src: "", bytes } as const;
    const startedAt = performance.now();
    const [finding = { signals: [] }] = await this.#inTurn(() => this.#lookAt(sighting, NOBODY));
    const decision = decide(sighting, finding, policy, circumstanceOf(NOBODY));
    return { ...decision, latencyMs: performance.now() - startedAt };
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
      if (parsed.kind === "waiting") return;
      const texts = parsed.sightings.filter((sighting) => sighting.kind === "text");
      if (texts.length > 0) void this.#judgeTexts(texts, visitor);
      for (const sighting of parsed.sightings) {
        if (sighting.kind === "image") void this.#inTurn(() => this.#judgeImage(sighting, visitor));
      }
    } catch (error) {
      console.warn(failureOf(error).message);
    }
  }

  async #judgeImage(sighting: ImageSighting, visitor: Visitor) {
    if (visitor.gone.aborted) return;
    const startedAt = performance.now();
    const [finding] = await this.#lookAt(sighting, visitor);
    this.#conclude(sighting, finding, labelOfUrl(sighting.src), startedAt, visitor);
  }

  #lookAt({ id, context, src, bytes }: ImageSighting, visitor: Visitor): Promise<readonly Finding[]> {
    return this.#find(visitor, 1, async () => {
      const signal = AbortSignal.any([visitor.gone, AbortSignal.timeout(IMAGE_TIMEOUT_MS)]);
      const picture = await openPicture(src, bytes, signal);
      const transfer = picture instanceof ImageBitmap ? [picture] : [];
      return this.#images.detect([{ id, context, picture }], signal, transfer);
    });
  }

  async #judgeTexts(sightings: readonly TextSighting[], visitor: Visitor) {
    const startedAt = performance.now();
    const findings = await this.#find(visitor, sightings.length, () => this.#texts.detect(sightings, visitor.gone));
    const allowed = sightings.filter((sighting, i) => {
      const label = labelOfText(sighting.text, spansOf(findings[i]));
      return this.#conclude(sighting, findings[i], label, startedAt, visitor) === "allow";
    });
    if (allowed.length === 0 || visitor.isPrivate) return;
    this.#outbox.add({ kind: "tally", ...stamp(), site: visitor.site, subject: "text", allowed: allowed.length });
  }

  /** What the detectors say of `count` subjects, or why they could not; an exempt page costs no work. */
  async #find(visitor: Visitor, count: number, detect: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
    const all = (finding: Finding) => new Array<Finding>(count).fill(finding);
    if (!this.#policy || exemptionOf(this.#policy, circumstanceOf(visitor))) return all({ signals: [] });
    return detect().catch((error: unknown) => {
      const isTimeout = error instanceof DOMException && error.name === "TimeoutError";
      const known = isTimeout ? new WardlightError("resource", "The picture took too long to be judged.") : error;
      return all({ signals: [], failure: failureOf(known) });
    });
  }

  /** Decides, answers the page and writes it down; harmless text is left to the tally. */
  #conclude(
    sighting: Sighting,
    finding: Finding = { signals: [] },
    label: string,
    startedAt: number,
    visitor: Visitor,
  ): ActionKind | undefined {
    if (!this.#policy || visitor.gone.aborted) return undefined;
    const { verdict, action } = decide(sighting, finding, this.#policy, circumstanceOf(visitor));
    const { id, kind: subject, context } = sighting;
    const answer: PageAction = { ...action, id, subject, label, score: verdict.score, spans: spansOf(finding) };
    visitor.answer({ kind: "actions", actions: [answer] });
    this.#judged++;
    if (visitor.isPrivate || (subject === "text" && action.kind === "allow")) return action.kind;
    const latencyMs = performance.now() - startedAt;
    const fields = { ...stamp(), subject, context, site: visitor.site, label, latencyMs };
    this.#outbox.add(verdictEvent(fields, verdict, action));
    return action.kind;
  }
}

function visitorOf(port: Runtime.Port): Visitor {
  const { tab, url } = port.sender ?? {};
  const controller = new AbortController();
  port.onDisconnect.addListener(() => controller.abort());
  return {
    site: URL.parse(tab?.url ?? url ?? "")?.hostname ?? "",
    isPrivate: tab?.incognito ?? true,
    gone: controller.signal,
    answer(message) {
      if (!controller.signal.aborted) port.postMessage(message);
    },
  };
}

function circumstanceOf({ site }: Visitor): Circumstance {
  return { site, at: Date.now() };
}

function stamp() {
  return { id: crypto.randomUUID(), at: Date.now() };
}

function spansOf(finding: Finding | undefined) {
  return (finding?.signals ?? []).flatMap(({ evidence }) =>
    evidence.flatMap((item) => (item.kind === "span" ? [item] : [])),
  );
}
