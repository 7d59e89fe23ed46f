import { useState } from "preact/hooks";
import { toHex } from "../../../core/bytes.ts";
import type { Check, Journal } from "../../../storage/journal.ts";
import { t } from "../../browser.ts";
import { download } from "../download.ts";
import { count } from "../format.ts";
import { Icon } from "../icons.tsx";
import { Card, Technical } from "../parts.tsx";
import { fileName } from "./save.tsx";
import { useTask } from "./task.ts";

/** Reads the whole journal, says whether it holds, and hands out what of it is damaged. */
export function CheckJournal({ journal }: { journal: Journal }) {
  const { busy, failed, run } = useTask<"check">();
  const [found, setFound] = useState<Check>();
  const check = () => run("check", async () => setFound(await journal.check()));
  return (
    <Card title={t("whole_title")} lead={t("whole_lead")}>
      <div class="buttons">
        <button
          type="button"
          disabled={busy !== undefined}
          aria-busy={busy !== undefined}
          onClick={check}
          data-testid="check-journal"
        >
          {t("check_run")}
        </button>
      </div>
      <div role="status">
        {failed && (
          <p class="bad">
            <Technical detail={failed.message} />
          </p>
        )}
        {found && !failed && <Result found={found} />}
      </div>
    </Card>
  );
}

function Result({ found: { verified, damaged } }: { found: Check }) {
  const place = verified?.break ?? (verified?.begins === "piece" ? { n: verified.first } : undefined);
  const save = () => {
    const rows = damaged.map(({ iv, sealed, ...row }) => ({ ...row, iv: toHex(iv), sealed: toHex(sealed) }));
    download(fileName("damaged", "json"), "application/json", [JSON.stringify(rows, null, 2)]);
  };
  if (!place && damaged.length === 0) {
    return (
      <p class="good">
        <strong>{t("check_whole")}</strong> {t("whole_entries", count(verified ? verified.head.n + 1 : 0))}
      </p>
    );
  }
  return (
    <>
      <p class="bad">
        <strong>{t("check_broken")}</strong> {place && t("check_place", count(place.n))}
      </p>
      {damaged.length > 0 && (
        <button type="button" onClick={save} data-testid="save-damaged">
          <Icon name="download" /> {t("whole_damaged", count(damaged.length))}
        </button>
      )}
    </>
  );
}
