"""One WordPiece vocabulary for five languages, and the student's first guess at what its pieces mean."""

from collections.abc import Iterable

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

SIZE = 30_000
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def train_vocabulary(texts: Iterable[str], size: int = SIZE) -> Tokenizer:
    """WordPiece, counted in the texts."""
    tokenizer = plain_tokenizer(models.WordPiece(unk_token="[UNK]"))
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=list(SPECIAL), limit_alphabet=400, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    return with_ends(tokenizer)


def plain_tokenizer(model: models.Model) -> Tokenizer:
    """Lower case, accents kept: they tell words apart in four of the five languages."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def with_ends(tokenizer: Tokenizer) -> Tokenizer:
    """With [CLS] before a text and [SEP] after it."""
    ends = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=ends)
    return tokenizer


def first_embeddings(new: Tokenizer, old: Tokenizer, old_weights: torch.Tensor) -> torch.Tensor:
    """A piece that the old vocabulary has keeps its vector; another begins as the mean of its old sub-pieces."""
    known = old.get_vocab()
    weights = torch.empty(new.get_vocab_size(), old_weights.shape[1])
    for piece, place in new.get_vocab().items():
        if piece in known:
            weights[place] = old_weights[known[piece]]
            continue
        parts = old.encode(piece.removeprefix("##"), add_special_tokens=False).ids or [known["[UNK]"]]
        weights[place] = old_weights[parts].mean(0)
    return weights
