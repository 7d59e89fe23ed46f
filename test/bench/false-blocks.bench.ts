import type { Bench, PictureFile, Row } from "./bench.ts";
import { openJudge } from "./judge.ts";
import { openNsfwjs } from "./peer.ts";
import { pictureAddress, pictureRoute, serveStage } from "./stage.ts";
import { clopperPearson } from "./statistics.ts";
import { stillPictures } from "./still-pictures.ts";

export const bench: Bench = {
  name: "false-blocks",
  title: "Pictures: false blocks",
  builds: ["chromium"],
  async measure(context) {
    const guarded = await context.open("chromium");
    const photographs = await context.pictures();
    const stills = await stillPictures();
    const files = photographs.areDrawn ? stills : [...photographs.files, ...stills];
    const origin = await serveStage(context, { "/picture": pictureRoute(files) });
    const judge = await openJudge(guarded);
    const nsfwjs = await openNsfwjs(context, guarded.browser);

    const judged = async (some: readonly PictureFile[]) => {
      const addresses = some.map((file) => pictureAddress(origin, file));
      await Promise.all([judge.load(addresses), nsfwjs.load(addresses)]);
      const counts = { withheld: 0, tops: [] as string[] };
      for (const address of addresses) {
        const { action } = await judge.judge(address);
        if (action.reason === "failure") throw new Error(`${address} could not be judged.`);
        if (action.kind !== "allow" && action.kind !== "warn") counts.withheld++;
        counts.tops.push(topOf((await nsfwjs.judge(address)).answer));
      }
      return counts;
    };
    const rows: Row[] = [];
    if (photographs.areDrawn)
      context.say("No photographs were given (--photos DIR): false blocks on them are not measured.");
    else {
      // Every other one, by name, calibrates.
      const half = photographs.files.filter((_, i) => i % 2 === 1);
      const { withheld, tops } = await judged(half);
      rows.push(
        {
          ...countRow("photographs that did not calibrate, at the default level", withheld, half.length),
          target: { atMost: 1 },
        },
        countRow(
          "the same, by nsfwjs where Porn, Hentai or Sexy is the top class",
          among(tops, ["Porn", "Hentai", "Sexy"]),
          half.length,
        ),
        countRow(
          "the same, by nsfwjs where Porn or Hentai is the top class",
          among(tops, ["Porn", "Hentai"]),
          half.length,
        ),
      );
    }
    const { withheld, tops } = await judged(stills);
    const what = "pieces of art, screenshots, diagrams and drawings";
    rows.push(
      { ...countRow(what, withheld, stills.length), target: { atMost: 0 } },
      countRow(
        `the same, by nsfwjs where Porn, Hentai or Sexy is the top class`,
        among(tops, ["Porn", "Hentai", "Sexy"]),
        stills.length,
      ),
    );
    return rows;
  },
};

function topOf(classes: Readonly<Record<string, number>>): string {
  const [top] = Object.entries(classes).sort(([, a], [, b]) => b - a);
  return top?.[0] ?? "";
}

function among(tops: readonly string[], classes: readonly string[]): number {
  return tops.filter((top) => classes.includes(top)).length;
}

function countRow(what: string, hits: number, count: number): Row {
  const { high } = clopperPearson(hits, count);
  const share = `${((100 * hits) / count).toFixed(1)} % of ${count}`;
  return {
    what: `Falsely withheld: ${what}`,
    value: hits,
    unit: "count",
    detail: `${share}; with 95 % confidence at most ${(100 * high).toFixed(1)} %`,
  };
}
