import { modelName } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import { packDetector } from "../core/image/pack-detector.ts";
import type { Detector, ImageSubject, PackPin } from "../core/types.ts";
import { sha256 } from "./load.ts";
import { type Pack, unpack } from "./pack-file.ts";
import { openSession } from "./session.ts";

/** Where the bytes of trusted packs lie, by SHA-256; undefined for what is not there. */
export type ReadPack = (sha256: string) => Promise<Uint8Array<ArrayBuffer> | undefined>;

/**
 * Reads a trusted pack, when its file is, byte for byte, the one that was trusted.
 * @throws WardlightError `resource` when it is gone, `security` when it is another, `validation` as `unpack` does.
 */
export async function readPack(pin: Pick<PackPin, "sha256">, read: ReadPack): Promise<Pack> {
  const bytes = await read(pin.sha256);
  if (!bytes) throw new WardlightError("resource", "The pack's file is not in this browser any more. Add it again.");
  if ((await sha256(bytes)) !== pin.sha256) {
    throw new WardlightError(
      "security",
      "The pack's file is not the one that was trusted (its SHA-256 differs), so it is not used. Remove it and add it again.",
    );
  }
  return unpack(bytes);
}

/**
 * Opens a trusted pack that judges pictures, on WebAssembly.
 * @throws WardlightError as `readPack` and `openSession` do, and `validation` for a pack of another kind.
 */
export async function openPack(pin: Pick<PackPin, "sha256">, read: ReadPack): Promise<Detector<ImageSubject>> {
  const { card, network } = await readPack(pin, read);
  if (card.kind === "text-encoder") throw new WardlightError("validation", "The pack does not judge pictures.");
  const { input } = card;
  const session = await openSession({ bytes: network, input: input.name, output: card.output });
  const dims = input.layout === "NCHW" ? [1, 3, input.height, input.width] : [1, input.height, input.width, 3];
  return packDetector(card, {
    id: modelName(card),
    async run(tensor, signal) {
      signal.throwIfAborted();
      return session.run(tensor, dims);
    },
  });
}
