"""Command `tiny-encoder`: an encoder of noise as small as one can be, what it says, and its pack, for tests."""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, models
from transformers import BertConfig, BertModel

from workshop.encoder.export import export
from workshop.encoder.golden import TEXTS, Files, reference_text
from workshop.encoder.network import Encoder
from workshop.encoder.pack import encoder_pack
from workshop.encoder.vocabulary import SPECIAL, plain_tokenizer, with_ends
from workshop.heads import HEADS
from workshop.paths import REPOSITORY, shown

FOLDER = REPOSITORY / "test" / "fixtures" / "encoder"
PACK = REPOSITORY / "test" / "fixtures" / "packs" / "tiny-encoder.wardpack"
SIZES = {head.task: head.outputs for head in HEADS}
_ID = "tiny-encoder"
_SEED = 29
_WORDS = 160
_CONFIG = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 48,
    "max_position_embeddings": 128,
}


def tiny_tokenizer() -> Tokenizer:
    """The commonest words of the golden texts, and most of their letters."""
    splitter = plain_tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    normal = [splitter.normalizer.normalize_str(text) for text in TEXTS]
    counted = Counter(word for text in normal for word, _ in splitter.pre_tokenizer.pre_tokenize_str(text))
    common = sorted((word for word in counted if len(word) < 20), key=lambda word: (-counted[word], word))[:_WORDS]
    letters = sorted({letter for word in counted for letter in word if ord(letter) < 0x2100})
    pieces = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), *common, "##ing", "##tions", "##ous", "##er"]
    vocabulary = {piece: place for place, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = plain_tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.add_special_tokens(list(SPECIAL))
    return with_ends(tokenizer)


def tiny_encoder(vocabulary: int) -> Encoder:
    """Seeded noise, loud enough that texts differ in what is said of them."""
    trunk = BertModel(BertConfig(vocab_size=vocabulary, **_CONFIG), add_pooling_layer=False)
    encoder = Encoder(trunk, SIZES).eval()
    chance = np.random.Generator(np.random.PCG64(_SEED))
    with torch.no_grad():
        for name, weights in encoder.named_parameters():
            noise = chance.uniform(-1, 1, tuple(weights.shape)).astype(np.float32)
            width = 0.3 if name.startswith("trunk.encoder") else 1.0
            weights.copy_(torch.from_numpy(noise * width) + (1.0 if "LayerNorm.weight" in name else 0.0))
    return encoder


def _file(path: Path, provider: str) -> dict[str, Any]:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"path": f"{_ID}/{path.name}", "bytes": len(content), "sha256": digest, "provider": provider}


def _head_row(task: str) -> dict[str, Any]:
    head = next(head for head in HEADS if head.task == task)
    asked = {"category": head.category, "classes": [], "threshold": 0.75, "askFrom": 0.1}
    kind = asked if head.category else {"classes": list(head.classes)}
    return {"task": task, **kind, "status": "active", "calibration": {"a": 0.5, "b": 0.0}, "weight": 0.6}


def row(folder: Path) -> dict[str, Any]:
    """The catalogue's row of the files in a folder."""
    heads = [_file(folder / f"head-{task}.bin", "any") for task in SIZES]
    return {
        "id": _ID,
        "version": "1.0.0",
        "kind": "text-encoder",
        "status": "active",
        "files": [_file(folder / "encoder.onnx", "wasm"), _file(folder / "tokenizer.json", "any"), *heads],
        "width": _CONFIG["hidden_size"],
        "heads": [_head_row(task) for task in SIZES],
        "entities": {"status": "active", "threshold": 0.5},
        "license": "Apache-2.0",
        "source": "python -m workshop tiny-encoder",
    }


def pack(folder: Path) -> bytes:
    """The files in a folder as a pack, under an id of its own."""
    told = {
        "id": "tiny-reader",
        "version": "1.0.0",
        "name": "Noise (tiny-reader)",
        "license": "Apache-2.0",
        "source": "python -m workshop tiny-encoder",
        "about": "Seeded noise for tests: it knows nothing.",
    }
    return encoder_pack(folder, row(folder), told)


def tiny(folder: Path = FOLDER, packed: Path = PACK) -> None:
    """Write the files, their row and their golden vectors, and their pack."""
    tokenizer = tiny_tokenizer()
    export(tiny_encoder(tokenizer.get_vocab_size()), tokenizer, folder)
    (folder / "reference.json").write_text(reference_text(Files(folder, SIZES)), encoding="utf-8")
    (folder / "row.json").write_text(json.dumps(row(folder), indent=2) + "\n", encoding="utf-8")
    packed.write_bytes(pack(folder))
    print(f"{shown(folder)}: {sum(path.stat().st_size for path in folder.iterdir())} bytes")
