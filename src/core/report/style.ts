/** Of the report as a page: light and dark, and made to be printed. */
export const REPORT_CSS = `
:root { color-scheme: light dark; --ink: light-dark(#16203a, #e8ecf6); --quiet: light-dark(#55607a, #a3aec8);
  --paper: light-dark(#fff, #0f1729); --card: light-dark(#f3f5fa, #18223a); --line: light-dark(#d5dbe8, #2d3a58);
  --amber: light-dark(#8a5200, #f5b445); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 4vw, 3rem); max-width: 90rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.75rem; } h2 { margin: 2.5rem 0 1rem; font-size: 1.25rem; }
.card h2 { margin: 0 0 .5rem; font-size: .8rem; color: var(--quiet); }
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
.changes tr td { color: var(--ink); } .chart { margin: 0; } .chart svg { display: block; width: 100%; height: 8rem; fill: var(--amber); border-bottom: 1px solid var(--line); }
figcaption { display: flex; justify-content: space-between; gap: 1rem; color: var(--quiet); font-size: .85rem; }
figcaption :not(:nth-child(2)) { white-space: nowrap; }
.proof div { justify-content: start; gap: 1rem; } .proof dt { flex: 0 0 16rem; color: var(--quiet); }
.proof dd { min-width: 0; text-align: start; overflow-wrap: anywhere; } .gaps li { padding: .15rem 0; }
@media screen and (width < 44rem) { .proof div { display: block; margin-bottom: .5rem; } table { min-width: 62rem; } .changes table { min-width: 0; } }
.empty { padding: 3rem 1rem; text-align: center; }
@page { size: landscape; margin: 12mm; }
@media print { body { padding: 0; max-width: none; font-size: 9pt; } .scroll { overflow: visible; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  .site, .what { min-width: 6rem; } :root { color-scheme: light; } }
`;
