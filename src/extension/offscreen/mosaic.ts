import type { Part } from "../messages.ts";
import type { PictureFile } from "./download.ts";
import { openPicture } from "./pictures.ts";

/** More than a network looks at is not drawn. */
const SIDE_PX = 512;
const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

/**
 * Puts the tiles of a picture together as they stand on the page.
 * @param read gets a tile's file; each address is read once.
 * @throws WardlightError as `read` and `openPicture` do: a picture with a tile that cannot be had is not judged.
 */
export async function composeMosaic(
  parts: readonly Part[],
  read: (src: string) => Promise<PictureFile>,
  signal: AbortSignal,
): Promise<ImageBitmap> {
  const width = Math.max(...parts.map((part) => part.x + part.width));
  const height = Math.max(...parts.map((part) => part.y + part.height));
  const scale = Math.min(1, SIDE_PX / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
  const context = canvas.getContext("2d");
  const bySrc = new Map(parts.map(({ src }) => [src, parts.filter((part) => part.src === src)]));
  const draw = async (src: string, places: readonly Part[]) => {
    const picture = await openPicture(await read(src), signal);
    const bitmap = await createImageBitmap("bytes" in picture ? new Blob([picture.bytes]) : picture);
    for (const { x, y, region = WHOLE, ...part } of places) {
      const { width, height } = bitmap;
      const from = [region.x * width, region.y * height, region.width * width, region.height * height] as const;
      context?.drawImage(bitmap, ...from, x * scale, y * scale, part.width * scale, part.height * scale);
    }
    bitmap.close();
  };
  await Promise.all(Array.from(bySrc, ([src, places]) => draw(src, places)));
  return canvas.transferToImageBitmap();
}
