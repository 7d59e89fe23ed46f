import { useEffect, useState } from "preact/hooks";
import type { Help } from "../../core/analytics/intervention.ts";
import { linkTo } from "../../core/analytics/wishes.ts";
import { t } from "../browser.ts";
import type { HelpOffer } from "../help-messages.ts";
import { send } from "../messages.ts";
import { Breath } from "./breath.tsx";
import { type OfferProps, Words } from "./offer-words.tsx";
import { Reason } from "./reason.tsx";
import { Tonight } from "./tonight.tsx";

/** One offer of help at most, which can be declined at once and stands in nobody's way. */
export function Offer({ onOffered, onHeld }: { onOffered: (id: string) => void; onHeld: () => void }) {
  const [offer, setOffer] = useState<HelpOffer | null>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    void send("console", "offerHelp", null).then((given) => {
      setOffer(given);
      if (given) onOffered(given.id);
    });
  }, [onOffered]);
  if (!offer) return null;
  const answer = (given: Help["answer"], words?: string) =>
    send("console", "answerHelp", { id: offer.id, answer: given, ...(words === undefined ? {} : { words }) });
  const use = (words?: string) => {
    setOver(true);
    void answer("used", words);
  };
  const dismiss = () => {
    setOffer(null);
    void answer("dismissed");
  };
  return (
    <section class="offer" data-kind={offer.kind} data-testid="offer">
      <Kind offer={offer} onUsed={use} onHeld={onHeld} />
      {!isOver && (
        <button type="button" class="plain" id="dismiss" onClick={dismiss}>
          {t("offer_dismiss")}
        </button>
      )}
    </section>
  );
}

function Kind({ onHeld, ...props }: OfferProps & { onHeld: () => void }) {
  if (props.offer.kind === "breath") return <Breath {...props} />;
  if (props.offer.kind === "reason") return <Reason {...props} />;
  if (props.offer.kind === "tonight") return <Tonight {...props} onHeld={onHeld} />;
  return props.offer.kind === "ally" ? <AllyCard {...props} /> : <GoalCard {...props} />;
}

function AllyCard({ offer: { ally }, onUsed }: OfferProps) {
  const link = ally && linkTo(ally.contact);
  if (!ally || !link) return null;
  return (
    <Words title={t("offer_ally", ally.name)} lead={t("offer_allyLead")}>
      <a class="plain" id="ally" href={link} onClick={() => onUsed()}>
        {t(link.startsWith("tel:") ? "offer_allyCall" : "offer_allyWrite", ally.name)}
      </a>
    </Words>
  );
}

function GoalCard({ offer: { goals }, onUsed }: OfferProps) {
  const [isDone, setDone] = useState(false);
  const goal = goals[new Date().getDate() % Math.max(1, goals.length)] ?? "";
  return (
    <>
      <p class="note">{t("offer_goal")}</p>
      <blockquote>{goal}</blockquote>
      {isDone ? (
        <p role="status">{t("offer_goalDone")}</p>
      ) : (
        <button
          type="button"
          class="plain"
          onClick={() => {
            setDone(true);
            onUsed();
          }}
        >
          {t("offer_goalYes")}
        </button>
      )}
    </>
  );
}
