/** Visits the demo site as a person would, looks at everything, and tells what was judged. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { savedBy } from "./browser.mjs";
import { noticeButtons } from "./notice.mjs";
import { ROOT, step, UserError } from "./setup.mjs";

/** @typedef {import("./browser.mjs").Guarded} Guarded */
/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("../src/core/report/journal.ts").JournalEvent} JournalEvent */

const OUT = join(ROOT, "out");
const PATIENCE_MS = 60_000;

/**
 * @param {Guarded} guarded
 * @param {{ origin: string, requests: { host: string, path: string }[] }} demo
 */
export async function drive(guarded, demo) {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const page = await guarded.newPage();
  await step("The gallery: hidden, then revealed picture by picture", () => visitGallery(page, demo.origin));
  await step("An article with instructions for AI assistants", () => visitArticle(guarded, page, demo.origin));
  await step("Letters: the loudest insult collapsed, and one order to an AI marked", () =>
    visitComments(guarded, page, demo.origin),
  );
  await step("A chat with a notice pasted into it; personal data redacted, and read in the answer", () =>
    visitChat(page, demo.origin),
  );
  await step("A page that changes its pictures", () => visitLate(page, demo.origin));
  await step("A link to a listed host", () => followListedLink(page, demo));
  const own = await guarded.openOwnPage("src/extension/options/index.html");
  await step("The journal and the report", () => writeReport(own));
  await step("The options page", () => visitOptions(own));
  await step("Test my protection", () => testProtection(own));
  await step("The popup over the gallery, and the welcome page", async () => {
    await visitPopup(guarded, page, demo.origin);
    await visitWelcome(guarded);
  });
  process.stdout.write(`\nScreenshots, report.html and report.json are in ${OUT}\n`);
}

/**
 * @param {Page} page
 * @param {string} origin
 */
async function visitGallery(page, origin) {
  await page.goto(`${origin}/gallery.html`, { waitUntil: "domcontentloaded" });
  await shoot(page, "1-gallery-before");
  await settle(page);
  await shoot(page, "2-gallery-after");
  await page.$eval("#test-cards", (element) => element.scrollIntoView());
  await shoot(page, "3-test-cards");
  await page.hover("#test-card");
  await page.waitForSelector("html > div:popover-open", { timeout: PATIENCE_MS });
  await shoot(page, "3-test-cards-why");
  await page.mouse.move(5, 5);
}

/**
 * @param {Guarded} guarded
 * @param {Page} page
 * @param {string} origin
 */
async function visitArticle(guarded, page, origin) {
  await page.goto(`${origin}/article.html`);
  await settle(page);
  await marked(page, "injected-hidden");
  await page.$eval("#injected", (element) => element.scrollIntoView({ block: "center" }));
  await shoot(page, "4-article");
  const popup = await openPopup(guarded, origin);
  await popup.click("#show-hidden");
  await popup.waitForFunction(() => (document.querySelector(".notice")?.textContent ?? "") !== "", {
    timeout: PATIENCE_MS,
  });
  await popup.close();
  await page.bringToFront();
  await shoot(page, "4-article-hidden");
}

/**
 * @param {Guarded} guarded
 * @param {Page} page
 * @param {string} origin
 */
async function visitComments(guarded, page, origin) {
  const own = await guarded.openOwnPage("src/extension/options/index.html");
  await own.evaluate(() => {
    const request = { page: { comments: { toxicity: "hide" } } };
    return (globalThis.browser ?? chrome).runtime.sendMessage({ door: "console", kind: "settings", request });
  });
  await own.close();
  await page.bringToFront();
  await page.goto(`${origin}/comments.html`);
  await settle(page);
  await marked(page, "comment-7");
  await page.waitForSelector('#comment-6[data-wardlight-comment="hide"]', { timeout: PATIENCE_MS });
  await page.$eval("#comment-4", (element) => element.scrollIntoView({ block: "center" }));
  await shoot(page, "5-comments");
}

/**
 * @param {Page} page
 * @param {string} origin
 */
async function visitChat(page, origin) {
  await page.goto(`${origin}/chat.html`);
  await marked(page, "injected");
  const turns = await page.$$eval("#transcript > li", ({ length }) => length);
  await page.type("#words", "And when do the ovens of the bakery open?");
  await page.click('button[type="submit"]');
  const isAnswered = (/** @type {number} */ before) =>
    document.querySelectorAll("#transcript > li").length === before + 2;
  await page.waitForFunction(isAnswered, { timeout: PATIENCE_MS }, turns);
  await page.$eval("#injected", (element) => element.scrollIntoView({ block: "center" }));
  await shoot(page, "6-chat");
  await page.type("#words", "Anna Berg lives at Hauptstraße 12 and has the number +49 30 901820.");
  await page.waitForSelector("html > div:popover-open", { timeout: PATIENCE_MS });
  await shoot(page, "6-chat-draft");
  await redactAndSend(page);
  await shoot(page, "6-chat-restored");
}

