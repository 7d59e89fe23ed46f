import type { Pixels } from "../../core/types.ts";

const MOSAIC = "--wardlight-mosaic";
const COLUMNS = 10;
const FINE = 16;

/**
 * A picture of a few blocks as CSS backgrounds, one gradient of hard stops a row: no address that a page's policy could
 * refuse.
 */
export function backgroundOf({ width, height, data }: Pixels): string {
  const percent = (part: number) => `${Number((100 * part).toFixed(2))}%`;
  const colour = (i: number) => `rgb(${data[i]} ${data[i + 1]} ${data[i + 2]})`;
  return Array.from({ length: height }, (_, y) => {
    const stops = Array.from({ length: width }, (_, x) => {
      return `${colour(4 * (y * width + x))} ${percent(x / width)} ${percent((x + 1) / width)}`;
    });
    const top = height > 1 ? percent(y / (height - 1)) : "0";
    return `linear-gradient(90deg, ${stops.join(", ")}) 0 ${top} / 100% calc(${percent(1 / height)} + 1px) no-repeat`;
  }).join(", ");
}

/**
 * Lays a mosaic under a picture, for browsers where nothing but scripts can pixelate safely (see covers.css). Where its
 * pixels cannot be read the style sheet has a plain colour.
 */
export function layMosaic(element: Element): void {
  if (!CSS.supports("-moz-appearance", "none") || !isDrawable(element)) return;
  const { width, height } = element.getBoundingClientRect();
  const rows = Math.max(1, Math.min(2 * COLUMNS, Math.round((COLUMNS * height) / Math.max(1, width))));
  const paper = Object.assign(document.createElement("canvas"), { width: FINE * COLUMNS, height: FINE * rows });
  const context = paper.getContext("2d");
  if (!context) return;
  try {
    // By halves, so that a block is the mean of what lies in it.
    context.drawImage(element, 0, 0, FINE * COLUMNS, FINE * rows);
    for (let from = FINE; from > 1; from /= 2) {
      context.drawImage(paper, 0, 0, from * COLUMNS, from * rows, 0, 0, (from / 2) * COLUMNS, (from / 2) * rows);
    }
    const { data } = context.getImageData(0, 0, COLUMNS, rows);
    element.style.setProperty(MOSAIC, backgroundOf({ width: COLUMNS, height: rows, data }));
  } catch {
    // Withheld by the browser, or broken.
  }
}

export function liftMosaic(element: Element): void {
  if (isDrawable(element)) element.style.removeProperty(MOSAIC);
}

function isDrawable(element: Element) {
  return (
    element instanceof HTMLImageElement || element instanceof HTMLVideoElement || element instanceof HTMLCanvasElement
  );
}
