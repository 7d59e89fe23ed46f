import type { Bench } from "./bench.ts";
import { closeWelcome, ON_A_PAGE, serveDistinct } from "./distinct-pictures.ts";
import { collectGarbage, extensionMemory } from "./extension-memory.ts";
import { newPage } from "./pages.ts";
import { median } from "./statistics.ts";

/**
 * How far the memory of the last fifth lies above that of the second: the first fills the caches. Each sample follows a
 * collection of garbage, since when the browser collects by itself moves the figure by more than the limit; and what it
 * shares with other browsers, whose number moves it too, is left out.
 */
export const bench: Bench = {
  name: "growth",
  title: "Growth of memory",
  builds: ["chromium"],
  async measure(context) {
    const { browser } = await context.open("chromium");
    const pictures = await serveDistinct(context);
    await closeWelcome(browser);
    const page = await newPage(browser);
    const count = context.isWhole ? 10_000 : 1_000;
    const samples: number[] = [];
    let done = 0;
    for (; done < count && !(context.isOver() && samples.length >= 5); done += ON_A_PAGE) {
      await pictures.visit(page, done);
      await collectGarbage(browser);
      samples.push(extensionMemory(browser).ownMiB);
      context.say(`${done + ON_A_PAGE} pictures: ${samples.at(-1)?.toFixed(1)} MiB`);
    }
    const fifth = Math.floor(samples.length / 5);
    const [early, late] = [median(samples.slice(fifth, 2 * fifth)), median(samples.slice(-fifth))];
    return [
      {
        what: `Growth of that memory over ${done.toLocaleString("en")} pictures`,
        value: late / early - 1,
        unit: "share",
        target: { atMost: 0.05 },
        detail: `${early.toFixed(1)} MiB in the second fifth, ${late.toFixed(1)} MiB in the last: medians of ${fifth} samples each, one every ${ON_A_PAGE} pictures after a forced collection of garbage, without the share of the browser's program`,
      },
    ];
  },
};
