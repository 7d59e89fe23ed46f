import type { DayCount } from "../chain.ts";
import { html, type Markup } from "./markup.ts";

const WIDTH = 960;
const HEIGHT = 120;
const DAY_MS = 86_400_000;
const MAX_BARS = 400;

/**
 * How often something was acted on, a bar a day from the first to the last; runs of days share a bar where there are too
 * many. A bar says its numbers when it is pointed at.
 */
export function dayChart(days: readonly DayCount[], label: string): Markup {
  const bars = barsOf(days);
  const most = Math.max(1, ...bars.map(({ acted }) => acted));
  const step = WIDTH / Math.max(1, bars.length);
  const drawn = bars.map(({ from, judged, acted }, i) => {
    const height = acted === 0 ? 0 : Math.max(2, (acted / most) * HEIGHT);
    const [x, y, width] = [i * step, HEIGHT - height, Math.max(0.5, step * 0.8)].map((value) => value.toFixed(1));
    return html`<rect x="${x ?? ""}" y="${y ?? ""}" width="${width ?? ""}" height="${height.toFixed(1)}"><title>${from}: ${acted} / ${judged}</title></rect>`;
  });
  return html`<figure class="chart"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${drawn}</svg>
<figcaption><span>${bars[0]?.from ?? ""}</span><span>${label}</span><span>${bars.at(-1)?.to ?? ""}</span></figcaption></figure>`;
}

interface Bar {
  from: string;
  to: string;
  judged: number;
  acted: number;
}

function barsOf(days: readonly DayCount[]): Bar[] {
  const [first, last] = [numberOf(days[0]?.day), numberOf(days.at(-1)?.day)];
  const span = last - first + 1;
  if (days.length === 0 || !Number.isFinite(span)) return [];
  const size = Math.ceil(span / MAX_BARS);
  const bars = Array.from({ length: Math.ceil(span / size) }, (_, i) => ({
    from: nameOf(first + i * size),
    to: nameOf(Math.min(last, first + i * size + size - 1)),
    judged: 0,
    acted: 0,
  }));
  for (const { day, judged, acted } of days) {
    const bar = bars[Math.floor((numberOf(day) - first) / size)];
    if (!bar) continue;
    bar.judged += judged;
    bar.acted += acted;
  }
  return bars;
}

function numberOf(day = ""): number {
  return Math.floor(Date.parse(day) / DAY_MS);
}

function nameOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}
