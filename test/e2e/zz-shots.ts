import { writeFileSync } from "node:fs";
import { ask, marks, OPTIONS_PAGE, openGuarded, serveFixture } from "./harness.ts";

const kind = process.argv[2] as "chromium" | "firefox";
const lang = process.argv[3] ?? "en";
const scheme = process.argv[4] ?? "light";
const f = await serveFixture({
  "/": `<body style="font:16px sans-serif;color-scheme:light dark"><img src="/test-card.jpg" width=380 height=380> <img src="/test-card.jpg" width=150 height=110> <video src="/scenes.webm" width=300 height=300 controls muted></video>`,
  "/strict": `<meta http-equiv="content-security-policy" content="default-src 'self'; style-src 'self'"><img src="/test-card.jpg" width=380 height=380>`,
});
const g = await openGuarded(kind, {
  flags: [`--lang=${lang}`],
  preferences: { "intl.locale.requested": lang, "ui.systemUsesDarkTheme": scheme === "dark" ? 1 : 0 },
});
const own = await g.openOwnPage(OPTIONS_PAGE);
const page = await g.newPage();
const out = (n: string, p = page) =>
  p.screenshot().then((b) => writeFileSync(`/tmp/mv/${kind}-${lang}-${scheme}-${n}.png`, b));
const wait = (ms: number) => new Promise((r) => setTimeout(r, ms));
if (kind === "chromium")
  for (const p of [page, own]) await p.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
for (const cover of ["blur", "card", "pixelate", "remove"] as const) {
  await ask(own, "settings", { cover });
  await page.bringToFront();
  await page.goto("about:blank");
  await page.goto(f.origin);
  for (let i = 0; i < 60 && (await marks(page)).includes(null); i++) await wait(100);
  await wait(300);
  await page.mouse.move(5, 600);
  await page.hover("img");
  await wait(600);
  await out("hover-" + cover);
  if (cover === "pixelate") {
    await page.hover("img:nth-of-type(2)");
    await wait(600);
    await out("small");
  }
}
await ask(own, "settings", { cover: "pixelate" });
await page.goto(f.origin + "/strict");
for (let i = 0; i < 60 && (await marks(page)).includes(null); i++) await wait(100);
await page.mouse.move(5, 600);
await page.hover("img");
await wait(700);
await out("strict");
await own.bringToFront();
await own.evaluate(() => {
  location.hash = "#/protection";
});
await wait(500);
await own.$eval(".covers", (e) => e.scrollIntoView({ block: "center" }));
await wait(300);
await out("options", own);
await own.setViewport({ width: 420, height: 900 });
await wait(300);
await own.$eval(".covers", (e) => e.scrollIntoView());
await wait(200);
await out("narrow", own);
await g.close();
await f.close();
