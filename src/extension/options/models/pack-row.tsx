import { useState } from "preact/hooks";
import type { PackPin } from "../../../core/types.ts";
import { openPackFiles } from "../../../storage/packs.ts";
import { t } from "../../browser.ts";
import type { ModelState } from "../../messages.ts";
import { ask, messageOf } from "../console.ts";
import { Banner } from "../parts.tsx";
import type { ShowToast } from "../toast.tsx";
import { ModelRow } from "./model-row.tsx";
import type { Facts } from "./packaged.ts";

interface Props {
  pin: PackPin;
  id: string;
  state: ModelState | undefined;
  latencyMs: number | undefined;
  onChange: () => void;
  showToast: ShowToast;
}

/** What a pin tells of its pack. */
export function factsOf({ kind, id, version, name, license, source, about, weight, bytes, sha256 }: PackPin): Facts {
  const facts = { id: `${id}@${version}`, name, license, source, about, files: [{ bytes, sha256 }] };
  return kind === "image" ? { ...facts, weight } : facts;
}

/** A pack that the user added: it can be switched off and on, and removed. */
export function PackRow({ pin, id, state, latencyMs, onChange, showToast }: Props) {
  const [failed, setFailed] = useState<{ message: string; retry: () => void }>();
  const attempt = async (work: () => Promise<unknown>) => {
    setFailed(undefined);
    try {
      await work();
      onChange();
    } catch (thrown) {
      setFailed({ message: messageOf(thrown), retry: () => void attempt(work) });
    }
  };
  const { sha256, isEnabled } = pin;
  const toggle = () => attempt(() => ask("changePacks", { kind: "enable", sha256, isEnabled: !isEnabled }));
  const remove = () =>
    attempt(async () => {
      const left = await ask("changePacks", { kind: "remove", sha256 });
      if (left.some((other) => other.sha256 === sha256)) return showToast({ text: t("lock_later") });
      await openPackFiles().keepOnly(left.map((other) => other.sha256));
      showToast({ text: t("packs_removed", pin.name) });
    });
  return (
    <>
      <ModelRow facts={factsOf(pin)} id={id} state={state} latencyMs={latencyMs} isOff={!isEnabled}>
        <button type="button" class="link" onClick={toggle} data-testid="toggle-pack">
          {t(isEnabled ? "packs_disable" : "packs_enable")}
        </button>
        <button type="button" class="link danger-link" onClick={remove} data-testid="remove-pack">
          {t("packs_remove")}
        </button>
      </ModelRow>
      {failed && <Banner text={t("error_packs")} detail={failed.message} onRetry={failed.retry} />}
    </>
  );
}
