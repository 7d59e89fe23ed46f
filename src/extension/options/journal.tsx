import { useCallback, useMemo, useState } from "preact/hooks";
import type { JournalEvent } from "../../core/report/journal.ts";
import type { Moment } from "../../core/types.ts";
import { t } from "../browser.ts";
import type { Status } from "../messages.ts";
import { type Reloadable, useLoaded } from "./console.ts";
import { byDay, type Filter, filterEvents, NO_FILTER } from "./filter.ts";
import { count, dayName } from "./format.ts";
import { JournalEmpty } from "./journal-empty.tsx";
import { JournalFilter } from "./journal-filter.tsx";
import { TallyRow, VerdictRow } from "./journal-row.tsx";
import { lifeInView } from "./life.ts";
import { InventedBanner } from "./overview/invented-banner.tsx";
import { Banner, Notice, Page } from "./parts.tsx";

const PAGE_SIZE = 100;

/** Everything that was judged, newest first, each entry with its evidence. */
export function Journal({ isArrival, now, status }: { isArrival: boolean; now: Moment; status: Reloadable<Status> }) {
  const [limit, setLimit] = useState(PAGE_SIZE);
  const load = useCallback(async () => {
    const { journal, isInvented } = await lifeInView();
    return { events: await journal.between(0, Date.now(), limit), isInvented };
  }, [limit]);
  const loaded = useLoaded(load);
  const { value, isLoading, reload } = loaded;
  const events = value?.events;
  const more = () => setLimit(limit + PAGE_SIZE);
  return (
    <Page title={t("journal_title")} lead={t("journal_lead")} isArrival={isArrival}>
      <Notice loaded={loaded} />
      {value?.isInvented && <InventedBanner onErased={reload} />}
      {status.value?.journalFailure !== undefined && (
        <Banner text={t("journal_failing")} detail={status.value.journalFailure} onRetry={status.reload} />
      )}
      {events?.length === 0 && <JournalEmpty onRefresh={reload} isLoading={isLoading} />}
      {events && events.length > 0 && (
        <Entries
          events={events}
          now={now}
          isLoading={isLoading}
          onRefresh={reload}
          {...(events.length >= limit ? { onMore: more } : {})}
        />
      )}
    </Page>
  );
}

interface EntriesProps {
  events: readonly JournalEvent[];
  now: Moment;
  isLoading: boolean;
  onRefresh: () => void;
  onMore?: () => void;
}

function Entries({ events, now, isLoading, onRefresh, onMore }: EntriesProps) {
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const shown = useMemo(() => filterEvents(events, filter), [events, filter]);
  return (
    <>
      <JournalFilter filter={filter} onChange={setFilter} onRefresh={onRefresh} isLoading={isLoading} />
      <p class="shown" role="status">
        {shown.length === events.length
          ? t("journal_newest", count(events.length))
          : t("journal_shown", count(shown.length), count(events.length))}
      </p>
      {shown.length === 0 && (
        <div class="no-match">
          <p>{t("journal_noMatch")}</p>
          <button type="button" onClick={() => setFilter(NO_FILTER)}>
            {t("journal_clear")}
          </button>
        </div>
      )}
      {byDay(shown).map((day) => (
        <Day key={day[0]?.id} events={day} now={now} />
      ))}
      <footer class="more">
        {onMore ? (
          <button type="button" onClick={onMore} disabled={isLoading}>
            {t("journal_more")}
          </button>
        ) : (
          <p>{t("journal_end")}</p>
        )}
      </footer>
    </>
  );
}

function Day({ events, now }: { events: readonly JournalEvent[]; now: Moment }) {
  const [first] = events;
  return (
    <section class="day">
      {first && <h2>{dayName(first.at, now)}</h2>}
      <ul class="entries">
        {events.map((event) =>
          event.kind === "tally" ? (
            <TallyRow key={event.id} event={event} />
          ) : (
            <VerdictRow key={event.id} event={event} />
          ),
        )}
      </ul>
    </section>
  );
}