/**
 * The page gets placeholders; what they stand for is read beside its answer.
 * @param {Page} page
 */
async function redactAndSend(page) {
  const [redact] = await noticeButtons(page);
  if (!redact) throw new UserError("The note beside the draft offers nothing.");
  await page.mouse.click(redact.x, redact.y);
  const has = (/** @type {string} */ words) =>
    document.querySelector("#transcript")?.parentElement?.textContent?.includes(words) ||
    [...document.querySelectorAll("textarea")].some(({ value }) => value.includes(words));
  await page.waitForFunction(has, { timeout: PATIENCE_MS }, "[PHONE_1]");
  await page.click('button[type="submit"]');
  await page.waitForFunction(has, { timeout: PATIENCE_MS }, "Noted: ");
  const hasNote = () => document.querySelector("html > div:popover-open") !== null;
  await page.waitForFunction(() => !document.querySelector("html > div:popover-open"), { timeout: PATIENCE_MS });
  await page.$eval("#transcript > li:last-child", (answer) => getSelection()?.selectAllChildren(answer));
  await page.waitForFunction(hasNote, { timeout: PATIENCE_MS });
}

/**
 * @param {Page} page
 * @param {string} origin
 */
async function visitLate(page, origin) {
  await page.goto(`${origin}/late.html`);
  await settle(page);
  await page.click("#swap");
  await settle(page);
  await shoot(page, "7-late");
}

/**
 * @param {Page} page
 * @param {{ origin: string, requests: { host: string, path: string }[] }} demo
 */
async function followListedLink(page, demo) {
  await page.goto(`${demo.origin}/links.html`);
  await settle(page);
  await shoot(page, "8-links");
  await page.click("#listed");
  await page.waitForSelector("#host", { timeout: PATIENCE_MS });
  await shoot(page, "9-blocked");
  const escaped = demo.requests.filter(({ host }) => !/^(127\.0\.0\.1|localhost)(:|$)/.test(host));
  if (escaped.length > 0) throw new UserError(`The listed host was asked ${escaped.length} times.`);
}

/** @param {Page} own */
async function writeReport(own) {
  const range = { since: 0, until: Number.MAX_SAFE_INTEGER };
  // The judge gathers events for a moment before it sends them.
  await own.waitForFunction(
    async (query) => {
      const api = globalThis.browser ?? chrome;
      const events = await api.runtime.sendMessage({ door: "console", kind: "events", request: query });
      const [newest] = events;
      return newest !== undefined && Date.now() - newest.at > 1_000;
    },
    { timeout: PATIENCE_MS, polling: 500 },
    { ...range, limit: 1 },
  );
  await own.evaluate(() => {
    location.hash = "#/reports";
  });
  await own.waitForSelector('input[name="range"][value="all"]', { timeout: PATIENCE_MS });
  await own.click('input[name="range"][value="all"]');
  for (const format of /** @type {const} */ (["html", "json"])) {
    const text = await savedBy(own, `[data-testid="save-${format}"]`);
    writeFileSync(join(OUT, `report.${format}`), text);
    if (format === "json") printTable(JSON.parse(text).events);
  }
  await own.evaluate(() => {
    location.hash = "#/journal";
  });
}

/** @param {Page} own */
async function visitOptions(own) {
  await own.evaluate(() => {
    location.hash = "#/journal";
  });
  await own.reload({ waitUntil: [] });
  await own.waitForSelector('[data-testid="event"]', { timeout: PATIENCE_MS });
  await shoot(own, "10-journal");
  // Firefox cannot be asked for the other scheme while it runs.
  const isDark = await own.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]).then(
    () => true,
    () => false,
  );
  if (isDark) await shoot(own, "11-journal-dark");
  for (const [number, name] of [
    [15, "protection"],
    [16, "lists"],
    [17, "models"],
    [18, "overview"],
  ]) {
    await own.evaluate((route) => {
      location.hash = `#/${route}`;
    }, name);
    await own.waitForSelector(`nav [aria-current="page"][href="#/${name}"]`, { timeout: PATIENCE_MS });
    await own.waitForFunction(() => (document.querySelector("main")?.innerText ?? "").length > 300, {
      timeout: PATIENCE_MS,
    });
    await own.screenshot({ path: join(OUT, `${number}-${name}.png`), fullPage: true });
  }
}

