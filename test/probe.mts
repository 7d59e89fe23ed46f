import { colourAt, coveragePage, WAYS } from "./fixtures/coverage.ts";
import { openGuarded, serveFixture, verdicts, OPTIONS_PAGE, coloursOnScreen } from "./e2e/harness.ts";
const kind = process.argv[2] as "chromium";
const elsewhere = (o: string) => o.replace("127.0.0.1", "localhost");
const fixture = await serveFixture({ "/colours": (origin: string) => coveragePage(WAYS, (i) => ({ picture: `${origin}/flat/${colourAt(i)}.png?way=${i}`, colour: colourAt(i), id: `w${i}`, origin, other: elsewhere(origin) })) });
const g = await openGuarded(kind);
const own = await g.openOwnPage(OPTIONS_PAGE);
const page = await g.newPage(); await page.bringToFront();
for (let r = 0; r < Number(process.argv[3] ?? 1); r++) {
await page.goto(`${fixture.origin}/colours?${r}`, { waitUntil: "load" });
await new Promise((f) => setTimeout(f, r ? 8000 : 20000));
const seen = new Set(await coloursOnScreen(page, WAYS.map((_, i) => colourAt(i))));
const judged = new Set((await verdicts(own)).map(({ label }) => label.slice(-10, -4)));
for (const [i, w] of WAYS.entries()) if (!seen.has(colourAt(i)) || !judged.has(colourAt(i)))
  console.log(r, w.name, "seen", seen.has(colourAt(i)), "judged", judged.has(colourAt(i)), await page.evaluate((id: string) => document.getElementById(id)?.outerHTML ?? "none", `w${i}`));
}
await g.close(); await fixture.close(); process.exit(0);
