import { useEffect, useState } from "preact/hooks";
import type { SlotKind } from "../../../core/lock/lock.ts";
import { t } from "../../browser.ts";
import type { LockState } from "../../lock-messages.ts";
import { messageOf } from "../console.ts";
import { isoDate } from "../format.ts";
import { Card } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import type { LockDesk } from "./desk.ts";
import { NewCode, NewPassphrase } from "./new-secret.tsx";
import { canUseSecurityKey, registerSecurityKey } from "./security-key.ts";

interface Props {
  state: LockState;
  desk: LockDesk;
  showToast: ShowToast;
}

/** What opens the lock: set, changed, taken away. With a lock that is closed none of it can be done. */
export function Secrets({ state, desk, showToast }: Props) {
  const isClosed = state.secrets.length > 0 && state.openUntil === null;
  if (isClosed) return null;
  const onSet = () => showToast({ text: t("lock_isSet") });
  const row = (kind: SlotKind) => ({ state, desk, kind });
  return (
    <Card title={t("secrets_title")} lead={t(state.secrets.length > 0 ? "secrets_lead" : "secrets_first")}>
      <Secret {...row("passphrase")}>
        <NewPassphrase desk={desk} onSet={onSet} />
      </Secret>
      <Secret {...row("code")}>
        <NewCode desk={desk} onSet={onSet} />
      </Secret>
      <Secret {...row("key")}>
        <NewKey desk={desk} onSet={onSet} />
      </Secret>
    </Card>
  );
}

interface SecretProps {
  state: LockState;
  desk: LockDesk;
  kind: SlotKind;
  children: preact.ComponentChildren;
}

function Secret({ state, desk, kind, children }: SecretProps) {
  const there = state.secrets.find((one) => one.kind === kind);
  const isLast = there !== undefined && state.secrets.length === 1;
  return (
    <details class="secret" data-testid={`secret-${kind}`}>
      <summary>
        <strong>{t(`secret_${kind}`)}</strong>
        <span class="quiet-text">
          {there ? t("secret_since", isoDate(new Date(there.addedAt).toISOString())) : t("secret_none")}
        </span>
      </summary>
      <p class="lead">{t(`secret_${kind}Lead`)}</p>
      {children}
      {there && (
        <div class="buttons">
          <button
            type="button"
            class="danger"
            onClick={() => desk.change({ kind: "drop", slot: kind })}
            data-testid={`drop-${kind}`}
          >
            {t(isLast ? "secret_dropLast" : "secret_drop")}
          </button>
        </div>
      )}
    </details>
  );
}

/** Only where the browser says that it can; where it is wrong about that, its own words are shown. */
function NewKey({ desk, onSet }: { desk: LockDesk; onSet: () => void }) {
  const [isAble, setIsAble] = useState<boolean>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    void canUseSecurityKey().then(setIsAble, () => setIsAble(false));
  }, []);
  if (isAble === undefined) return null;
  if (!isAble)
    return (
      <p class="quiet-text" data-testid="no-key">
        {t("key_unable")}
      </p>
    );
  const register = async () => {
    setProblem(undefined);
    try {
      const { credential, secret } = await registerSecurityKey();
      if (await desk.change({ kind: "secret", slot: "key", secret, credential })) onSet();
    } catch (thrown) {
      // Firefox says that it can, and then lets no extension's page do it.
      if (thrown instanceof DOMException && thrown.name === "SecurityError") setIsAble(false);
      else setProblem(messageOf(thrown));
    }
  };
  return (
    <>
      <div class="buttons">
        <button type="button" class="primary" onClick={register} data-testid="set-key">
          {t("key_set")}
        </button>
      </div>
      <p class="problem" role="status">
        {problem !== undefined && t("key_failed", problem)}
      </p>
    </>
  );
}
