import { requestSiteAccess } from "../access.ts";
import { browser, t } from "../browser.ts";
import type { Blind } from "./sight.ts";

interface Props {
  reason: Blind;
  tabId: number;
  onChange: () => void;
}

/** Says plainly that this page is not guarded, why, and what helps where something does. */
export function Blindness({ reason, tabId, onChange }: Props) {
  if (reason === "access") return <AccessBanner onChange={onChange} />;
  return (
    <section class="blind" data-testid="blind" data-reason={reason}>
      <p>
        <strong>{t("popup_cannotSee")}</strong>
      </p>
      <p>{t(`blind_${reason}`)}</p>
      {reason === "silent" && (
        <button type="button" onClick={() => browser.tabs.reload(tabId)}>
          {t("popup_reload")}
        </button>
      )}
    </section>
  );
}

/** The one repair that needs nothing but a click. */
export function AccessBanner({ onChange }: Pick<Props, "onChange">) {
  const repair = async () => {
    await requestSiteAccess();
    onChange();
  };
  return (
    <section class="banner" role="alert" data-testid="blind" data-reason="access">
      <div>
        <strong>{t("access_missing")}</strong>
        <p>{t("access_why")}</p>
      </div>
      <button type="button" class="primary" onClick={repair}>
        {t("access_grant")}
      </button>
    </section>
  );
}
