import { ACTION_KINDS, type Moment } from "../types.ts";
import type { Report } from "./forensic.ts";
import type { JournalEvent, VerdictEvent } from "./journal.ts";

/** The report's words in English; the keys are those of the extension's messages. */
export const REPORT_ENGLISH = {
  report_title: "Wardlight report",
  report_private: "Made on this device. Nothing in it was sent anywhere.",
  report_period: "Period",
  report_fromStart: "the beginning",
  report_generated: "Written",
  report_version: "Version",
  report_judged: "Judged",
  report_acted: "Acted on",
  report_byAction: "By action",
  report_byCategory: "By category",
  report_bySubject: "By kind",
  report_bySite: "Sites with the most actions",
  report_failures: "Failures",
  report_models: "Models",
  report_events: "Events",
  report_time: "Time",
  report_site: "Site",
  report_what: "What",
  report_category: "Category",
  report_score: "Score",
  report_action: "Action",
  report_latency: "ms",
  report_evidence: "Evidence",
  report_characters: "characters",
  report_tally: "harmless, counted only",
  report_empty: "Nothing was recorded in this period.",
  report_none: "none",
  category_sexual: "Sexual content",
  category_toxicity: "Toxicity",
  category_hate: "Hate",
  category_offensive: "Offensive language",
  category_injection: "Prompt injection",
  category_pii: "Personal data",
  category_secret: "Secret",
  category_phishing: "Phishing",
  category_malware: "Malware",
  category_adult: "Adult site",
  category_blocklisted: "Blocklisted",
  category_safe: "Harmless",
  category_unknown: "Not judged",
  action_allow: "Allowed",
  action_warn: "Warned",
  action_hold: "Held",
  action_blur: "Blurred",
  action_hide: "Hidden",
  action_block: "Blocked",
  subject_text: "Text",
  subject_image: "Image",
  subject_url: "Address",
  context_page: "on the page",
  context_comment: "in a comment",
  context_prompt: "typed into a chat",
  context_paste: "pasted into a chat",
  decided_judged: "The opinions were weighed against your limits.",
  decided_certain: "An exact rule decided alone.",
  decided_allowlisted: "You trust this site.",
  decided_paused: "Protection was paused.",
  decided_disputed: "You said that this verdict is wrong.",
  decided_proceeded: "You chose to go on all the same.",
  decided_failure: "It could not be judged, so the rule for that case held.",
  decided_heuristic: "No network could be loaded. Colour and shape alone decided, as you chose.",
  failure_model: "Model failed",
  failure_resource: "Could not be loaded",
  failure_security: "Withheld by the browser",
  failure_validation: "Not readable",
} as const;

export type ReportKey = keyof typeof REPORT_ENGLISH;

/** How a report speaks to its reader. */
export interface ReportLocale {
  /** BCP 47, for the document and for the shape of dates and numbers. */
  readonly language: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly label: (key: ReportKey) => string;
}

const ENGLISH: ReportLocale = { language: "en", timeZone: "UTC", label: (key) => REPORT_ENGLISH[key] };

/** The whole report as indented JSON. */
export function toJson(report: Report): string {
  return JSON.stringify(report, null, 2);
}

/** The whole report as one file that loads nothing, runs nothing and prints well. */
export function toHtml(report: Report, locale: ReportLocale = ENGLISH): string {
  const page = pageOf(report, { ...locale, ...formats(locale) });
  return `<!doctype html>\n${page.html}\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Makes any text safe inside an element and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/** Markup that this file wrote. Data cannot make one, so everything else that is put into `html` gets escaped. */
class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

type Part = Markup | string | number;

function html(fixed: TemplateStringsArray, ...parts: readonly (Part | readonly Part[])[]): Markup {
  const written = parts.map((part) => (Array.isArray(part) ? part : [part as Part]).map(htmlOf).join(""));
  return new Markup(String.raw({ raw: fixed }, ...written));
}

function htmlOf(part: Part): string {
  return part instanceof Markup ? part.html : escapeHtml(String(part));
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

function pageOf(report: Report, writer: Writer): Markup {
  const { label, language } = writer;
  return html`<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${label("report_title")}</title>
<style>${new Markup(CSS)}</style>
</head>
<body>
${headerOf(report, writer)}
<main>
${summaryOf(report, writer)}
<section><h2>${label("report_events")}</h2>
${report.events.length > 0 ? tableOf(report.events, writer) : html`<p class="empty">${label("report_empty")}</p>`}
</section>
</main>
</body>
</html>`;
}

function headerOf({ since, until, generatedAt, version }: Report, { label, time, timeZone }: Writer): Markup {
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

function summaryOf({ summary, models }: Report, writer: Writer): Markup {
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

function cardOf(title: ReportKey, rows: readonly (readonly [string, string])[], { label }: Writer): Markup {
  const items = rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  const list = items.length > 0 ? html`<dl>${items}</dl>` : html`<p>${label("report_none")}</p>`;
  return html`<div class="card"><h3>${label(title)}</h3>${list}</div>`;
}

type Group = "action" | "category" | "subject" | "failure" | "context" | "decided";

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
  return html`<div class="scroll"><table><thead><tr>${heads}</tr></thead>
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
    const detector = isNext ? [html`<li class="source"><small>${item.detector}</small></li>`] : [];
    return html`${detector}<li>${pieceOf(item, writer)}</li>`;
  });
  const used = models.map((model) => html`<li><code>${model}</code></li>`);
  const failed = failure
    ? [html`<li class="failure"><b>${nameOf("failure", failure.code, writer)}:</b> ${failure.message}</li>`]
    : [];
  return html`<ul><li>${nameOf("decided", reason, writer)}</li>${failed}${items}${used}</ul>`;
}

