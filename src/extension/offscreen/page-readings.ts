import { describedAs, type PageReading, readOn, UNREAD } from "../../core/page-labels.ts";
import type { Finding } from "../../core/types.ts";
import type { PageDescription, TextSighting } from "../text-messages.ts";
import type { Visitor } from "./visitor.ts";

/** Adds up what the passages of each page are about, and tells when that has become something else. */
export class PageReadings {
  readonly #readings = new WeakMap<Visitor, { reading: PageReading; told: string }>();
  readonly #tell: (description: PageDescription) => Promise<void>;

  constructor(tell: (description: PageDescription) => Promise<void>) {
    this.#tell = tell;
  }

  add(visitor: Visitor, sightings: readonly TextSighting[], findings: readonly Finding[]): void {
    if (!visitor.document) return;
    const { reading, told } = this.#readings.get(visitor) ?? { reading: UNREAD, told: "" };
    const next = sightings.reduce((sum, sighting, i) => {
      const labels = findings[i]?.labels;
      return labels && isForReaders(sighting) ? readOn(sum, labels, sighting.text.length) : sum;
    }, reading);
    const described = describedAs(next);
    const names = described.map(({ label }) => label).join(" ");
    this.#readings.set(visitor, { reading: next, told: names });
    if (names === told) return;
    this.#tell({ ...visitor.document, described }).catch((error: unknown) => console.warn(error));
  }
}

/** Whether it is what the page itself says to its reader. */
export function isForReaders({ context, structure }: TextSighting): boolean {
  const { role = "body", concealments = [] } = structure ?? {};
  return context === "page" && concealments.length === 0 && role !== "navigation" && role !== "ad";
}
