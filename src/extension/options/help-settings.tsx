import { useState } from "preact/hooks";
import { HELPS, type HelpKind } from "../../core/analytics/intervention.ts";
import { isWords, linkTo, MAX_GOALS, type Wishes } from "../../core/analytics/wishes.ts";
import { t } from "../browser.ts";
import { soon } from "./format.ts";
import { Banner, Card, Notice } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";
import { useWishes } from "./wishes.ts";

/** What may be offered on the page of a stopped address, and when. */
export function HelpSettings({ showToast }: { showToast: ShowToast }) {
  const { loaded, error, change } = useWishes(() => showToast({ text: t("helpSettings_saved") }));
  const { value: wishes, reload } = loaded;
  return (
    <Card title={t("helpSettings_title")} lead={t("helpSettings_lead")}>
      <Notice loaded={loaded} />
      {error && <Banner text={t("error_save")} reason={error} onRetry={reload} />}
      {wishes && (
        <>
          <Held until={wishes.heldUntil} />
          <Kinds kinds={wishes.kinds} onChange={(kinds) => change({ kinds })} />
          <Details key={JSON.stringify(wishes)} wishes={wishes} onSave={change} />
        </>
      )}
    </Card>
  );
}

function Held({ until }: { until: Wishes["heldUntil"] }) {
  const now = Date.now();
  if (until === null || until <= now) return null;
  return <p class="pause-state">{t("helpSettings_held", soon(until, now))}</p>;
}

function Kinds({ kinds, onChange }: { kinds: readonly HelpKind[]; onChange: (kinds: readonly HelpKind[]) => void }) {
  const toggle = (kind: HelpKind, isOn: boolean) =>
    onChange(HELPS.filter((one) => (one === kind ? isOn : kinds.includes(one))));
  return (
    <fieldset class="help-kinds">
      <legend class="sr">{t("helpSettings_kinds")}</legend>
      {HELPS.map((kind) => (
        <label key={kind} class="switch">
          <input
            type="checkbox"
            checked={kinds.includes(kind)}
            onChange={(event) => toggle(kind, event.currentTarget.checked)}
          />
          <span>
            {t(`help_${kind}`)}
            <span class="lead">{t(`help_${kind}Lead`)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Details({ wishes, onSave }: { wishes: Wishes; onSave: (patch: Partial<Wishes>) => void }) {
  const [name, setName] = useState(wishes.ally?.name ?? "");
  const [contact, setContact] = useState(wishes.ally?.contact ?? "");
  const [goals, setGoals] = useState(wishes.goals.join("\n"));
  const [from, setFrom] = useState(clockOf(wishes.quietFrom));
  const [to, setTo] = useState(clockOf(wishes.quietTo));
  const isBad = contact.trim() !== "" && linkTo(contact.trim()) === undefined;
  const save = (event: Event) => {
    event.preventDefault();
    const ally = contact.trim() === "" ? null : { name: name.trim() || contact.trim(), contact: contact.trim() };
    const lines = goals.split("\n").map((line) => line.trim());
    const sound = lines.filter(isWords).slice(0, MAX_GOALS);
    onSave({ ally, goals: sound, quietFrom: minuteOf(from), quietTo: minuteOf(to) });
  };
  return (
    <form class="help-details" onSubmit={save}>
      <Field id="ally-name" label={t("helpSettings_allyName")} value={name} onInput={setName} />
      <Field
        id="ally-contact"
        label={t("helpSettings_allyContact")}
        value={contact}
        onInput={setContact}
        isBad={isBad}
      />
      <label class="wide">
        <span>{t("helpSettings_goals")}</span>
        <textarea id="goals" rows={3} value={goals} onInput={(event) => setGoals(event.currentTarget.value)} />
      </label>
      <Field id="quiet-from" type="time" label={t("helpSettings_quiet")} value={from} onInput={setFrom} />
      <Field id="quiet-to" type="time" label={t("helpSettings_quietTo")} value={to} onInput={setTo} />
      <p class="quiet-text wide">{t("helpSettings_quietNote")}</p>
      <div class="buttons wide">
        <button type="submit" class="primary" disabled={isBad} data-testid="save-help">
          {t("helpSettings_save")}
        </button>
      </div>
    </form>
  );
}

interface FieldProps {
  id: string;
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "time";
  isBad?: boolean;
}

function Field({ id, label, value, onInput, type = "text", isBad = false }: FieldProps) {
  const shared = {
    id,
    value,
    "aria-invalid": isBad,
    "aria-describedby": `${id}-problem`,
    onInput: (event: { currentTarget: HTMLInputElement }) => onInput(event.currentTarget.value),
  };
  return (
    <div>
      <label for={id}>{label}</label>
      {type === "time" ? <input type="time" {...shared} /> : <input {...shared} />}
      <p id={`${id}-problem`} class="problem" role="status">
        {isBad ? t("helpSettings_allyBad") : ""}
      </p>
    </div>
  );
}

function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function minuteOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return 60 * hours + minutes;
}
