import type { ComponentChildren } from "preact";
import type { HelpOffer } from "../help-messages.ts";

/** What a kind of help is told of. */
export interface OfferProps {
  readonly offer: HelpOffer;
  /** The user took it up; nothing more is asked. */
  readonly onUsed: (words?: string) => void;
}

/** The words of an offer above what can be done. */
export function Words({ title, lead, children }: { title: string; lead: string; children?: ComponentChildren }) {
  return (
    <>
      <h2>{title}</h2>
      <p class="note">{lead}</p>
      {children}
    </>
  );
}
