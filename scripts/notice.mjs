/** Finds the buttons of a note, which lies in a closed shadow tree, where a person finds them: on the screen. */
import sharp from "sharp";

const AMBER = 0xf5b445;
/** Of the buttons beside it, in the light scheme. */
const BORDER = 0x7c88a3;
/** Fewer amber pixels are no button. */
const LEAST_AMBER = 200;

/**
 * Their middles in CSS pixels: the first is amber, the others have a border. None while there is no note.
 * @param {import("puppeteer-core").Page} page
 * @returns {Promise<{ x: number, y: number }[]>}
 */
export async function noticeButtons(page) {
  const shot = sharp(await page.screenshot({ type: "png" })).removeAlpha();
  const { data, info } = await shot.raw().toBuffer({ resolveWithObject: true });
  const scale = info.width / (page.viewport()?.width ?? info.width);
  const colourAt = (/** @type {number} */ x, /** @type {number} */ y) =>
    data.readUIntBE((y * info.width + x) * info.channels, 3);
  /** @type {number[]} */
  const xs = [];
  /** @type {number[]} */
  const ys = [];
  for (let i = 0; i < info.width * info.height; i++) {
    const [x, y] = [i % info.width, Math.floor(i / info.width)];
    if (colourAt(x, y) === AMBER) {
      xs.push(x);
      ys.push(y);
    }
  }
  if (xs.length < LEAST_AMBER) return [];
  const y = Math.round(middle(ys));
  /** @type {number[]} */
  const borders = [];
  for (let x = Math.max(...xs) + 1; x < info.width; x++) if (colourAt(x, y) === BORDER) borders.push(x);
  const others = Array.from({ length: borders.length >> 1 }, (_, i) => middle(borders.slice(2 * i, 2 * i + 2)));
  return [middle(xs), ...others].map((x) => ({ x: x / scale, y: y / scale }));
}

/** @param {readonly number[]} values */
function middle(values) {
  return (Math.min(...values) + Math.max(...values)) / 2;
}
