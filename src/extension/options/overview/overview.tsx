import { useEffect } from "preact/hooks";
import type { Moment } from "../../../core/types.ts";
import { t } from "../../browser.ts";
import { useCare } from "../care.ts";
import { useLoaded } from "../console.ts";
import { plural } from "../format.ts";
import { Notice, Page } from "../parts.tsx";
import { Reminder } from "../reminder.tsx";
import { HeatCard } from "./heat-map.tsx";
import { HelpCard } from "./help-record.tsx";
import { InventedBanner } from "./invented-banner.tsx";
import { type LoadedOverview, loadOverview } from "./load.ts";
import { MixCard } from "./mix.tsx";
import { Numbers } from "./numbers.tsx";
import { OverviewEmpty } from "./overview-empty.tsx";
import { NoRisk, RiskCard } from "./risk-card.tsx";
import { TrendCard } from "./trend-chart.tsx";

/** How things stand: today, the week, the next day, and the patterns behind them. */
export function Overview({ isArrival, now }: { isArrival: boolean; now: Moment }) {
  const loaded = useLoaded(loadOverview);
  const care = useCare();
  const { value } = loaded;
  useEffect(() => {
    if (value) performance.mark("overview-shown");
  }, [value]);
  return (
    <Page title={t("overview_title")} lead={t("overview_lead")} isArrival={isArrival}>
      <Reminder desk={care} now={now} />
      <Notice loaded={loaded} />
      {value?.isInvented && <InventedBanner onErased={loaded.reload} />}
      {value?.isEmpty && <OverviewEmpty />}
      {value && !value.isEmpty && <Sections {...value} />}
    </Page>
  );
}

function Sections({ overview }: LoadedOverview) {
  const { history, risk, helps } = overview;
  return (
    <div class="overview">
      <Numbers overview={overview} />
      {history.attempts.length > 0 ? <RiskCard risk={risk} /> : <NoRisk />}
      <TrendCard overview={overview} />
      <HeatCard overview={overview} />
      <MixCard overview={overview} />
      {helps.length > 0 && <HelpCard helps={helps} />}
      <p class="quiet-text">{t("overview_basis", plural("days", history.today - history.firstDay + 1))}</p>
    </div>
  );
}
