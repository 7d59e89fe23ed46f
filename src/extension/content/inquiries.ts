import type { Sighting, Urgency } from "../messages.ts";
import { Memory } from "./memory.ts";
import { Order } from "./order.ts";
import type { Surface } from "./surface.ts";
import { type Fate, SHOWN } from "./veil.ts";

const MAX_REMEMBERED = 500;
/** Where the browser does not say by then how near a picture is, it is asked about as one that is far. */
const PLACE_WITHIN_MS = 100;
/** A page that never rests must not keep its far pictures waiting for ever. */
const IDLE_WITHIN_MS = 2_000;

type ImageSighting = Extract<Sighting, { kind: "image" }>;

/** Whom to ask; `JudgeLink` in the product. */
export interface Judge {
  submit(sightings: readonly Sighting[]): void;
  withdraw(ids: readonly string[]): void;
  hasten(wishes: readonly { id: string; urgency: Urgency }[]): void;
}

/** What to ask about an address; `tiny` needs no judge, and of what is `broken` nothing can be painted. */
export type Sight = (id: string, address: string) => Promise<ImageSighting | "tiny" | "broken">;

interface Inquiry {
  readonly id: string;
  readonly address: string;
  readonly surfaces: Set<Surface>;
  readonly sight: Sight;
  isRead: boolean;
  sighting?: ImageSighting;
  urgency?: Urgency;
  /** It waits no longer to be told where its surfaces are. */
  isDue: boolean;
  isSent: boolean;
}

/**
 * Every address that surfaces wait for is asked about once, what is in the viewport first; what nobody waits for any
 * more is withdrawn, and what was decided is remembered.
 */
export class Inquiries {
  readonly #judge: Judge;
  readonly #byId = new Map<string, Inquiry>();
  readonly #byAddress = new Map<string, Inquiry>();
  readonly #byElement = new Map<Element, Set<Inquiry>>();
  readonly #fates = new Memory<Fate>(MAX_REMEMBERED);
  readonly #order = new Order((elements) => this.#onMoved(elements));
  #lastId = 0;

  constructor(judge: Judge) {
    this.#judge = judge;
  }

  /** The last word on an address, where it is known. */
  fateOf(address: string): Fate | undefined {
    return this.#fates.get(address);
  }

  /** Whether an address was asked about, or is decided. */
  knows(address: string): boolean {
    return this.#byAddress.has(address) || this.#fates.get(address) !== undefined;
  }

  /** `surface.onFate` is called when the answer is there, never at once. */
  ask(surface: Surface, address: string, sight: Sight): void {
    const inquiry = this.#byAddress.get(address) ?? this.#open(address, sight);
    inquiry.surfaces.add(surface);
    const inquiries = this.#byElement.get(surface.element) ?? new Set();
    this.#byElement.set(surface.element, inquiries.add(inquiry));
    this.#order.watch(surface.element);
  }

  /** The surface waits for nothing any more. */
  leave(surface: Surface): void {
    for (const inquiry of this.#byElement.get(surface.element) ?? []) {
      if (!inquiry.surfaces.delete(surface)) continue;
      if (![...inquiry.surfaces].some(({ element }) => element === surface.element))
        this.#unlink(surface.element, inquiry);
      if (inquiry.surfaces.size > 0) continue;
      this.#close(inquiry);
      if (inquiry.isSent) this.#judge.withdraw([inquiry.id]);
    }
  }

  /** What was taken out of the page waits for nothing; true where it was the surface of something. */
  leaveGone(): void {
    for (const [element, inquiries] of this.#byElement) {
      if (element.isConnected) continue;
      const surfaces = [...inquiries].flatMap((inquiry) => [...inquiry.surfaces]);
      for (const surface of surfaces) if (surface.element === element) this.leave(surface);
    }
  }

  /** The last word under an id: what waits for it learns it, and what comes later finds it. */
  conclude(id: string, fate: Fate): void {
    const inquiry = this.#byId.get(id);
    if (!inquiry) return;
    this.settle(inquiry.address, fate);
  }

