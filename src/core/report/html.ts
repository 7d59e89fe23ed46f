import { ACTION_KINDS, type Moment } from "../types.ts";
import { dayChart } from "./charts.ts";
import { isWithin, type ReportHead } from "./forensic.ts";
import type { JournalEvent, VerdictEvent } from "./journal.ts";
import { html, Markup } from "./markup.ts";
import { REPORT_CSS } from "./style.ts";
import { ENGLISH, type ReportKey, type ReportLocale } from "./words.ts";

/** What a page shows: of very many events only some are listed, and how many are not is said. */
export interface Shown extends ReportHead {
  readonly events: readonly JournalEvent[];
  readonly omitted?: number;
}

/** The report as one file that loads nothing, runs nothing and prints well. */
export function toHtml(report: Shown, locale: ReportLocale = ENGLISH): string {
  const page = pageOf(report, { ...locale, ...formats(locale) });
  return `<!doctype html>\n${page.html}\n`;
}

interface Writer extends ReportLocale {
  readonly time: (at: Moment) => string;
  readonly count: (value: number) => string;
  readonly score: (value: number) => string;
}

function formats({ language, timeZone }: ReportLocale): Omit<Writer, keyof ReportLocale> {
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium", timeZone });
  const count = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const score = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return {
    time: (at) => (isDate(at) ? time.format(at) : String(at)),
    count: (n) => count.format(n),
    score: (n) => score.format(n),
  };
}

/** JavaScript dates end in the year 275760; a period may be open, and a journal's clock may have been wrong. */
function isDate(at: Moment): boolean {
  return Math.abs(at) <= 8.64e15;
}

function pageOf(report: Shown, writer: Writer): Markup {
  const { label, language } = writer;
  const listed = report.events.filter((event) => isWithin(event, report)).sort((a, b) => a.at - b.at);
  return html`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${label("report_title")}</title>
<style>${new Markup(REPORT_CSS)}</style>
</head>
<body>
${headerOf(report, writer)}
<main>
${summaryOf(report, writer)}
<section><h2>${label("report_days")}</h2>
${report.days.length > 0 ? dayChart(report.days, label("report_daysHint")) : html`<p>${label("report_none")}</p>`}
</section>
${proofOf(report, writer)}
${changesOf(report, writer)}
<section><h2>${label("report_events")}</h2>
${report.omitted ? html`<p>${label("report_omitted")} ${writer.count(report.omitted)}</p>` : ""}
${listed.length > 0 ? tableOf(listed, writer) : html`<p class="empty">${label("report_empty")}</p>`}
</section>
</main>
</body>
</html>`;
}

function headerOf({ since, until, generatedAt, version }: Shown, { label, time, timeZone }: Writer): Markup {
  const start = since > 0 ? time(since) : label("report_fromStart");
  return html`<header>
<h1>${label("report_title")}</h1>
<p>${label("report_private")}</p>
<dl>
<div><dt>${label("report_period")}</dt><dd>${start} – ${time(Math.min(until, generatedAt))} (${timeZone})</dd></div>
<div><dt>${label("report_generated")}</dt><dd>${time(generatedAt)}</dd></div>
<div><dt>${label("report_version")}</dt><dd>${version}</dd></div>
</dl>
</header>`;
}

function summaryOf({ summary, models }: Shown, writer: Writer): Markup {
  const { label, count } = writer;
  const sites = summary.sites.map(({ site, acted, judged }) => [site, `${count(acted)} / ${count(judged)}`] as const);
  return html`<section>
<div class="totals">
<p><b>${count(summary.judged)}</b> ${label("report_judged")}</p>
<p class="did"><b>${count(summary.acted)}</b> ${label("report_acted")}</p>
</div>
<div class="cards">
${cardOf("report_byAction", named(summary.actions, "action", writer), writer)}
${cardOf("report_byCategory", named(summary.categories, "category", writer), writer)}
${cardOf("report_bySubject", named(summary.subjects, "subject", writer), writer)}
${cardOf("report_failures", named(summary.failures, "failure", writer), writer)}
${cardOf("report_bySite", sites, writer)}
${cardOf(
  "report_models",
  models.map((model) => [model, ""]),
  writer,
)}
</div>
</section>`;
}

