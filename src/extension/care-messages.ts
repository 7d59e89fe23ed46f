import type { Care } from "../core/care.ts";

/** What own pages ask of the care for the journal; a part of the door `console` in messages.ts. */
export interface CareMessages {
  /** Changes what is remembered of it; answers with all of it. */
  care: (request: Partial<Care>) => Care;
}
