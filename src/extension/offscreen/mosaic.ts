import type { Part } from "../messages.ts";
import type { PictureFile } from "./download.ts";
import { openPicture } from "./pictures.ts";

/** More than a network looks at is not drawn. */
const SIDE_PX = 512;

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
    const bitmap = await createImageBitmap(picture);
    for (const part of places)
      context?.drawImage(bitmap, part.x * scale, part.y * scale, part.width * scale, part.height * scale);
    bitmap.close();
  };
  await Promise.all(Array.from(bySrc, ([src, places]) => draw(src, places)));
  return canvas.transferToImageBitmap();
}
