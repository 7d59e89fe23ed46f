import type { TargetedSubmitEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import {
  LIST_CATEGORIES,
  type ListCategory,
  type ListFailure,
  type ListProblem,
  listAddress,
} from "../../core/url/subscription.ts";
import { requestAccessTo } from "../access.ts";
import { t } from "../browser.ts";
import type { ListRequest } from "../list-messages.ts";
import { ask, messageOf } from "./console.ts";
import { Problem } from "./own-list.tsx";
import type { ShowToast } from "./toast.tsx";

/** Adds a list from its address or from a file. */
export function AddList({ onAdded, showToast }: { onAdded: () => void; showToast: ShowToast }) {
  const [typed, setTyped] = useState("");
  const [category, setCategory] = useState<ListCategory>("blocklisted");
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<ListFailure>();
  const file = useRef<HTMLInputElement>(null);
  const fail = (problem: ListProblem, detail = "") => setFailure({ problem, detail, at: Date.now() });

  const add = async (request: ListRequest) => {
    setIsBusy(true);
    setFailure(undefined);
    try {
      const outcome = await ask("addList", request);
      setFailure(outcome.failure);
      if (outcome.list) showToast({ text: t("lists_added", outcome.list.title) });
      if (outcome.list) setTyped("");
    } catch (thrown) {
      fail("network", messageOf(thrown));
    }
    setIsBusy(false);
    onAdded();
  };
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const url = listAddress(typed);
    if (!url) return fail("network", typed);
    // Asked straight from the click, or the browser refuses to ask.
    if (!(await requestAccessTo(url))) return fail("access", url);
    await add({ category, url });
  };
  const take = async (chosen: File | undefined) => {
    if (chosen) await add({ category, name: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) });
    if (file.current) file.current.value = "";
  };
  return (
    <form class="add-host" onSubmit={submit} noValidate aria-busy={isBusy}>
      <label for="list-address">{t("lists_address")}</label>
      <div class="field wide">
        <input
          id="list-address"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          placeholder={t("lists_addressHint")}
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
        />
        <select
          value={category}
          aria-label={t("lists_category")}
          onChange={(event) =>
            setCategory(LIST_CATEGORIES.find((one) => one === event.currentTarget.value) ?? category)
          }
        >
          {LIST_CATEGORIES.map((one) => (
            <option key={one} value={one}>
              {t(`category_${one}`)}
            </option>
          ))}
        </select>
        <button type="submit" class="primary" disabled={isBusy}>
          {t("lists_add")}
        </button>
        <button type="button" disabled={isBusy} onClick={() => file.current?.click()}>
          {t("lists_file")}
        </button>
      </div>
      <input
        ref={file}
        id="list-file"
        type="file"
        hidden
        aria-label={t("lists_file")}
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
      <p class="quiet-text">{t("lists_formats")}</p>
      {isBusy && <p role="status">{t("lists_working")}</p>}
      {failure && <Problem failure={failure} />}
    </form>
  );
}
