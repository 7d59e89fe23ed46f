"""The student of an English sentence encoder: its network, its running average, and how it learns."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel, BertModel

from workshop.encoder import checkpoint
from workshop.encoder.corpus import LANGUAGES, Pair
from workshop.encoder.teacher import teacher_folder
from workshop.encoder.vocabulary import first_embeddings, train_vocabulary
from workshop.errors import WorkshopError

MAX_TOKENS = 96
_LR = 3e-4
_EMBEDDING_LR = 1e-3
_EMA = 0.996
_AVERAGE_EVERY = 4
_HELD_PER_LANGUAGE = 300


def encode(model: BertModel, tokenizer: Tokenizer, texts: Sequence[str]) -> torch.Tensor:
    """Mean-pooled vectors, [n, 384], in the order of the texts."""
    batch = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([line.ids for line in batch])
    mask = torch.tensor([line.attention_mask for line in batch])
    hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
    weight = mask.unsqueeze(-1).float()
    pooled: torch.Tensor = (hidden * weight).sum(1) / weight.sum(1)
    return pooled


def autocast() -> torch.autocast:
    """Half the bits where that costs nothing."""
    return torch.autocast("cpu", dtype=torch.bfloat16)


def open_tokenizer(path: Path) -> Tokenizer:
    """Cut to what the student reads, padded to the longest of a batch."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    return tokenizer


class Student:
    """The student, its running average (which is what is measured and kept), and where it stands in its plan."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        """Begin anew, or take up the checkpoint in `folder`."""
        self.folder = folder
        vocabulary = folder / "tokenizer.json"
        if not vocabulary.exists():
            train_vocabulary(texts).save(str(vocabulary))
        self.tokenizer = open_tokenizer(vocabulary)
        self.model = AutoModel.from_pretrained(teacher_folder(), add_pooling_layer=False, attn_implementation="eager")
        old = Tokenizer.from_file(str(teacher_folder() / "tokenizer.json"))
        old.no_padding()
        old.no_truncation()
        weights = first_embeddings(self.tokenizer, old, self.model.get_input_embeddings().weight.data)
        self.model.set_input_embeddings(torch.nn.Embedding.from_pretrained(weights, freeze=False, padding_idx=0))
        self.model.config.vocab_size = len(weights)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_EMA)
        )
        named = list(self.model.named_parameters())
        self.optimizer = torch.optim.AdamW(
            [
                {"params": [p for n, p in named if "word_embeddings" in n], "lr": _EMBEDDING_LR, "weight_decay": 0.0},
                {"params": [p for n, p in named if "word_embeddings" not in n], "lr": _LR},
            ],
            fused=True,
        )
        self.step = 0
        self._take_up()

    def _take_up(self) -> None:
        state = checkpoint.load(self.folder / "checkpoint.pt")
        if state:
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step = state["step"]

    def save(self) -> None:
        """Write the checkpoint."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
        }
        checkpoint.save(state, self.folder / "checkpoint.pt")

    def learn(self, batch: Sequence[Pair], target: torch.Tensor, rate: float) -> float:
        """One step of the optimizer at `rate` of the full learning rate; answers with the loss."""
        for group, lr in zip(self.optimizer.param_groups, (_EMBEDDING_LR, _LR), strict=True):
            group["lr"] = lr * rate
        translated = [place for place, pair in enumerate(batch) if pair.text != pair.en]
        texts = [pair.en for pair in batch] + [batch[place].text for place in translated]
        wanted = torch.cat([target, target[translated]])
        with autocast():
            got = encode(self.model, self.tokenizer, texts)
        apart = 1 - functional.cosine_similarity(got, wanted).mean()
        loss = 100 * functional.mse_loss(got, wanted) + apart
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        if self.step % _AVERAGE_EVERY == 0:
            self.average.update_parameters(self.model)
        return float(loss.detach())

    @torch.no_grad()
    def measure(self, held: Sequence[Pair], vectors: np.ndarray) -> dict[str, dict[str, float]]:
        """Per language, of at most 300 held-out pairs.

        `cosine` of student(text) to teacher(English), and `found`, the share whose own English is the nearest.
        """
        figures = {}
        model = self.average.module.eval()
        for lang in ("en", *LANGUAGES):
            places = [place for place, pair in enumerate(held) if lang in ("en", pair.lang)][:_HELD_PER_LANGUAGE]
            wanted = torch.tensor(np.asarray(vectors[places], dtype=np.float32))
            texts = [held[place].en if lang == "en" else held[place].text for place in places]
            got = torch.cat([encode(model, self.tokenizer, texts[at : at + 50]) for at in range(0, len(texts), 50)])
            nearest = (functional.normalize(got) @ functional.normalize(wanted).T).argmax(1)
            figures[lang] = {
                "cosine": round(functional.cosine_similarity(got, wanted).mean().item(), 4),
                "found": round((nearest == torch.arange(len(places))).float().mean().item(), 4),
            }
        return figures


def student_state(folder: Path) -> dict[str, torch.Tensor]:
    """The running average in a checkpoint; raises WorkshopError where nothing was distilled yet."""
    state = checkpoint.load(folder / "checkpoint.pt")
    if state is None:
        raise WorkshopError(f"No student in {folder.name}: `encoder distil` makes one.")
    prefix = "module."
    return {name.removeprefix(prefix): value for name, value in state["average"].items() if name.startswith(prefix)}
