import type { TargetedSubmitEvent } from "preact";
import { useContext, useState } from "preact/hooks";
import { t } from "../../browser.ts";
import { messageOf } from "../console.ts";
import { LockContext, type LockDesk } from "./desk.ts";
import { askSecurityKey } from "./security-key.ts";

/** Asks for what opens the lock: a passphrase or code in one field, or the security key. */
export function Unlock({ desk }: { desk: LockDesk }) {
  const secrets = useContext(LockContext)?.secrets ?? [];
  const [typed, setTyped] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const attempt = async (secret: () => Promise<string>) => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      if (await desk.unlock(await secret())) setTyped("");
      else setProblem(t("unlock_wrong"));
    } catch (thrown) {
      setProblem(messageOf(thrown));
    }
    setIsBusy(false);
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    void attempt(async () => typed);
  };
  const credential = secrets.find(({ kind }) => kind === "key")?.credential;
  return (
    <form class="unlock" onSubmit={submit}>
      {secrets.some(({ kind }) => kind !== "key") && (
        <>
          <label for="unlock-secret">{t("unlock_field")}</label>
          <div class="field">
            <input
              id="unlock-secret"
              type="password"
              value={typed}
              autocomplete="current-password"
              aria-invalid={problem !== undefined}
              aria-describedby="unlock-problem"
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            <button type="submit" class="primary" disabled={typed === "" || isBusy} data-testid="unlock">
              {t("unlock_button")}
            </button>
          </div>
        </>
      )}
      {credential !== undefined && (
        <div class="buttons">
          <button
            type="button"
            disabled={isBusy}
            onClick={() => attempt(() => askSecurityKey(credential))}
            data-testid="unlock-key"
          >
            {t("unlock_key")}
          </button>
        </div>
      )}
      <p id="unlock-problem" class="problem" role="status">
        {isBusy ? t("unlock_busy") : problem}
      </p>
    </form>
  );
}
