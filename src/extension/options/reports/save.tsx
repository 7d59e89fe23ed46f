import type { Journal } from "../../../storage/journal.ts";
import { t } from "../../browser.ts";
import { download } from "../download.ts";
import { Icon } from "../icons.tsx";
import { Banner, Card } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import type { Within } from "./period.tsx";
import { FORMATS, type Format, gather, TYPES } from "./report-file.ts";
import { useTask } from "./task.ts";

interface Props {
  journal: Journal;
  within: () => Within;
  showToast: ShowToast;
}

/** The forensic report, in each of its forms. */
export function Save({ journal, within, showToast }: Props) {
  const { busy, failed, run } = useTask<Format>();
  const save = (format: Format) =>
    run(format, async () => {
      const name = fileName("report", format);
      const { files } = await gather(journal, within(), [format]);
      download(name, TYPES[format], files[format] ?? []);
      showToast({ text: t("reports_saved", name) });
    });
  return (
    <Card title={t("reports_forensic")} lead={t("reports_forensicLead")}>
      <div class="buttons">
        {FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            class={format === "html" ? "primary" : ""}
            disabled={busy !== undefined}
            aria-busy={busy === format}
            onClick={() => save(format)}
            data-testid={`save-${format}`}
          >
            <Icon name="download" /> {t(`reports_${format}`)}
          </button>
        ))}
      </div>
      {failed && <Banner text={t("error_report")} detail={failed.message} onRetry={() => save(failed.name)} />}
      <div class="hints quiet-text">
        <p>{t("reports_htmlHint")}</p>
        <p>{t("reports_jsonHint")}</p>
        <p>{t("reports_csvHint")}</p>
      </div>
    </Card>
  );
}

/** Such as wardlight-report-2026-11-21.json, by UTC. */
export function fileName(what: string, extension: string): string {
  return `wardlight-${what}-${new Date().toISOString().slice(0, 10)}.${extension}`;
}
