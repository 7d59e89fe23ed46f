import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { type ModelRow, modelName, parseCatalog } from "../../core/catalog.ts";
import { decide, exemptionOf } from "../../core/decide.ts";
import { failureOf, WardlightError } from "../../core/errors.ts";
import type { GpuReport } from "../../core/provider.ts";
import { type JournalEvent, labelOfText, labelOfUrl, verdictEvent } from "../../core/report/journal.ts";
import type { Finding, Pixels, Policy, TextSubject } from "../../core/types.ts";
import { browser, type Runtime } from "../browser.ts";
import {
  JUDGE_PORT,
  type JudgeState,
  type ModelState,
  type PageAction,
  type Sighting,
  type TestResult,
} from "../messages.ts";
import { download, type LendReferrer, type PictureFile } from "./download.ts";
import { checkGpu } from "./gpu-check.ts";
import type { PictureInput } from "./image-worker.ts";
import { limited } from "./limited.ts";
import { Outbox } from "./outbox.ts";
import { bitmapOf, openPicture } from "./pictures.ts";
import { presentationOf } from "./presentation.ts";
import { parseToJudge, type Refusal } from "./sightings.ts";
import { spansOf } from "./spans.ts";
import { circumstanceOf, NOBODY, type Visitor, visitorOf } from "./visitor.ts";
import { type WorkerState, workerClient } from "./worker-client.ts";

const IMAGES_AT_ONCE = 3;
const IMAGE_TIMEOUT_MS = 30_000;

const MODELS = parseCatalog(catalogJson).models;

type TextSighting = Extract<Sighting, { kind: "text" }>;
type ImageSighting = Extract<Sighting, { kind: "image" }>;

/**
 * The judge: pages in, actions out, events to the journal. It asks nobody anything and answers nothing before its first
 * policy.
 */
export class Judge {
  readonly #images = workerClient<PictureInput>(imageWorker);
  readonly #texts = workerClient<TextSubject>(
    () => new Worker(new URL("./text-worker.ts", import.meta.url), { type: "module" }),
  );
  readonly #inTurn = limited(IMAGES_AT_ONCE);
  readonly #outbox: Outbox;
  readonly #lend: LendReferrer;
  readonly #early: Visitor[] = [];
  #policy: Policy | undefined;
  #judged = 0;

  /** @param record must resolve after commit. */
  constructor(record: (events: readonly JournalEvent[]) => Promise<void>, lend: LendReferrer) {
    this.#outbox = new Outbox(record);
    this.#lend = lend;
    browser.runtime.onConnect.addListener((port) => {
      if (port.name === JUDGE_PORT && port.sender?.id === browser.runtime.id && port.sender.tab) this.#welcome(port);
    });
  }

  configure(policy: Policy): void {
    this.#policy = policy;
    for (const visitor of this.#early.splice(0)) visitor.answer({ kind: "ready" });
  }

  state(): JudgeState {
    const models = MODELS.map((row) => stateOf(row, (row.kind === "image" ? this.#images : this.#texts).state()));
    return { models, judged: this.#judged };
  }

  /** Tries the graphics card beside the work, and changes nothing about it. */
  checkGpu({ mayBeSoftware }: { mayBeSoftware: boolean }): Promise<GpuReport> {
    return checkGpu(imageWorker(), mayBeSoftware);
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
    const [finding = { signals: [] }] = await this.#find(NOBODY, 1, () => this.#look(sighting, NOBODY));
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
      if (parsed.kind !== "judge") return;
      const texts = parsed.sightings.filter((sighting) => sighting.kind === "text");
      if (texts.length > 0) void this.#judgeTexts(texts, visitor);
      for (const sighting of parsed.sightings) if (sighting.kind === "image") void this.#judgeImage(sighting, visitor);
      for (const refusal of parsed.refused) this.#refuse(refusal, visitor);
    } catch (error) {
      console.warn(failureOf(error).message);
    }
  }

  async #judgeImage(sighting: ImageSighting, visitor: Visitor) {
    const startedAt = performance.now();
    const [finding] = await this.#find(visitor, 1, () => this.#look(sighting, visitor));
    this.#conclude(sighting, finding, labelOfUrl(sighting.src), startedAt, visitor);
  }

  /** A file that has to be read keeps its page's turn until it is judged, so that read files do not pile up. */
  #look({ id, context, src, bytes, pixels }: ImageSighting, { gone, page, inTurn }: Visitor) {
    const detect = (file: PictureFile | Pixels) =>
      this.#inTurn(async () => {
        const signal = AbortSignal.any([gone, AbortSignal.timeout(IMAGE_TIMEOUT_MS)]);
        const picture = await ("data" in file ? bitmapOf(file) : openPicture(file, signal));
        return this.#images.detect([{ id, context, picture }], signal).finally(() => {
          if (picture instanceof ImageBitmap) picture.close();
        });
      });
    if (pixels) return detect(pixels);
    if (bytes) return detect({ bytes: bytes as Uint8Array<ArrayBuffer>, type: "" });
    return inTurn(async () => detect(await download(src, page, this.#lend, gone)));
  }

  #refuse(refusal: Refusal, visitor: Visitor) {
    const finding = { signals: [], failure: failureOf(refusal.error) };
    this.#conclude(refusal, finding, "", performance.now(), visitor);
  }

  async #judgeTexts(sightings: readonly TextSighting[], visitor: Visitor) {
    const startedAt = performance.now();
    const findings = await this.#find(visitor, sightings.length, () => this.#texts.detect(sightings, visitor.gone));
    const allowed = sightings.filter((sighting, i) => {
      const label = labelOfText(sighting.text, spansOf(findings[i]));
      return this.#conclude(sighting, findings[i], label, startedAt, visitor) === "counted";
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
    sighting: Pick<Sighting, "kind" | "id" | "context">,
    finding: Finding = { signals: [] },
    label: string,
    startedAt: number,
    visitor: Visitor,
  ): "counted" | undefined {
    if (!this.#policy || visitor.gone.aborted) return undefined;
    const { verdict, action } = decide(sighting, finding, this.#policy, circumstanceOf(visitor));
    const { id, kind: subject, context } = sighting;
    const shown = presentationOf(action, verdict, this.#policy);
    const answer: PageAction = {
      ...action,
      ...shown,
      id,
      subject,
      label,
      score: verdict.score,
      spans: spansOf(finding),
    };
    visitor.answer({ kind: "actions", actions: [answer] });
    this.#judged++;
    if (subject === "text" && action.kind === "allow" && !visitor.isNews(verdict.failure)) return "counted";
    // Of what moves only what was withheld is written down: a film would fill the journal.
    const isHarmlessFrame = action.kind === "allow" && "pixels" in sighting;
    if (visitor.isPrivate || isHarmlessFrame) return undefined;
    const latencyMs = performance.now() - startedAt;
    const fields = { ...stamp(), subject, context, site: visitor.site, label, latencyMs };
    this.#outbox.add(verdictEvent(fields, verdict, action));
    return undefined;
  }
}

function imageWorker(): Worker {
  return new Worker(new URL("./image-worker.ts", import.meta.url), { type: "module" });
}

function stateOf(row: ModelRow, { isAwake, failures, serving }: WorkerState): ModelState {
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
