import { useState } from "preact/hooks";
import { t } from "../browser.ts";
import { type OfferProps, Words } from "./offer-words.tsx";

const BREATHS = 3;

/** Three breaths, led by a light that grows and shrinks; the animation itself is the clock. */
export function Breath({ onUsed }: OfferProps) {
  const [halves, setHalves] = useState<number>();
  if (halves === undefined) {
    return (
      <Words title={t("offer_breath")} lead={t("offer_breathLead")}>
        <button type="button" class="plain" id="breathe" onClick={() => setHalves(0)}>
          {t("offer_breathStart")}
        </button>
      </Words>
    );
  }
  if (halves >= 2 * BREATHS) return <p role="status">{t("offer_breathDone")}</p>;
  const next = () => {
    setHalves(halves + 1);
    if (halves + 1 === 2 * BREATHS) onUsed();
  };
  const isIn = halves % 2 === 0;
  return (
    <>
      <span key={halves} class={isIn ? "breath in" : "breath out"} aria-hidden="true" onAnimationEnd={next} />
      <p role="status">{t(isIn ? "offer_breathIn" : "offer_breathOut")}</p>
    </>
  );
}
