import type { PackCard } from "../../../core/pack.ts";
import { pinOf } from "../../../core/pack-pins.ts";
import type { PackPin } from "../../../core/types.ts";
import { sha256 } from "../../../inference/load.ts";
import { MAX_PACK_BYTES, unpack } from "../../../inference/pack-file.ts";
import { openPackFiles } from "../../../storage/packs.ts";
import { t } from "../../browser.ts";
import type { PackTrial } from "../../messages.ts";
import { ask } from "../console.ts";

/** A file that is a pack, and that nobody trusts yet. */
export interface Offer {
  readonly pin: PackPin;
  readonly card: PackCard;
  readonly file: Blob;
}

/**
 * Reads a file that the user chose.
 * @param onRead is told which share of it was read.
 * @throws WardlightError `validation` for what is no pack.
 */
export async function readOffer(file: File, onRead: (share: number) => void): Promise<Offer> {
  if (file.size > MAX_PACK_BYTES) throw new Error(t("packs_tooLarge"));
  const bytes = new Uint8Array(file.size);
  let read = 0;
  for await (const chunk of file.stream()) {
    bytes.set(chunk, read);
    read += chunk.length;
    onRead(read / file.size);
  }
  const { card } = unpack(bytes);
  const pin = pinOf(card, await sha256(bytes), bytes.length, Date.now());
  // A copy: the user's own file may change or vanish.
  return { pin, card, file: new Blob([bytes]) };
}

/**
 * Stores a pack that the user trusts, has it tried, and adds it. What is refused leaves nothing behind.
 * @throws with the reason why it is refused.
 */
export async function addPack({ pin, file }: Offer, packs: readonly PackPin[]): Promise<PackTrial> {
  const files = openPackFiles();
  const known = packs.map(({ sha256: hash }) => hash);
  await files.put(pin.sha256, file);
  try {
    const trial = await ask("tryPack", { kind: pin.kind, sha256: pin.sha256 });
    await ask("changePacks", { kind: "add", pin });
    return trial;
  } catch (error) {
    await files.keepOnly(known);
    throw error;
  }
}
