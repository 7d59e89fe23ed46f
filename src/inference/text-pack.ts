import { WardlightError } from "../core/errors.ts";
import type { TextPackCard } from "../core/pack.ts";
import type { EncoderHalf } from "../core/text/pipeline.ts";
import type { PackPin } from "../core/types.ts";
import { named } from "./load.ts";
import { type ReadPack, readPack } from "./pack.ts";
import type { Pack } from "./pack-file.ts";
import { openEncoder } from "./text-encoder.ts";

/**
 * A trusted text pack as the encoder of a pipeline. Its file is read twice, so that nothing but its card is kept of it
 * until a text asks for the encoder.
 * @throws WardlightError as `readPack` does, and `validation` for a pack of another kind.
 */
export async function textPackOf(pin: Pick<PackPin, "sha256">, read: ReadPack): Promise<EncoderHalf> {
  const { card: row } = await readText(pin, read);
  return {
    row,
    open: () =>
      named(row, async () => {
        const { card, network, parts } = await readText(pin, read);
        return openEncoder(card, async (name) => (name === "encoder.onnx" ? network : partOf(parts, name)));
      }),
  };
}

async function readText(pin: Pick<PackPin, "sha256">, read: ReadPack): Promise<Pack & { readonly card: TextPackCard }> {
  const pack = await readPack(pin, read);
  if (pack.card.kind !== "text-encoder") throw new WardlightError("validation", "The pack does not read texts.");
  return { ...pack, card: pack.card };
}

function partOf(parts: Pack["parts"], name: string) {
  const part = parts.get(name);
  if (!part) throw new WardlightError("validation", `The pack has no ${name}.`);
  return part;
}
