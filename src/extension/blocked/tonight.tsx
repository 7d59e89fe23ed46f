import { useEffect, useState } from "preact/hooks";
import type { Moment } from "../../core/types.ts";
import { t } from "../browser.ts";
import { send } from "../messages.ts";
import { timeOf } from "./clock.ts";
import { type OfferProps, Words } from "./offer-words.tsx";

const DAY_MS = 86_400_000;
const MOST_EVENTS = 500;
const MOST_HOSTS = 4;
const LEAST_PICTURES = 3;

/** Closes the way on until the morning, and hosts of today's pictures that the user picks. */
export function Tonight({ onUsed, onHeld }: OfferProps & { onHeld: () => void }) {
  const [hosts, setHosts] = useState<readonly string[]>([]);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [until, setUntil] = useState<Moment>();
  useEffect(() => {
    void hostsOfToday().then(setHosts);
  }, []);
  if (until !== undefined) return <p role="status">{t("offer_tonightDone", timeOf(until))}</p>;
  const close = async () => {
    setUntil(await send("console", "holdTonight", { hosts: picked }));
    onUsed();
    onHeld();
  };
  const pick = (host: string, isPicked: boolean) =>
    setPicked(isPicked ? [...picked, host] : picked.filter((one) => one !== host));
  return (
    <Words title={t("offer_tonight")} lead={t("offer_tonightLead")}>
      {hosts.length > 0 && (
        <fieldset>
          <legend class="note">{t("offer_tonightHosts")}</legend>
          {hosts.map((host) => (
            <label key={host}>
              <input type="checkbox" onChange={(event) => pick(host, event.currentTarget.checked)} /> <bdi>{host}</bdi>
            </label>
          ))}
        </fieldset>
      )}
      <button type="button" class="plain" id="close-tonight" onClick={close}>
        {t("offer_tonightYes")}
      </button>
    </Words>
  );
}

/** Where the most pictures were withheld in the last 24 hours. */
async function hostsOfToday(): Promise<string[]> {
  const until = Date.now();
  // A locked journal tells nothing: then the night is closed without hosts.
  const asked = send("console", "events", { since: until - DAY_MS, until, limit: MOST_EVENTS });
  const events = await asked.catch(() => []);
  const counts = new Map<string, number>();
  for (const event of events) {
    const isSign = event.kind === "verdict" && event.category === "sexual" && event.action !== "allow";
    if (isSign) counts.set(event.site, (counts.get(event.site) ?? 0) + 1);
  }
  const many = [...counts].filter(([host, count]) => host !== "" && count >= LEAST_PICTURES);
  return many
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_HOSTS)
    .map(([host]) => host);
}
