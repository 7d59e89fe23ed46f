import { Lru } from "../../core/lru.ts";
import type { Finding } from "../../core/types.ts";
import type { Cache } from "../../storage/cache.ts";

/**
 * Where what is known of a picture may be used: on the pages of one site, in private windows or in others. A page can
 * tell by the time of an answer whether a picture was known, and shall not learn so what other sites have shown.
 */
export interface Room {
  readonly name: string;
  /** False for private windows: nothing of them is written down. */
  readonly mayPersist: boolean;
}

const PER_GIB = 100;

/**
 * How many findings are kept in memory, at about 1.5 KB each: a hundred for each GiB that the machine has. No browser
 * tells how much of it is free, and Firefox tells nothing: it keeps a hundred.
 */
export function capacityFor(deviceMemory: number | undefined): number {
  return PER_GIB * Math.max(1, deviceMemory ?? 1);
}

/**
 * What was found of pictures lately, and on earlier visits. What is kept is the finding, which today's policy decides
 * anew; a failure is never kept.
 */
export class FindingMemory {
  readonly #recent: Lru<string, Finding>;
  readonly #cache: Cache;
  #pipeline = "";
  #isKept = true;

  constructor(cache: Cache, capacity: number) {
    this.#cache = cache;
    this.#recent = new Lru(capacity);
  }

  /**
   * @param pipeline names everything that leads to a finding; another one finds nothing of this one's.
   * @param mayPersist whether findings may outlive the visit; what was kept so far goes when they may not.
   */
  async configure(pipeline: string, mayPersist: boolean): Promise<void> {
    this.#pipeline = pipeline;
    const isNews = this.#isKept && !mayPersist;
    this.#isKept = mayPersist;
    if (isNews) await this.#cache.erase().catch(warn);
  }

  async recall(name: string, room: Room): Promise<Finding | undefined> {
    const full = this.#full(name, room);
    const recent = this.#recent.get(full);
    if (recent) return { ...recent, recalled: "memory" };
    if (!room.mayPersist || !this.#isKept) return undefined;
    const stored = (await this.#cache.get(full).catch(warn)) as Finding | undefined;
    if (!stored) return undefined;
    this.#recent.set(full, stored);
    return { ...stored, recalled: "disk" };
  }

  keep(name: string, room: Room, { recalled, ...finding }: Finding): void {
    if (finding.failure) return;
    const full = this.#full(name, room);
    this.#recent.set(full, finding);
    if (room.mayPersist && this.#isKept) void this.#cache.put(full, finding, Date.now()).catch(warn);
  }

  async forget(): Promise<void> {
    this.#recent.clear();
    await this.#cache.erase();
  }

  #full(name: string, room: Room): string {
    return `${this.#pipeline}|${room.name}|${name}`;
  }
}

/** A cache that cannot be read or written costs time and nothing else. */
function warn(error: unknown): undefined {
  console.warn("The cache of verdicts cannot be used.", error);
  return undefined;
}
