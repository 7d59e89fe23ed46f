import { WardlightError } from "../../core/errors.ts";
import { release } from "../../core/release.ts";
import type { Finding, Pixels, Policy } from "../../core/types.ts";
import type { Part, Sighting, Urgency } from "../messages.ts";
import { type Download, type LendReferrer, openDownload, type PictureFile } from "./download.ts";
import type { FindingMemory, Room } from "./finding-memory.ts";
import type { PictureInput } from "./image-worker.ts";
import { composeMosaic } from "./mosaic.ts";
import { openPicture, type Picture, SVG_TYPE } from "./pictures.ts";
import { type Asker, Shared } from "./shared.ts";
import { Turns } from "./turns.ts";
import type { Visitor } from "./visitor.ts";
import type { WorkerClient } from "./worker-client.ts";

/** A page whose server keeps silent holds up its own pictures alone. */
const READS_AT_ONCE = 24;
const READS_A_PAGE = 8;
/** One is being judged while the next is decoded; more would only hold more memory. */
const LOOKS_AT_ONCE = 2;
const LOOK_WITHIN_MS = 30_000;

export type ImageSighting = Extract<Sighting, { kind: "image" }>;

/** What was found of a picture, and the names under which it is remembered. */
export interface Found {
  readonly finding: Finding;
  readonly names: readonly string[];
}

/** Wanted of a picture's finding: its regions too, where this is true of it. */
export type WantsRegions = (finding: Finding) => boolean;

type OpenPicture = (signal: AbortSignal) => Promise<Picture>;
type Look = (open: OpenPicture, by: Asker) => Promise<Finding>;

interface Waiting {
  urgency: Urgency;
  readonly owner: Visitor;
  readonly controller: AbortController;
}

/**
 * Finds out what the detectors say of the pictures that pages show: the most urgent first, each distinct picture once,
 * none that is known already. A file that has to be read keeps its page's turn until it is judged, so that files which
 * were read do not pile up.
 */
export class PictureFinder {
  readonly #worker: WorkerClient<PictureInput>;
  readonly #memory: FindingMemory;
  readonly #lend: LendReferrer;
  readonly #reads = new Turns(READS_AT_ONCE, READS_A_PAGE);
  readonly #looks = new Turns(LOOKS_AT_ONCE);
  readonly #asked = new Shared<Found>();
  readonly #waiting = new WeakMap<Visitor, Map<string, Waiting>>();

  #rereadsInPrivate = true;
  #reread = 0;

  constructor(worker: WorkerClient<PictureInput>, memory: FindingMemory, lend: LendReferrer) {
    this.#worker = worker;
    this.#memory = memory;
    this.#lend = lend;
  }

  /** How many files were asked for a second time, since the page's own copy could not be read. */
  get reread(): number {
    return this.#reread;
  }

  configure({ rereadsInPrivate }: Pick<Policy, "rereadsInPrivate">): void {
    this.#rereadsInPrivate = rereadsInPrivate;
  }

  /** Rejects with a `WardlightError`, or with an `AbortError` when the picture was withdrawn or its page is gone. */
  async find(sighting: ImageSighting, visitor: Visitor, wantsRegions: WantsRegions): Promise<Found> {
    const mine = this.#waiting.get(visitor) ?? new Map<string, Waiting>();
    this.#waiting.set(visitor, mine);
    const waiting = { urgency: sighting.urgency ?? 2, owner: visitor, controller: new AbortController() };
    mine.set(sighting.id, waiting);
    const asker = { wish: waiting, signal: AbortSignal.any([visitor.gone, waiting.controller.signal]) };
    try {
      return await this.#findFor(asker, sighting, visitor, wantsRegions);
    } finally {
      if (mine.get(sighting.id) === waiting) mine.delete(sighting.id);
    }
  }

  withdraw(visitor: Visitor, id: string): void {
    this.#waiting.get(visitor)?.get(id)?.controller.abort();
  }

  hasten(visitor: Visitor, id: string, urgency: Urgency): void {
    const waiting = this.#waiting.get(visitor)?.get(id);
    if (waiting) waiting.urgency = urgency;
  }

  /** Remembers that the user holds this picture's verdict for wrong. */
  dispute({ finding, names }: Found, { room }: Visitor): Finding {
    const disputed = { ...finding, isDisputed: true };
    for (const name of names) this.#memory.keep(name, room, disputed);
    return disputed;
  }

  /** @throws what the database throws. */
  async forget(): Promise<void> {
    this.#worker.renew();
    await this.#memory.forget();
  }