function pieceOf(item: VerdictEvent["evidence"][number], { label, score }: Writer): Markup {
  switch (item.kind) {
    case "span":
      return html`${item.rule}, ${label("report_characters")} ${item.start}–${item.end}`;
    case "rule":
      return html`${item.rule}: <b>${item.value}</b>`;
    case "target":
      return html`${item.rule}: <b>${item.name}</b> (${item.host})`;
    case "class":
      return html`<span class="name">${item.name}</span> <meter min="0" max="1" value="${item.score}"></meter> ${score(item.score)}`;
  }
}

const CSS = `
:root { color-scheme: light dark; --ink: light-dark(#16203a, #e8ecf6); --quiet: light-dark(#55607a, #a3aec8);
  --paper: light-dark(#fff, #0f1729); --card: light-dark(#f3f5fa, #18223a); --line: light-dark(#d5dbe8, #2d3a58);
  --amber: light-dark(#8a5200, #f5b445); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem); max-width: 90rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; } h2 { margin: 2.5rem 0 1rem; font-size: 1.25rem; }
h3 { margin: 0 0 .5rem; font-size: .8rem; color: var(--quiet); }
p { margin: .25rem 0; } small, header p, .card p, .empty { color: var(--quiet); }
dl { margin: 0; } dl div { display: flex; justify-content: space-between; gap: 1rem; } dd { margin: 0; text-align: end; }
dt, dd, td { unicode-bidi: isolate; } .cards dt, .site, .what, .evidence { overflow-wrap: anywhere; }
header dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin-top: 1rem; }
header dl div { justify-content: start; gap: .5rem; } header dd { text-align: start; } header dt { color: var(--quiet); }
.totals { display: flex; gap: 3rem; margin-block: 2rem 1.5rem; } .totals b { display: block; font-size: 2rem; line-height: 1.2; }
.did b, .failure b { color: var(--amber); } .cards { columns: 16rem; column-gap: 1rem; } .cards dd { white-space: nowrap; }
.card { margin: 0 0 1rem; padding: 1rem; border-radius: .75rem; background: var(--card); break-inside: avoid; }
.scroll { overflow-x: auto; } table { width: 100%; border-collapse: collapse; font-size: .85rem; }
th, td { padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; }
th { white-space: nowrap; color: var(--quiet); } tr:not(.acted) td { color: var(--quiet); }
.when, .number { white-space: nowrap; font-variant-numeric: tabular-nums; }
.site { min-width: 8rem; } .what { min-width: 12rem; } .evidence { min-width: 14rem; }
.what small { display: block; } ul { margin: 0; padding: 0; list-style: none; } .source { margin-top: .25rem; } .name { display: inline-block; min-width: 5rem; }
meter { width: 5rem; height: .75em; } ::-webkit-meter-bar { border: 0; background: var(--line); }
::-webkit-meter-optimum-value { background: var(--amber); } ::-moz-meter-bar { background: var(--amber); }
.empty { padding: 3rem 1rem; text-align: center; }
@page { size: landscape; margin: 12mm; }
@media print { body { padding: 0; max-width: none; font-size: 9pt; } .scroll { overflow: visible; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  .site, .what { min-width: 6rem; } :root { color-scheme: light; } }
`;
