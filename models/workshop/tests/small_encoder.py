"""An encoder small enough to be fitted in seconds, and what it is taught. Needs torch."""

import numpy as np
import torch
from transformers import BertConfig, BertModel

from workshop.encoder.dev import Figures
from workshop.encoder.examples import examples
from workshop.encoder.judge import Judge, of_model
from workshop.encoder.lessons import Lesson
from workshop.encoder.network import Encoder
from workshop.encoder.pii import sentences
from workshop.encoder.train import Plan
from workshop.encoder.vocabulary import train_vocabulary
from workshop.heads import HEADS
from workshop.templates import spoken, templates

PLAN = Plan(epochs=6, batch=16, rate=2e-3, decay=0.01, warm_up=0.1, patience=9, keeps_embeddings=False)
TEXTS = [
    (text, int(kind == "attacks"))
    for kind in ("attacks", "harmless")
    for text in spoken(templates("injection")[kind]["en"], 60, 1)
]
PERSONAL = [one for one in sentences("fit", 40, 1) if one.lang == "en"]
LESSONS = [
    *(Lesson(text, {"injection": label}, None, "en", "own") for text, label in TEXTS),
    *(Lesson(one.text, {}, one.spans, "en", "own") for one in PERSONAL),
]
TOKENIZER = train_vocabulary([lesson.text for lesson in LESSONS], 800)
FOUND = examples(LESSONS, TOKENIZER)


def fresh(dropout: float = 0.1) -> Encoder:
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(
        vocab_size=TOKENIZER.get_vocab_size(),
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        **sizes,
    )
    trunk = BertModel(config, add_pooling_layer=False)
    return Encoder(trunk, {head.task: head.outputs for head in HEADS})


def accuracy(judge: Judge) -> Figures:
    said = judge.says([text for text, _ in TEXTS]).logits["injection"][:, 0]
    return {"injection/accuracy": float(((said > 0) == np.array([label for _, label in TEXTS])).mean())}


def watched(model: Encoder) -> Figures:
    return accuracy(of_model(model, TOKENIZER))
