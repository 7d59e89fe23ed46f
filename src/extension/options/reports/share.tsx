import { useState } from "preact/hooks";
import { emlOf, mailtoOf } from "../../../core/report/mail.ts";
import type { Journal } from "../../../storage/journal.ts";
import { t } from "../../browser.ts";
import { download } from "../download.ts";
import { Icon } from "../icons.tsx";
import { Banner, Card } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import type { Within } from "./period.tsx";
import { FORMATS, type Format, gather, TYPES, writeForAlly } from "./report-file.ts";
import { fileName } from "./save.tsx";
import { useTask } from "./task.ts";

interface Props {
  journal: Journal;
  within: () => Within;
  showToast: ShowToast;
  /** Something was handed out for somebody else. */
  onSent: () => void;
}

/** What is meant for somebody else: counts without any page, and only if wanted the report itself. */
export function Share({ journal, within, showToast, onSent }: Props) {
  const { busy, failed, run } = useTask<"ally" | "mail" | "draft">();
  const [parts, setParts] = useState<readonly Format[]>([]);
  const saved = (name: string) => {
    showToast({ text: t("reports_saved", name) });
    onSent();
  };
  const ally = () =>
    run("ally", async () => {
      const name = fileName("ally", "txt");
      download(name, "text/plain", [await writeForAlly(journal, await gather(journal, within(), []))]);
      saved(name);
    });
  const draft = () =>
    run("draft", async () => {
      const text = await writeForAlly(journal, await gather(journal, within(), []));
      location.assign(mailtoOf(t("ally_title"), text));
      onSent();
    });
  const mail = () =>
    run("mail", async () => {
      const report = await gather(journal, within(), parts);
      const attached = parts.map(async (format) => ({
        name: fileName("report", format),
        type: TYPES[format],
        content: await new Blob(report.files[format]).text(),
      }));
      const attachments = await Promise.all(attached);
      const text = await writeForAlly(journal, report);
      const boundary = crypto.randomUUID().replaceAll("-", "");
      const name = fileName("mail", "eml");
      download(name, "message/rfc822", [emlOf({ subject: t("ally_title"), text, attachments, boundary }, toBase64)]);
      saved(name);
    });
  const again = { ally, mail, draft };
  return (
    <Card title={t("reports_share")} lead={t("reports_shareLead")}>
      <div class="buttons">
        <button type="button" disabled={busy !== undefined} onClick={ally} data-testid="save-ally">
          <Icon name="download" /> {t("reports_ally")}
        </button>
        <button type="button" disabled={busy !== undefined} onClick={draft}>
          {t("reports_draft")}
        </button>
      </div>
      <fieldset class="parts">
        <legend>{t("reports_attach")}</legend>
        {FORMATS.map((format) => (
          <label key={format}>
            <input
              type="checkbox"
              checked={parts.includes(format)}
              onChange={({ currentTarget }) =>
                setParts(currentTarget.checked ? [...parts, format] : parts.filter((other) => other !== format))
              }
            />
            <span>{format.toUpperCase()}</span>
          </label>
        ))}
      </fieldset>
      <div class="buttons">
        <button type="button" disabled={busy !== undefined} onClick={mail} data-testid="save-mail">
          <Icon name="download" /> {t("reports_mail")}
        </button>
      </div>
      {failed && <Banner text={t("error_report")} detail={failed.message} onRetry={again[failed.name]} />}
    </Card>
  );
}

function toBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}