  async #findFor(asker: Asker, sighting: ImageSighting, visitor: Visitor, wants: WantsRegions): Promise<Found> {
    const { id, src, bytes, pixels, parts } = sighting;
    const look: Look = (open, by) => this.#look(open, sighting, visitor, wants, by);
    if (pixels) {
      const finding = await look(async () => readable(pixels), asker).finally(() => release(pixels.data));
      return { finding, names: [] };
    }
    if (parts) return { finding: await this.#ofMosaic(parts, visitor, look, asker), names: [] };
    const ofFile = (file: PictureFile, by: Asker) => this.#ofFile(file, by, visitor, wants, look);
    if (bytes) return ofFile({ bytes: bytes as Uint8Array<ArrayBuffer>, type: "" }, asker);
    return this.#asked.join(`${visitor.room.name} src ${src || id}`, asker, (by) =>
      this.#reads.take(by.wish, by.signal, () => this.#ofAddress(src, by, visitor, wants, ofFile)),
    );
  }

  /** @throws WardlightError `security` where the user wants nothing read a second time. */
  async #open(src: string, { page, isPrivate }: Visitor, signal: AbortSignal): Promise<Download> {
    const isRequest = /^https?:/i.test(src);
    if (isRequest && isPrivate && !this.#rereadsInPrivate) {
      throw new WardlightError("security", "You chose that nothing is read a second time in private windows.");
    }
    if (isRequest) this.#reread++;
    return openDownload(src, page, this.#lend, signal);
  }

  /** A mosaic's tiles are too small to be known by themselves. */
  #ofMosaic(parts: readonly Part[], visitor: Visitor, look: Look, by: Asker): Promise<Finding> {
    const read = async (src: string) => (await this.#open(src, visitor, by.signal)).read();
    return this.#reads.take(by.wish, by.signal, () => look((signal) => composeMosaic(parts, read, signal), by));
  }

  async #ofAddress(
    src: string,
    by: Asker,
    visitor: Visitor,
    wants: WantsRegions,
    ofFile: (file: PictureFile, by: Asker) => Promise<Found>,
  ): Promise<Found> {
    const { room } = visitor;
    const download = await this.#open(src, visitor, by.signal);
    if (download.version === undefined) return ofFile(await download.read(), by);
    const name = `address ${src} ${download.version}`;
    const known = await this.#recall(name, room, wants);
    if (known) {
      download.cancel();
      return { finding: known, names: [name] };
    }
    const { finding, names } = await ofFile(await download.read(), by);
    this.#memory.keep(name, room, finding);
    return { finding, names: [...names, name] };
  }

  async #ofFile(file: PictureFile, asker: Asker, { room }: Visitor, wants: WantsRegions, look: Look): Promise<Found> {
    const name = `file ${await sha256(file.bytes)} ${file.type === SVG_TYPE ? file.type : ""}`;
    return this.#asked.join(`${room.name} ${name}`, asker, async (by) => {
      try {
        const known = await this.#recall(name, room, wants);
        const finding = known ?? (await look((signal) => openPicture(file, signal), by));
        if (!known) this.#memory.keep(name, room, finding);
        return { finding, names: [name] };
      } finally {
        release(file.bytes);
      }
    });
  }

  async #recall(name: string, room: Room, wants: WantsRegions): Promise<Finding | undefined> {
    const known = await this.#memory.recall(name, room);
    return known && wants(known) && !known.regions ? undefined : known;
  }

  #look(open: OpenPicture, { id, context }: ImageSighting, { room }: Visitor, wants: WantsRegions, by: Asker) {
    return this.#looks.take(by.wish, by.signal, async () => {
      const signal = AbortSignal.any([by.signal, AbortSignal.timeout(LOOK_WITHIN_MS)]);
      try {
        return await this.#judge({ id, context, picture: await open(signal), room: room.name }, wants, signal);
      } catch (error) {
        const isLate = error instanceof DOMException && error.name === "TimeoutError";
        throw isLate ? new WardlightError("resource", "The picture took too long to be judged.") : error;
      }
    });
  }

  async #judge(input: PictureInput, wants: WantsRegions, signal: AbortSignal): Promise<Finding> {
    try {
      const finding = await this.#ask(input, signal);
      if (!wants(finding)) return finding;
      const { regions = [] } = await this.#ask({ ...input, isLocated: true }, signal);
      return { ...finding, regions };
    } finally {
      if (input.picture instanceof ImageBitmap) input.picture.close();
    }
  }

  async #ask(input: PictureInput, signal: AbortSignal): Promise<Finding> {
    const [finding = { signals: [] }] = await this.#worker.detect([input], signal);
    return finding;
  }
}

/** @throws WardlightError `security` for pixels that the browser kept from the page's guard. */
function readable(pixels: Pixels): Pixels {
  if (pixels.width > 0 && pixels.height > 0) return pixels;
  throw new WardlightError("security", "It comes from another site, and the browser lets no extension read it there.");
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
