import { t } from "../../browser.ts";
import { count } from "../format.ts";
import { Card } from "../parts.tsx";
import { type Overview, PATTERN_DAYS } from "./compute.ts";
import { duration } from "./words.ts";

interface Share {
  readonly name: string;
  readonly value: number;
  readonly text: string;
}

/** What was acted on, where, and where the time goes. */
export function MixCard({ overview: { span } }: { overview: Overview }) {
  const categories = sharesOf(span.categories, (key) => t(`category_${key}`), count);
  const classes = sharesOf(span.classes, (key) => t(`class_${key}`), count);
  const time = sharesOf(span.activeByClass, (key) => t(`class_${key}`), duration);
  return (
    <Card title={t("mix_title")} lead={t("mix_lead", count(PATTERN_DAYS))}>
      <div class="mixes">
        <Mix title={t("mix_categories")} shares={categories} empty={t("mix_noneActed")} />
        <Mix title={t("mix_classes")} shares={classes} empty={t("mix_noneActed")} />
        <Mix title={t("mix_time")} shares={time} empty={t("mix_noTime")} />
      </div>
    </Card>
  );
}

/** The largest first. */
function sharesOf<K extends string>(
  counts: Readonly<Partial<Record<K, number>>>,
  nameOf: (key: K) => string,
  textOf: (value: number) => string,
): Share[] {
  return (Object.entries(counts) as [K, number][])
    .map(([key, value]) => ({ name: nameOf(key), value, text: textOf(value) }))
    .sort((a, b) => b.value - a.value);
}

function Mix({ title, shares, empty }: { title: string; shares: readonly Share[]; empty: string }) {
  const most = shares[0]?.value ?? 1;
  return (
    <section>
      <h3>{title}</h3>
      {shares.length === 0 && <p class="quiet-text">{empty}</p>}
      <ul class="shares">
        {shares.map(({ name, value, text }) => (
          <li key={name}>
            <span>{name}</span>
            <span class="points">{text}</span>
            <span class="track" aria-hidden="true">
              <span class="fill" style={{ width: `${(100 * value) / most}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
