import { useState } from "preact/hooks";
import { hasSiteAccess, requestSiteAccess } from "../access.ts";
import { browser, chromium, t } from "../browser.ts";
import { useLoaded } from "../options/console.ts";
import { Card, Notice } from "../options/parts.tsx";

const isAllowedInPrivate = () => browser.extension.isAllowedIncognitoAccess();

/** What only the user can allow: to look at sites, and to guard private windows. */
export function Leave() {
  return (
    <div class="leave">
      <SiteAccess />
      <PrivateWindows />
    </div>
  );
}

function SiteAccess() {
  const access = useLoaded(hasSiteAccess);
  const [isRefused, setIsRefused] = useState(false);
  const request = async () => {
    setIsRefused(!(await requestSiteAccess()));
    access.reload();
  };
  return (
    <Card title={t("welcome_access")}>
      <Notice loaded={access} />
      <div role="status" data-testid="access" data-given={access.value}>
        {access.value && <p>{t("welcome_accessGiven")}</p>}
        {access.value === false && (
          <>
            <strong>{t("access_missing")}</strong>
            <p>{isRefused ? t("welcome_accessRefused") : t("access_why")}</p>
          </>
        )}
      </div>
      {access.value === false && (
        <div class="buttons">
          <button type="button" class="primary" onClick={request}>
            {t("access_grant")}
          </button>
        </div>
      )}
    </Card>
  );
}

/** No extension may ask for this: the user alone can find the switch. The state is read again when the page is seen. */
function PrivateWindows() {
  const allowed = useLoaded(isAllowedInPrivate);
  return (
    <Card title={t("welcome_private")}>
      <Notice loaded={allowed} />
      <div role="status" data-testid="private" data-given={allowed.value}>
        {allowed.value && <p>{t("welcome_privateGiven")}</p>}
        {allowed.value === false && <p>{t("welcome_privateMissing")}</p>}
      </div>
      {allowed.value === false && <HowToAllow />}
    </Card>
  );
}

/** Chrome lets an extension open its page of settings; Firefox lets it open none. */
function HowToAllow() {
  const details = `chrome://extensions/?id=${browser.runtime.id}`;
  return (
    <>
      <p class="quiet-text">{t(chromium ? "welcome_privateChromium" : "welcome_privateFirefox")}</p>
      {chromium && (
        <div class="buttons">
          <button type="button" onClick={() => browser.tabs.create({ url: details })}>
            {t("welcome_privateOpen")}
          </button>
        </div>
      )}
    </>
  );
}
