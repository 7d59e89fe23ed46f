import type { ComponentChildren } from "preact";
import ordinary from "../../../models/ordinary.json" with { type: "json" };
import { rankAmong } from "../../core/image/ordinary.ts";
import { LABEL_KINDS, type VerdictEvent } from "../../core/report/journal.ts";
import { t } from "../browser.ts";
import { exactTime, measured, score as scoreText } from "./format.ts";
import { ScoreBar, Technical } from "./parts.tsx";

/** All that the journal keeps of one verdict, so that a person can check it. */
export function JournalDetail({ event }: { event: VerdictEvent }) {
  const { failure, models, evidence } = event;
  const labels = LABEL_KINDS.flatMap((kind) => event.labels?.[kind] ?? []);
  return (
    <dl class="detail">
      {failure && (
        <Item name={t("detail_failure")}>
          <p class="failure">
            <strong>{t(`failure_${failure.code}`)}.</strong>
          </p>
          <Technical detail={failure.message} />
        </Item>
      )}
      <Item name={t("detail_why")}>{t(`decided_${event.reason}`)}</Item>
      <Item name={t("detail_seen")}>
        <bdi class="seen">{event.label}</bdi>
        <span class="quiet-text">
          {exactTime(event.at)} · {t(`context_${event.context}`)}
        </span>
      </Item>
      <Item name={t("detail_score")}>
        {event.category === "unknown"
          ? t("score_none")
          : t("detail_scoreSpread", scoreText(event.score), scoreText(event.uncertainty))}
        {isRanked(event) && (
          <span class="quiet-text">
            {t("detail_rank", rankAmong(event.score, ordinary.scores), ordinary.photographs)}
          </span>
        )}
      </Item>
      <Item name={t("detail_evidence")}>
        {evidence.length > 0 ? <Evidence items={evidence} /> : t("detail_noEvidence")}
      </Item>
      {labels.length > 0 && <Item name={t("detail_labels")}>{labels.join(" · ")}</Item>}
      {models.length > 0 && (
        <Item name={t("detail_models")}>
          {models.map((model) => (
            <code key={model}>{model}</code>
          ))}
        </Item>
      )}
    </dl>
  );
}

/** What the networks said of a picture; the table speaks of nothing else. */
function isRanked({ subject, models, category }: VerdictEvent): boolean {
  return subject === "image" && models.length > 0 && (category === "sexual" || category === "safe");
}

function Item({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type Piece = VerdictEvent["evidence"][number];

function Evidence({ items }: { items: readonly Piece[] }) {
  return (
    <ul class="evidence">
      {items.map((item, i) => (
        <li key={i}>
          <Fact item={item} />
          {item.detector !== items[i - 1]?.detector && <code class="detector">{item.detector}</code>}
        </li>
      ))}
    </ul>
  );
}

function Fact({ item }: { item: Piece }) {
  switch (item.kind) {
    case "class":
      return (
        <>
          <code>{item.name}</code>
          <ScoreBar score={item.score} />
        </>
      );
    case "rule":
      return (
        <>
          <code>{item.rule}</code>
          <bdi class="entry">{measured(item.value)}</bdi>
        </>
      );
    case "target":
      return (
        <>
          <code>{item.rule}</code>
          <bdi class="entry">{t("evidence_target", item.name, item.host)}</bdi>
        </>
      );
    case "span":
      return (
        <>
          <code>{item.rule}</code>
          <span>{t("evidence_characters", item.start, item.end)}</span>
        </>
      );
  }
}
