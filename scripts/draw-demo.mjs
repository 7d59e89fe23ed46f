// Turns the drawings of the demo site into the rasters that its pages show: `node scripts/draw-demo.mjs`.
import { readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const SITE = new URL("../test/fixtures/demo/", import.meta.url);

/** @typedef {{ drawing: string, picture: string, width: number, isNight?: boolean }} Job */

/** @type {readonly Job[]} */
const JOBS = [
  { drawing: "lantern-street.svg", picture: "lantern-street.webp", width: 1280 },
  { drawing: "lighthouse.svg", picture: "lighthouse.jpg", width: 640 },
  { drawing: "harbour.svg", picture: "harbour.webp", width: 640 },
  { drawing: "bakery.svg", picture: "bakery.jpg", width: 640 },
  { drawing: "window-cat.svg", picture: "window-cat.png", width: 640 },
  { drawing: "mountain-hut.svg", picture: "mountain-hut.webp", width: 640 },
  { drawing: "market.svg", picture: "market-day.jpg", width: 640 },
  { drawing: "market.svg", picture: "market-night.jpg", width: 640, isNight: true },
  { drawing: "lantern.svg", picture: "lantern-32.png", width: 32 },
];

/** @param {Job} job */
async function draw({ drawing, picture, width, isNight = false }) {
  const file = new URL(`pictures/${picture}`, SITE);
  const image = await rasterOf(drawing, width, isNight);
  await image
    .jpeg({ quality: 84, mozjpeg: true, force: false })
    .webp({ quality: 82, effort: 6, force: false })
    .png({ palette: true, colours: 160, effort: 10, force: false })
    .toFile(fileURLToPath(file));
  process.stdout.write(`${picture.padEnd(20)} ${((await stat(file)).size / 1024).toFixed(1)} KiB\n`);
}

/**
 * @param {string} drawing
 * @param {number} width
 * @param {boolean} [isNight] shows the layer that the drawing keeps for the night
 */
async function rasterOf(drawing, width, isNight = false) {
  const source = await readFile(new URL(`drawings/${drawing}`, SITE), "utf8");
  const svg = isNight ? source.replace('<g id="night" display="none">', '<g id="night">') : source;
  return sharp(Buffer.from(svg)).resize({ width });
}

/** One picture of the gallery stands in the page itself, as a `data:` address. */
async function drawInline() {
  const page = new URL("gallery.html", SITE);
  const png = await (await rasterOf("lantern.svg", 96)).png({ palette: true, colours: 128, effort: 10 }).toBuffer();
  const html = await readFile(page, "utf8");
  const address = `data:image/png;base64,${png.toString("base64")}`;
  await writeFile(page, html.replace(/data:image\/png;base64,[\w+/=]*/, address));
}

await Promise.all(JOBS.map(draw));
await drawInline();