function proofOf({ chain, gaps, folded }: Shown, writer: Writer): Markup {
  const { label, count } = writer;
  const { verified, head, device, entries } = chain;
  const judged = folded.reduce((sum, day) => sum + day.judged, 0);
  const [from, to] = [folded[0]?.day ?? "", folded.at(-1)?.day ?? ""];
  return html`<section><h2>${label("report_proof")}</h2>
${verified?.break ? html`<p class="failure"><b>${label("report_broken")} ${verified.break.n}</b></p>` : html`<p>${label("report_whole")}</p>`}
${verified?.begins === "piece" ? html`<p>${label("report_piece")}</p>` : ""}
<p>${label("report_limits")}</p>
<dl class="proof">
<div><dt>${label("report_entries")}</dt><dd>${count(entries.length)}</dd></div>
<div><dt>${label("report_checkpoints")}</dt><dd>${count(verified?.checkpoints ?? 0)}</dd></div>
<div><dt>${label("report_head")}</dt><dd><code>${head ? `${head.n} ${head.hash}` : label("report_none")}</code></dd></div>
<div><dt>${label("report_device")}</dt><dd><code>${device}</code></dd></div>
</dl>
<h2>${label("report_gaps")}</h2>
${gaps.length > 0 ? html`<ul class="gaps">${gaps.map((gap) => gapOf(gap, writer))}</ul>` : html`<p>${label("report_gapsNone")}</p>`}
${folded.length > 0 ? html`<h2>${label("report_folded")}</h2><p>${from} – ${to}: ${count(judged)} ${label("report_judged")}</p>` : ""}
</section>`;
}

function gapOf({ cause, from, until }: ReportHead["gaps"][number], writer: Writer): Markup {
  const back = until < from ? html` ${writer.label("report_clockBack")}` : "";
  return html`<li>${writer.time(from)} – ${writer.time(until)}: <b>${nameOf("gap", cause, writer)}</b>${back}</li>`;
}

/** Of settings and lists: the newest, as rows of a table that a person reads. */
const MAX_CHANGES = 500;

/** What was changed of settings, models, lists and the lock, the oldest first. */
function changesOf(report: Shown, writer: Writer): Markup {
  const { label, count, time, change: say } = writer;
  const rows = report.chain.entries.flatMap((entry) =>
    entry.kind === "audit" && isWithin(entry, report)
      ? entry.changes.map((change) => ({ at: entry.at, ...say(change) }))
      : [],
  );
  const listed = rows
    .slice(-MAX_CHANGES)
    .map(
      ({ at, subject, change }) =>
        html`<tr><td class="when">${time(at)}</td><td class="what">${subject}</td><td class="evidence">${change}</td></tr>\n`,
    );
  const heads = (["time", "subject", "became"] as const).map(
    (column) => html`<th scope="col">${label(`report_${column}`)}</th>`,
  );
  const omitted = rows.length - listed.length;
  return html`<section><h2>${label("report_changes")}</h2>
${omitted > 0 ? html`<p>${label("report_changesOmitted")} ${count(omitted)}</p>` : ""}
${rows.length > 0 ? html`<div class="scroll changes" role="region" tabindex="0" aria-label="${label("report_changes")}"><table><thead><tr>${heads}</tr></thead><tbody>${listed}</tbody></table></div>` : html`<p>${label("report_changesNone")}</p>`}
</section>`;
}

function cardOf(title: ReportKey, rows: readonly (readonly [string, string])[], { label }: Writer): Markup {
  const items = rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  const list = items.length > 0 ? html`<dl>${items}</dl>` : html`<p>${label("report_none")}</p>`;
  return html`<div class="card"><h2>${label(title)}</h2>${list}</div>`;
}