  /** The last word on an address, by the judge or the user. */
  settle(address: string, fate: Fate): void {
    this.#fates.set(address, fate);
    const inquiry = this.#byAddress.get(address);
    if (!inquiry) return;
    this.#drop(inquiry);
    for (const surface of inquiry.surfaces) surface.onFate(address, fate);
  }

  /** A fate for the time being, which the verdict replaces. */
  hold(ids: readonly string[], fate: Fate): void {
    for (const id of ids) {
      const inquiry = this.#byId.get(id);
      for (const surface of inquiry?.surfaces ?? []) surface.onFate(inquiry?.address ?? "", fate);
    }
  }

  get waiting(): number {
    return this.#byId.size;
  }

  #open(address: string, sight: Sight): Inquiry {
    const id = `i${++this.#lastId}`;
    const inquiry: Inquiry = { id, address, sight, surfaces: new Set(), isRead: false, isDue: false, isSent: false };
    this.#byId.set(id, inquiry);
    this.#byAddress.set(address, inquiry);
    setTimeout(() => {
      inquiry.isDue = true;
      this.#advance([inquiry]);
    }, PLACE_WITHIN_MS);
    // The page may revoke such an address at any moment.
    if (address.startsWith("blob:")) void this.#sight(inquiry);
    return inquiry;
  }

  /** What the user sees or is about to see is read at once, the rest when the page has time. */
  #read(inquiry: Inquiry) {
    if (inquiry.isRead || !this.#byId.has(inquiry.id)) return;
    if (inquiry.urgency === undefined && !inquiry.isDue) return;
    if ((inquiry.urgency ?? 2) < 2) void this.#sight(inquiry);
    else requestIdleCallback(() => this.#sight(inquiry), { timeout: IDLE_WITHIN_MS });
  }

  async #sight(inquiry: Inquiry) {
    const { id, address, sight } = inquiry;
    if (inquiry.isRead || !this.#byId.has(id)) return;
    inquiry.isRead = true;
    const sighting = await sight(id, address);
    if (!this.#byId.has(id)) return;
    if (sighting === "tiny") return this.settle(address, SHOWN);
    if (sighting === "broken") return this.#drop(inquiry);
    inquiry.sighting = sighting;
    this.#advance([inquiry]);
  }

  #drop(inquiry: Inquiry) {
    this.#close(inquiry);
    for (const { element } of inquiry.surfaces) this.#unlink(element, inquiry);
  }

  #close({ id, address }: Inquiry) {
    this.#byId.delete(id);
    this.#byAddress.delete(address);
  }

  #unlink(element: Element, inquiry: Inquiry) {
    const inquiries = this.#byElement.get(element);
    inquiries?.delete(inquiry);
    if (!inquiries || inquiries.size > 0) return;
    this.#byElement.delete(element);
    this.#order.leave(element);
  }

  #onMoved(elements: readonly Element[]) {
    const moved = new Set(elements.flatMap((element) => [...(this.#byElement.get(element) ?? [])]));
    const wishes = [...moved].flatMap((inquiry) => {
      const before = inquiry.urgency;
      const known = [...inquiry.surfaces].flatMap(({ element }) => this.#order.of(element) ?? []);
      if (known.length === 0) return [];
      const urgency = Math.min(...known) as Urgency;
      inquiry.urgency = urgency;
      return inquiry.isSent && urgency !== before ? [{ id: inquiry.id, urgency }] : [];
    });
    if (wishes.length > 0) this.#judge.hasten(wishes);
    this.#advance(moved);
  }

  #advance(inquiries: Iterable<Inquiry>) {
    for (const inquiry of inquiries) this.#read(inquiry);
    const ready = [...inquiries].flatMap((inquiry) => {
      const { sighting, urgency, isSent, id } = inquiry;
      if (isSent || !sighting || !this.#byId.has(id)) return [];
      inquiry.isSent = true;
      return [{ ...sighting, urgency: urgency ?? 2 } satisfies ImageSighting];
    });
    if (ready.length > 0) this.#judge.submit(ready);
  }
}
