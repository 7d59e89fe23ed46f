import type { Page } from "puppeteer-core";
import type { Bench, Row } from "./bench.ts";
import { median } from "./statistics.ts";

const EVENTS = 500_000;
const ROUNDS = 7;
const OPTIONS = "src/extension/options/index.html";

export const bench: Bench = {
  name: "overview",
  title: "Overview of a year",
  builds: ["chromium"],
  async measure(context) {
    const guarded = await context.open("chromium");
    const own = await guarded.openOwnPage(OPTIONS);
    // The background has made its database once it has answered.
    await own.waitForSelector(".empty");
    await own.evaluate(() => {
      location.hash = "#/about";
    });
    await own.waitForSelector('[data-testid="load-invented"]');
    await own.click('[data-testid="load-invented"]');
    await own.waitForSelector('[data-testid="risk"]');
    await own.evaluate(takeForReal);
    context.say(`writing ${EVENTS} events`);
    await own.evaluate(fillJournal, EVENTS);
    const rounds: Shown[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await show(own));
    return rowsOf(rounds);
  },
};

interface Shown {
  readonly paint: number;
  readonly shown: number;
}

/** Opens the overview anew, as from the toolbar. */
async function show(own: Page): Promise<Shown> {
  await own.evaluate(() => {
    location.hash = "#/overview";
  });
  await own.reload({ waitUntil: [] });
  await own.waitForSelector('[data-testid="risk"]');
  return own.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    shown: performance.getEntriesByName("overview-shown")[0]?.startTime ?? Number.NaN,
  }));
}

function rowsOf(rounds: readonly Shown[]): Row[] {
  const of = (name: keyof Shown) => rounds.map((round) => round[name]);
  const all = (name: keyof Shown) => of(name).map(Math.round).join(", ");
  return [
    {
      what: `Overview of a year, journal of ${EVENTS} events: from opening the page to its first paint`,
      value: median(of("paint")),
      unit: "ms",
      target: { atMost: 300 },
      detail: `median of ${ROUNDS}: ${all("paint")} ms`,
    },
    {
      what: "The same, until every chart is there",
      value: median(of("shown")),
      unit: "ms",
      detail: `${all("shown")} ms; 365 rows are read, no event`,
    },
  ];
}

/** In the page: the invented rows become the extension's own, so that they come the way that a user's do. */
async function takeForReal(): Promise<void> {
  const opening = ["simulated-life", "analytics"].map(
    (name) =>
      new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
      }),
  );
  const [from, to] = (await Promise.all(opening)) as [IDBDatabase, IDBDatabase];
  for (const name of ["days", "helps"]) {
    const rows = await new Promise<unknown[]>((resolve) => {
      const request = from.transaction(name).objectStore(name).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    const writing = to.transaction(name, "readwrite");
    for (const row of rows) writing.objectStore(name).put(row);
    const erasing = from.transaction(name, "readwrite");
    erasing.objectStore(name).clear();
    const ending = [writing, erasing].map(
      (transaction) =>
        new Promise((resolve) => {
          transaction.oncomplete = resolve;
        }),
    );
    await Promise.all(ending);
  }
  from.close();
  to.close();
}

/** In the page: events of a year, straight into the journal's rows. */
async function fillJournal(count: number): Promise<void> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("journal");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const step = 31_536_000_000 / count;
  const since = Date.now() - 31_536_000_000;
  for (let from = 0; from < count; from += 5_000) {
    const writing = db.transaction("events", "readwrite");
    for (let i = from; i < Math.min(count, from + 5_000); i++) {
      writing.objectStore("events").put({
        kind: "tally",
        id: `bench-${i}`,
        at: since + i * step,
        site: "site.example",
        subject: "text",
        allowed: 9,
      });
    }
    await new Promise((resolve) => {
      writing.oncomplete = resolve;
    });
  }
  db.close();
}
