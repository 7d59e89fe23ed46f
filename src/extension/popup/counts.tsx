import { t } from "../browser.ts";
import { count, plural } from "../options/format.ts";
import type { Summary } from "./sight.ts";

/** The page in numbers, as it stands now. */
export function Counts({ summary: { pictures, texts } }: { summary: Summary }) {
  return (
    <section aria-label={t("popup_now")}>
      <dl class="counts">
        <Count name="shown" label={t("popup_shown")} value={pictures.shown} />
        <Count name="waiting" label={t("popup_waiting")} value={pictures.waiting} />
        <Count name="veiled" label={t("popup_veiled")} value={pictures.veiled} />
        <Count name="marked" label={t("popup_marked")} value={texts.marked + texts.covered} />
      </dl>
      <p class="quiet-text">{plural("popup_read", texts.read)}</p>
    </section>
  );
}

function Count({ name, label, value }: { name: string; label: string; value: number }) {
  return (
    <div data-testid={name} data-some={value > 0}>
      <dt>{label}</dt>
      <dd>{count(value)}</dd>
    </div>
  );
}
