import { WordPiece } from "@huggingface/tokenizers";
import { WardlightError } from "../core/errors.ts";
import type { Piece, Vocabulary } from "../core/text/wordpiece.ts";

/** Pieces of a word that was read before are not searched for again; a page's junk cannot fill the memory with them. */
const MAX_REMEMBERED = 20_000;

/**
 * Reads a `tokenizer.json` of Hugging Face: WordPiece after BertNormalizer and BertPreTokenizer, accents kept.
 * @throws WardlightError `validation` for any other kind, or without [CLS] and [SEP].
 */
export function openVocabulary(json: unknown): Vocabulary {
  const { model, normalizer, pre_tokenizer } = (json ?? {}) as TokenizerFile;
  const isBert =
    model?.type === "WordPiece" &&
    model.continuing_subword_prefix === PREFIX &&
    normalizer?.type === "BertNormalizer" &&
    normalizer.clean_text === true &&
    normalizer.handle_chinese_chars === true &&
    normalizer.strip_accents === false &&
    pre_tokenizer?.type === "BertPreTokenizer";
  if (!isBert) throw unusable("it is no WordPiece tokeniser of BERT's kind that keeps accents");
  const wordpiece = new WordPiece(model);
  const [unknown, first, last] = [model.unk_token ?? "", "[CLS]", "[SEP]"].map((name) => idOf(wordpiece, name));
  if (unknown === undefined || first === undefined || last === undefined) throw unusable("a special token is missing");
  const pieces = remembering(piecesWith(wordpiece, unknown));
  return { first, last, isLowerCase: normalizer.lowercase === true, pieces };
}

function idOf({ tokens_to_ids }: WordPiece, piece: string): number | undefined {
  return tokens_to_ids.get(piece);
}

const PREFIX = "##";

/** What is read of the file. */
interface TokenizerFile {
  readonly normalizer?: {
    readonly type: string;
    readonly clean_text?: boolean;
    readonly handle_chinese_chars?: boolean;
    readonly strip_accents?: boolean | null;
    readonly lowercase?: boolean;
  };
  readonly pre_tokenizer?: { readonly type: string };
  readonly model?: ConstructorParameters<typeof WordPiece>[0];
}

type Pieces = (word: string) => readonly Piece[];

function piecesWith(wordpiece: WordPiece, unknown: number): Pieces {
  return (word) =>
    wordpiece.encode([word]).map((piece, i) => {
      const id = idOf(wordpiece, piece) ?? unknown;
      return { id, length: id === unknown ? word.length : piece.length - (i > 0 ? PREFIX.length : 0) };
    });
}

function remembering(pieces: Pieces): Pieces {
  const known = new Map<string, readonly Piece[]>();
  return (word) => {
    const found = known.get(word) ?? pieces(word);
    if (known.size < MAX_REMEMBERED) known.set(word, found);
    return found;
  };
}

function unusable(problem: string): WardlightError {
  return new WardlightError("validation", `The encoder's tokenizer.json cannot be used: ${problem}.`);
}