/** @param {Page} own */
async function testProtection(own) {
  await own.evaluate(() => {
    location.hash = "#/test";
  });
  await own.waitForSelector("#run-test:not([disabled])", { timeout: PATIENCE_MS });
  await own.click("#run-test");
  await own.waitForSelector('[data-testid="outcome"]', { timeout: PATIENCE_MS });
  await shoot(own, "12-test-my-protection");
  const outcome = await own.$eval('[data-testid="outcome"]', (element) => element.getAttribute("data-outcome"));
  if (outcome !== "passed") throw new UserError(`The self-test says "${outcome}".`);
}

/**
 * The popup as a page of its own, told which tab to speak of.
 * @param {Guarded} guarded
 * @param {Page} page
 * @param {string} origin
 */
async function visitPopup(guarded, page, origin) {
  await page.goto(`${origin}/gallery.html`);
  await settle(page);
  const popup = await openPopup(guarded, origin);
  await popup.setViewport({ width: 380, height: 600 });
  await popup.waitForFunction(() => document.body.innerText.trim().length > 40, { timeout: PATIENCE_MS });
  await shoot(popup, "13-popup");
}

/** @param {Guarded} guarded */
async function visitWelcome(guarded) {
  const welcome = await guarded.openOwnPage("src/extension/welcome/index.html");
  await welcome.waitForSelector("h1", { timeout: PATIENCE_MS });
  await shoot(welcome, "14-welcome");
}

/**
 * The popup as a page, told to speak of the tab that shows a page of this origin.
 * @param {Guarded} guarded
 * @param {string} origin
 */
async function openPopup(guarded, origin) {
  const finder = await guarded.openOwnPage("src/extension/popup/index.html");
  const pattern = `${new URL(origin).protocol}//${new URL(origin).hostname}/*`;
  const tabId = await finder.evaluate(async (url) => {
    const [tab] = await (globalThis.browser ?? chrome).tabs.query({ url });
    return tab?.id;
  }, pattern);
  await finder.close();
  const popup = await guarded.openOwnPage(`src/extension/popup/index.html?tab=${tabId}`);
  await popup.waitForSelector("#show-hidden", { timeout: PATIENCE_MS });
  return popup;
}

/**
 * Something in the element with this id is highlighted.
 * @param {Page} page
 * @param {string} id
 */
async function marked(page, id) {
  await page.waitForFunction(
    (/** @type {string} */ wanted) =>
      Array.from(CSS.highlights.get("wardlight-warn") ?? []).some((range) =>
        range.startContainer.parentElement?.closest(`#${wanted}`),
      ),
    { timeout: PATIENCE_MS, polling: 100 },
    id,
  );
}

/**
 * Every picture of the page has its verdict.
 * @param {Page} page
 */
async function settle(page) {
  const isSettled = () => Array.from(document.images).every((image) => image.hasAttribute("data-wardlight"));
  await page.waitForFunction(isSettled, { timeout: PATIENCE_MS, polling: 100 }).catch(() => {
    throw new UserError(`After ${PATIENCE_MS / 1000} s some pictures of ${page.url()} still have no verdict.`);
  });
}

/**
 * @param {Page} page
 * @param {string} name
 */
async function shoot(page, name) {
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

/** @param {readonly JournalEvent[]} events */
function printTable(events) {
  const rows = events.map((event) => {
    if (event.kind === "tally") return [`${event.allowed} pieces of text on ${event.site}`, "safe", "", "allow", ""];
    const { subject, label, category, score, action, latencyMs } = event;
    return [`${subject} ${label}`, category, score.toFixed(3), action, latencyMs.toFixed(0)];
  });
  const table = [["subject", "verdict", "score", "action", "ms"], ...rows].map((row) =>
    row.map((cell, i) => clip(cell, i)),
  );
  process.stdout.write(`\n${table.map((row) => row.join("  ").trimEnd()).join("\n")}\n\n`);
}

const WIDTHS = [64, 10, 6, 7, 6];

/**
 * @param {string} cell
 * @param {number} column
 */
function clip(cell, column) {
  const width = WIDTHS[column] ?? 10;
  const text = cell.length > width ? `${cell.slice(0, width / 2 - 1)}…${cell.slice(-width / 2)}` : cell;
  return column === 2 || column === 4 ? text.padStart(width) : text.padEnd(width);
}
