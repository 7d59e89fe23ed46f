import { type EncoderCard, encoderFile, modelName, type TextEncoderRow } from "../core/catalog.ts";
import { WardlightError } from "../core/errors.ts";
import { release } from "../core/release.ts";
import type { WindowInput, WindowOutput } from "../core/text/encoder.ts";
import { TOKEN_LABELS } from "../core/text/entities.ts";
import { type HeadsFamily, headsFamily, readSequenceHead } from "../core/text/heads.ts";
import type { Model } from "../core/types.ts";
import { languageLabeller } from "./language.ts";
import { loadModelFile, type ReadModel } from "./load.ts";
import { type Feed, type Graph, openGraph } from "./session.ts";
import { openVocabulary } from "./tokeniser.ts";

/**
 * Opens a catalogued text encoder with all of its heads.
 * @throws WardlightError as `loadModelFile`, `openGraph`, `openVocabulary` and `readSequenceHead` do.
 */
export async function openTextEncoder(row: TextEncoderRow, read: ReadModel): Promise<HeadsFamily> {
  return openEncoder(row, async (name) => {
    const file = encoderFile(row, name);
    if (!file) throw new WardlightError("model", `The model ${modelName(row)} has no file ${name}.`);
    return loadModelFile(file, read);
  });
}

/**
 * Opens an encoder with all of its heads from whoever has its files by name; the network's file is used up.
 * @throws WardlightError as `openGraph`, `openVocabulary` and `readSequenceHead` do; whatever `load` throws.
 */
export async function openEncoder(
  card: EncoderCard,
  load: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<HeadsFamily> {
  const vocabulary = openVocabulary(jsonOf(await load("tokenizer.json")));
  const heads = await Promise.all(
    card.heads.map(async (head) => readSequenceHead(card, head, await load(`head-${head.task}.bin`))),
  );
  const network = await load("encoder.onnx");
  const model = modelOf(card, await openGraph(network, ["vector", "entities"]));
  release(network);
  return headsFamily(card, { model, vocabulary }, heads, languageLabeller());
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new WardlightError("validation", "The encoder's tokenizer.json is no JSON.", { cause });
  }
}

function modelOf(row: EncoderCard, graph: Graph): Model<WindowInput, WindowOutput> {
  return {
    id: modelName(row),
    async run({ ids, shapes }, signal) {
      await turn();
      signal.throwIfAborted();
      const feed = (values: Int32Array): Feed => ({ values, dims: [1, values.length] });
      const mask = new Int32Array(ids.length).fill(1);
      const answers = await graph.run({ input_ids: feed(ids), attention_mask: feed(mask), shape: feed(shapes) });
      const [vector = new Float32Array(), entities = new Float32Array()] = answers;
      if (vector.length !== row.width || entities.length !== ids.length * TOKEN_LABELS) {
        throw new WardlightError("model", `The model ${modelName(row)} answered with tensors of another size.`);
      }
      return { vector, entities };
    },
  };
}

/** Lets in what waits for this worker, a cancellation among it: runs on WebAssembly follow each other without a gap. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
