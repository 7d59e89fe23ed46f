"""The encoder's files: `encoder.onnx` for ONNX Runtime, `tokenizer.json`, and a small file for each of its heads."""

import io
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer

from workshop.encoder.network import Encoder

INPUTS = ("input_ids", "attention_mask", "shape")
OUTPUTS = ("vector", "entities")
_OPSET = 17


def onnx_bytes(encoder: Encoder) -> bytes:
    """The trunk with its token head in float32, from three int64 [n, t] to `vector` [n, width], `entities` [n, t, 35].

    Matrices are constants on the right of a MatMul, as quantising by channel wants them.
    """
    encoder = encoder.eval()
    encoder.trunk.set_attn_implementation("eager")
    example = (torch.tensor([[0, 1, 2], [2, 1, 0]]), torch.tensor([[1, 1, 1], [1, 1, 0]]), torch.zeros(2, 3).long())
    axes = {name: {0: "n", 1: "t"} for name in (*INPUTS, "entities")} | {"vector": {0: "n"}}
    target = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        # The tracer warns of each shape that it reads; a test runs the file at other shapes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            encoder,
            example,
            target,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=_OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load_from_string(target.getvalue()), full_check=True)
    return target.getvalue()


def head_bytes(head: torch.nn.Linear) -> bytes:
    """Weights [answers, width], then the biases; float32, little-endian."""
    parts = (head.weight, head.bias)
    return b"".join(part.detach().float().numpy().astype(np.dtype("<f4")).tobytes() for part in parts)


def export(encoder: Encoder, tokenizer: Tokenizer, folder: Path) -> None:
    """Write all files of an encoder to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.onnx").write_bytes(onnx_bytes(encoder))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    for task, head in encoder.heads.items():
        (folder / f"head-{task}.bin").write_bytes(head_bytes(head))
