import { useRef, useState } from "preact/hooks";
import type { ParsedBackup } from "../../../core/backup.ts";
import type { BackupFact } from "../../../core/care.ts";
import type { Journal } from "../../../storage/journal.ts";
import { t } from "../../browser.ts";
import { download } from "../download.ts";
import { count, exactTime } from "../format.ts";
import { Icon } from "../icons.tsx";
import { Banner, Card } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import { LEAST_PASSPHRASE } from "./backup-file.ts";
import { makeBackup, openBackup, rehearse, restore } from "./backup-work.ts";
import { fileName } from "./save.tsx";
import { useTask } from "./task.ts";

interface Props {
  journal: Journal;
  showToast: ShowToast;
  onMade: (fact: BackupFact) => Promise<void>;
  onRestored: () => void;
}

/** One encrypted file with everything, and the way back from it. */
export function Backup({ journal, showToast, onMade, onRestored }: Props) {
  const { busy, failed, run } = useTask<"make" | "open" | "restore">();
  const [passphrase, setPassphrase] = useState("");
  const [file, setFile] = useState<File>();
  const [opened, setOpened] = useState<ParsedBackup>();
  const dialog = useRef<HTMLDialogElement>(null);
  const isShort = passphrase.length < LEAST_PASSPHRASE;
  const make = () =>
    run("make", async () => {
      const name = fileName("backup", "wardbackup");
      const at = Date.now();
      const file = await makeBackup(journal, passphrase);
      const tried = await rehearse(file, passphrase);
      download(name, "application/octet-stream", [file]);
      await onMade({ at, bytes: file.size, ...tried });
      showToast({ text: t("reports_saved", name) });
    });
  const open = () =>
    run("open", async () => {
      if (!file) return;
      setOpened(await openBackup(file, passphrase));
      dialog.current?.showModal();
    });
  const replace = () =>
    run("restore", async () => {
      dialog.current?.close();
      if (!opened) return;
      await restore(journal, opened);
      setPassphrase("");
      showToast({ text: t("backup_restored") });
      onRestored();
    });
  const again = { make, open, restore: replace };
  return (
    <Card title={t("backup_title")} lead={t("backup_lead")}>
      <label class="passphrase">
        <span>{t("backup_passphrase", LEAST_PASSPHRASE)}</span>
        <input
          type="password"
          value={passphrase}
          autocomplete="new-password"
          onInput={({ currentTarget }) => setPassphrase(currentTarget.value)}
          data-testid="backup-passphrase"
        />
      </label>
      <div class="buttons">
        <button type="button" disabled={isShort || busy !== undefined} onClick={make} data-testid="backup-make">
          <Icon name="download" /> {t("backup_make")}
        </button>
      </div>
      <label class="files">
        <span>{t("backup_file")}</span>
        <input
          type="file"
          onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
          data-testid="backup-file"
        />
      </label>
      <div class="buttons">
        <button
          type="button"
          disabled={!file || isShort || busy !== undefined}
          onClick={open}
          data-testid="backup-open"
        >
          {t("backup_open")}
        </button>
      </div>
      {busy && <p role="status">{t("backup_busy")}</p>}
      {failed && <Banner text={t("error_backup")} detail={failed.message} onRetry={again[failed.name]} />}
      <dialog ref={dialog} aria-labelledby="backup-question">
        <h2 id="backup-question">{t("backup_question")}</h2>
        {opened && (
          <p>
            {t(
              "backup_holds",
              exactTime(opened.content.createdAt),
              opened.content.version,
              count(opened.entries.length),
            )}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            {t("cancel")}
          </button>
          <button type="button" class="danger" onClick={replace} data-testid="backup-restore">
            {t("backup_replace")}
          </button>
        </div>
      </dialog>
    </Card>
  );
}
