import { useEffect, useRef, useState } from "preact/hooks";
import type { PackCard } from "../../../core/pack.ts";
import type { PackPin } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import type { PackTrial } from "../../messages.ts";
import { messageOf } from "../console.ts";
import { milliseconds, score } from "../format.ts";
import { Technical } from "../parts.tsx";
import { DropPlace } from "./drop-place.tsx";
import { FactList } from "./model-row.tsx";
import { addPack, type Offer, readOffer } from "./pack-entry.ts";
import { factsOf } from "./pack-row.tsx";
import type { Facts } from "./packaged.ts";

type Tried = PackTrial & Pick<PackPin, "kind" | "name">;

type Step =
  | { readonly kind: "waiting"; readonly added?: Tried }
  | { readonly kind: "reading"; readonly share: number }
  | { readonly kind: "offered"; readonly offer: Offer }
  | { readonly kind: "trying"; readonly offer: Offer }
  | { readonly kind: "refused"; readonly name: string; readonly reason: string };

interface Props {
  packs: readonly PackPin[];
  onAdded: () => void;
}

/** Takes a pack from the user: reads it, shows what it is and its hash, and adds it once they trust it and it works. */
export function AddPack({ packs, onAdded }: Props) {
  const [step, setStep] = useState<Step>({ kind: "waiting" });
  const read = async (file: File) => {
    setStep({ kind: "reading", share: 0 });
    try {
      setStep({ kind: "offered", offer: await readOffer(file, (share) => setStep({ kind: "reading", share })) });
    } catch (thrown) {
      setStep({ kind: "refused", name: file.name, reason: messageOf(thrown) });
    }
  };
  const add = async (offer: Offer) => {
    setStep({ kind: "trying", offer });
    const { kind, name } = offer.pin;
    try {
      setStep({ kind: "waiting", added: { ...(await addPack(offer, packs)), kind, name } });
      onAdded();
    } catch (thrown) {
      setStep({ kind: "refused", name, reason: messageOf(thrown) });
    }
  };
  const wasOffered = useRef(false);
  if (step.kind === "offered") wasOffered.current = true;
  const isBusy = step.kind === "reading" || step.kind === "trying";
  return (
    <div class="add-pack" data-testid="add-pack" data-step={step.kind}>
      {step.kind === "offered" || step.kind === "trying" ? (
        <OfferCard
          offer={step.offer}
          isTrying={step.kind === "trying"}
          onTrust={() => add(step.offer)}
          onCancel={() => setStep({ kind: "waiting" })}
        />
      ) : (
        <DropPlace isBusy={isBusy} takesFocus={wasOffered.current} onFile={read} />
      )}
      <div role="status">
        {step.kind === "reading" && <progress value={step.share} aria-label={t("packs_reading")} />}
        {step.kind === "trying" && t("packs_trying")}
        {step.kind === "waiting" && step.added && <Added trial={step.added} />}
      </div>
      {step.kind === "refused" && (
        <p class="failure" role="alert" data-testid="pack-refused">
          <strong>{t("packs_refused", step.name)}</strong> <Technical detail={step.reason} />
        </p>
      )}
    </div>
  );
}

/** What came of the trial, and a warning where what is harmless scores high. */
function Added({ trial: { kind, name, card, control, latencyMs } }: { trial: Tried }) {
  const words = kind === "text" ? ("packs_trialText" as const) : ("packs_trial" as const);
  return (
    <div class="conclusion" data-testid="pack-added" data-outcome={control < 0.5 ? "passed" : "doubtful"}>
      <strong>{t("packs_added", name)}</strong>
      <p>{t(words, score(control), score(card), milliseconds(latencyMs))}</p>
      {control >= 0.5 && <p>{t(kind === "text" ? "packs_doubtfulText" : "packs_doubtful")}</p>}
    </div>
  );
}

interface OfferProps {
  offer: Offer;
  isTrying: boolean;
  onTrust: () => void;
  onCancel: () => void;
}

function OfferCard({ offer: { pin, card }, isTrying, onTrust, onCancel }: OfferProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const facts = { ...factsOf(pin), ...factsOfCard(card) };
  return (
    <section class="offer" aria-labelledby="offer-name" data-testid="pack-offer">
      <h3 id="offer-name" ref={heading} tabIndex={-1}>
        {t("packs_question", `${pin.name} ${pin.version}`)}
      </h3>
      <p>{t("packs_warning")}</p>
      {pin.kind === "text" && <p>{t("packs_replaces")}</p>}
      <FactList facts={facts} />
      <div class="buttons">
        <button type="button" class="primary" disabled={isTrying} onClick={onTrust} data-testid="trust-pack">
          {t("packs_trust")}
        </button>
        <button type="button" disabled={isTrying} onClick={onCancel}>
          {t("cancel")}
        </button>
      </div>
    </section>
  );
}

function factsOfCard(card: PackCard): Partial<Facts> {
  if (card.kind === "text-encoder") return { heads: card.heads.map(({ task }) => task) };
  const { width, height } = card.input;
  return { input: `${width} × ${height}`, classes: card.classes };
}
