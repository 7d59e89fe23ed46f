import { useState } from "preact/hooks";
import { CODE_LENGTHS, type CodeLength, codeOf } from "../../../core/lock/code.ts";
import { t } from "../../browser.ts";
import { LEAST_PASSPHRASE } from "../reports/backup-file.ts";
import type { LockDesk } from "./desk.ts";

interface Props {
  desk: LockDesk;
  onSet: () => void;
}

/** A passphrase, typed twice: nobody can tell it to who has mistyped it. */
export function NewPassphrase({ desk, onSet }: Props) {
  const [typed, setTyped] = useState<readonly [string, string]>(["", ""]);
  const [isBusy, setIsBusy] = useState(false);
  const [one, other] = typed;
  const isDifferent = other !== "" && one !== other;
  const isReady = one.length >= LEAST_PASSPHRASE && one === other && !isBusy;
  const set = async (event: Event) => {
    event.preventDefault();
    setIsBusy(true);
    const isSet = await desk.change({ kind: "secret", slot: "passphrase", secret: one });
    setIsBusy(false);
    if (!isSet) return;
    setTyped(["", ""]);
    onSet();
  };
  return (
    <form class="new-secret" onSubmit={set}>
      <Field
        id="new-passphrase"
        label={t("lock_passphrase", LEAST_PASSPHRASE)}
        value={one}
        onInput={(text) => setTyped([text, other])}
      />
      <Field id="again-passphrase" label={t("lock_again")} value={other} onInput={(text) => setTyped([one, text])} />
      <p class="problem" role="status">
        {isDifferent && t("lock_different")}
      </p>
      <div class="buttons">
        <button type="submit" class="primary" disabled={!isReady} data-testid="set-passphrase">
          {t("lock_set")}
        </button>
      </div>
    </form>
  );
}

function Field({
  id,
  label,
  value,
  onInput,
}: {
  id: string;
  label: string;
  value: string;
  onInput: (text: string) => void;
}) {
  return (
    <div>
      <label for={id}>{label}</label>
      <input
        id={id}
        type="password"
        value={value}
        autocomplete="new-password"
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </div>
  );
}

/** A random code for somebody else to keep: it is shown once, before it counts. */
export function NewCode({ desk, onSet }: Props) {
  const [length, setLength] = useState<CodeLength>(32);
  const [code, setCode] = useState<string>();
  const make = () => setCode(codeOf(crypto.getRandomValues(new Uint8Array(length))));
  const set = async () => {
    if (code === undefined || !(await desk.change({ kind: "secret", slot: "code", secret: code }))) return;
    setCode(undefined);
    onSet();
  };
  return (
    <div class="new-code">
      <label class="keep">
        <span>{t("code_length")}</span>
        <select
          id="code-length"
          value={String(length)}
          onChange={({ currentTarget }) =>
            setLength(CODE_LENGTHS.find((one) => String(one) === currentTarget.value) ?? 32)
          }
        >
          {CODE_LENGTHS.map((one) => (
            <option key={one} value={String(one)}>
              {t("code_characters", one)}
            </option>
          ))}
        </select>
      </label>
      <div class="buttons">
        <button type="button" onClick={make} data-testid="make-code">
          {t("code_make")}
        </button>
      </div>
      {code !== undefined && (
        <>
          <p class="code" data-testid="code">
            {code}
          </p>
          <p class="quiet-text">{t("code_keep")}</p>
          <div class="buttons">
            <button type="button" class="primary" onClick={set} data-testid="set-code">
              {t("code_set")}
            </button>
            <button type="button" onClick={() => setCode(undefined)}>
              {t("cancel")}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
