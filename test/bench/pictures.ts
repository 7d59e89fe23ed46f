import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { UserError } from "../../scripts/setup.mjs";
import { draw } from "../fixtures/pictures.ts";
import type { PictureFile, Pictures } from "./bench.ts";

const TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};
const DRAWN = 240;

/**
 * The pictures of a folder, in the order of their names, or drawn ones where no folder is given.
 * @throws UserError where the folder has none.
 */
export async function picturesFrom(folder: string | undefined): Promise<Pictures> {
  if (folder === undefined) {
    const files = await Promise.all(Array.from({ length: DRAWN }, (_, i) => drawn(i)));
    return { origin: `${DRAWN} drawn pictures, no photographs (--photos DIR)`, areDrawn: true, files };
  }
  const names = listed(folder).filter((name) => typeOf(name) !== undefined);
  if (names.length === 0) throw new UserError(`${folder} holds no pictures (${Object.keys(TYPES).join(", ")}).`);
  const files = names.sort().map((name) => ({
    name,
    type: typeOf(name) as string,
    bytes: readFileSync(join(folder, name)),
  }));
  return { origin: `${files.length} photographs`, areDrawn: false, files };
}

function listed(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UserError(`${folder} is not a folder.`);
  return readdirSync(folder);
}

function typeOf(name: string): string | undefined {
  return TYPES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()];
}

/** Of a photograph's size and weight, 500 × 375. */
async function drawn(seed: number): Promise<PictureFile> {
  const { width, height, data } = draw(500, 375, seed);
  const bytes = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: 85 })
    .toBuffer();
  return { name: `drawn-${seed}.jpg`, type: "image/jpeg", bytes };
}
