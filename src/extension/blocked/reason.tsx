import { useState } from "preact/hooks";
import { MAX_WORDS } from "../../core/analytics/wishes.ts";
import { t } from "../browser.ts";
import { type OfferProps, Words } from "./offer-words.tsx";

/** Room for words that nobody else reads, and those of the last time. */
export function Reason({ offer, onUsed }: OfferProps) {
  const [words, setWords] = useState("");
  const [isKept, setKept] = useState(false);
  if (isKept) return <p role="status">{t("offer_reasonDone")}</p>;
  const keep = () => {
    setKept(true);
    onUsed(words.trim());
  };
  return (
    <Words title={t("offer_reason")} lead={t("offer_reasonLead")}>
      {offer.words !== undefined && (
        <figure>
          <figcaption class="note">{t("offer_reasonBefore")}</figcaption>
          <blockquote>{offer.words}</blockquote>
        </figure>
      )}
      <textarea
        id="words"
        rows={3}
        maxLength={MAX_WORDS}
        aria-label={t("offer_reasonLabel")}
        placeholder={t("offer_reasonLabel")}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <button type="button" class="plain" id="keep" disabled={words.trim() === ""} onClick={keep}>
        {t("offer_reasonSave")}
      </button>
    </Words>
  );
}