type Group = "gap" | "action" | "category" | "subject" | "failure" | "context" | "decided";

function named(counts: Readonly<Record<string, number>>, group: Group, writer: Writer): [string, string][] {
  const rows = Object.entries(counts)
    .filter(([, value]) => value > 0)
    .sort(([, a], [, b]) => b - a);
  return rows.map(([key, value]) => [nameOf(group, key, writer), writer.count(value)]);
}

/** A key from a newer or foreign journal has no label and stands for itself. */
function nameOf(group: Group, key: string, { label }: Writer): string {
  return label(`${group}_${key}` as ReportKey) || key;
}

const COLUMNS = ["time", "site", "what", "category", "score", "action", "latency", "evidence"] as const;

function tableOf(events: readonly JournalEvent[], writer: Writer): Markup {
  const heads = COLUMNS.map((column) => html`<th scope="col">${writer.label(`report_${column}`)}</th>`);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${writer.label("report_events")}"><table><thead><tr>${heads}</tr></thead>
<tbody>${events.map((event) => rowOf(event, writer))}</tbody></table></div>`;
}

function rowOf(event: JournalEvent, writer: Writer): Markup {
  const moment = isDate(event.at) ? new Date(event.at).toISOString() : "";
  const when = html`<td class="when"><time datetime="${moment}">${writer.time(event.at)}</time></td>`;
  const where = html`<td class="site">${event.site}</td>`;
  const what = nameOf("subject", event.subject, writer);
  if (event.kind === "tally") {
    const quiet = `${what}: ${writer.count(event.allowed)} ${writer.label("report_tally")}`;
    return html`<tr class="tally">${when}${where}<td colspan="6">${quiet}</td></tr>\n`;
  }
  const severity = ACTION_KINDS.indexOf(event.action) > 0 ? "acted" : "allowed";
  return html`<tr class="${severity}">${when}${where}
<td class="what"><small>${what}, ${nameOf("context", event.context, writer)}</small> ${event.label}</td>
<td>${nameOf("category", event.category, writer)}</td>
<td class="number">${scoreOf(event, writer)}</td>
<td>${nameOf("action", event.action, writer)}</td>
<td class="number">${event.latencyMs < 1 ? "< 1" : writer.count(event.latencyMs)}</td>
<td class="evidence">${evidenceOf(event, writer)}</td></tr>\n`;
}

/** What could not be judged has no score. */
function scoreOf({ category, score, uncertainty }: VerdictEvent, writer: Writer): string {
  return category === "unknown" ? "–" : `${writer.score(score)} ± ${writer.score(uncertainty)}`;
}

function evidenceOf({ reason, evidence, models, failure }: VerdictEvent, writer: Writer): Markup {
  const items = evidence.map((item, i) => {
    const isNext = item.detector !== evidence[i - 1]?.detector;
    const detector = isNext ? [html`<li class="source"><small><code>${item.detector}</code></small></li>`] : [];
    return html`${detector}<li>${pieceOf(item, writer)}</li>`;
  });
  const used = models.map((model) => html`<li><code>${model}</code></li>`);
  const failed = failure
    ? [
        html`<li class="failure"><b>${nameOf("failure", failure.code, writer)}:</b> <code>${failure.message}</code></li>`,
      ]
    : [];
  return html`<ul><li>${nameOf("decided", reason, writer)}</li>${failed}${items}${used}</ul>`;
}

function pieceOf(item: VerdictEvent["evidence"][number], { label, score }: Writer): Markup {
  switch (item.kind) {
    case "span":
      return html`<code>${item.rule}</code>, ${label("report_characters")} ${item.start}–${item.end}`;
    case "rule":
      return html`<code>${item.rule}</code>: <b>${item.value}</b>`;
    case "target":
      return html`<code>${item.rule}</code>: <b>${item.name}</b> (${item.host})`;
    case "class":
      return html`<code class="name">${item.name}</code> <meter min="0" max="1" value="${item.score}"></meter> ${score(item.score)}`;
  }
}
