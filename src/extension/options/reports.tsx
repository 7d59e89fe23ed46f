import { useState } from "preact/hooks";
import type { Moment } from "../../core/types.ts";
import { t } from "../browser.ts";
import type { Status } from "../messages.ts";
import { ask, messageOf, type Reloadable } from "./console.ts";
import { download } from "./download.ts";
import { Erase } from "./erase.tsx";
import { startOfDay } from "./format.ts";
import { Icon } from "./icons.tsx";
import { Banner, Card, Notice, Page } from "./parts.tsx";
import type { ShowToast } from "./toast.tsx";

const DAY_MS = 86_400_000;
const RANGES = ["today", "week", "month", "all"] as const;
type Range = (typeof RANGES)[number];
type Format = "html" | "json";
const TYPES: Record<Format, string> = { html: "text/html", json: "application/json" };

function startOf(range: Range, now: Moment): Moment {
  return { today: startOfDay(now), week: now - 7 * DAY_MS, month: now - 30 * DAY_MS, all: 0 }[range];
}

interface Props {
  isArrival: boolean;
  status: Reloadable<Status>;
  showToast: ShowToast;
}

/** Takes the journal out of the browser, or out of existence. */
export function Reports({ isArrival, status, showToast }: Props) {
  return (
    <Page title={t("reports_title")} lead={t("reports_lead")} isArrival={isArrival}>
      <Save showToast={showToast} />
      <Notice loaded={status} />
      {status.value && <Erase events={status.value.events} onErased={status.reload} showToast={showToast} />}
    </Page>
  );
}

function Save({ showToast }: { showToast: ShowToast }) {
  const [range, setRange] = useState<Range>("week");
  const [busy, setBusy] = useState<Format>();
  const [failed, setFailed] = useState<{ format: Format; message: string }>();
  const save = async (format: Format) => {
    setBusy(format);
    setFailed(undefined);
    try {
      const until = Date.now();
      const name = `wardlight-report-${new Date(until).toISOString().slice(0, 10)}.${format}`;
      download(name, TYPES[format], await ask("report", { since: startOf(range, until), until, format }));
      showToast({ text: t("reports_saved", name) });
    } catch (thrown) {
      setFailed({ format, message: messageOf(thrown) });
    }
    setBusy(undefined);
  };
  return (
    <Card title={t("reports_range")}>
      <RangeChoice range={range} onChange={setRange} />
      <div class="buttons">
        <SaveButton format="html" busy={busy} onSave={save} />
        <SaveButton format="json" busy={busy} onSave={save} />
      </div>
      {failed && <Banner text={t("error_report")} detail={failed.message} onRetry={() => save(failed.format)} />}
      <div class="hints quiet-text">
        <p>{t("reports_htmlHint")}</p>
        <p>{t("reports_jsonHint")}</p>
      </div>
    </Card>
  );
}

function RangeChoice({ range, onChange }: { range: Range; onChange: (range: Range) => void }) {
  return (
    <fieldset class="segments">
      <legend class="sr">{t("reports_range")}</legend>
      {RANGES.map((name) => (
        <label key={name}>
          <input type="radio" name="range" value={name} checked={name === range} onChange={() => onChange(name)} />
          <span>{t(`range_${name}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SaveProps {
  format: Format;
  busy: Format | undefined;
  onSave: (format: Format) => void;
}

function SaveButton({ format, busy, onSave }: SaveProps) {
  return (
    <button
      type="button"
      class={format === "html" ? "primary" : ""}
      disabled={busy !== undefined}
      aria-busy={busy === format}
      onClick={() => onSave(format)}
      data-testid={`save-${format}`}
    >
      <Icon name="download" /> {t(`reports_${format}`)}
    </button>
  );
}
