"""The self-check's network is what the command gives, small, and tells a wrong node from a right one."""

import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from workshop.paths import SELF_CHECK
from workshop.tiny import CLASSES, INPUT_SIZE, tiny_bytes

CONTENT = tiny_bytes()


def _run(content: bytes) -> NDArray[np.float32]:
    wave = np.sin(np.arange(3 * INPUT_SIZE * INPUT_SIZE, dtype=np.float64) * 0.37).astype(np.float32)
    picture = (wave * 0.5 + 0.5).reshape(1, 3, INPUT_SIZE, INPUT_SIZE)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    answer: NDArray[np.float32] = session.run(["probs"], {"input": picture})[0]
    return answer


def test_the_committed_file_is_what_the_command_gives_and_is_tiny() -> None:
    assert (SELF_CHECK / "tiny.onnx").read_bytes() == CONTENT
    assert len(CONTENT) < 16_384


def test_no_class_has_all_or_nothing() -> None:
    answer = _run(CONTENT)
    assert answer.shape == (1, CLASSES)
    assert answer.max() < 0.9
    assert np.count_nonzero(answer > 1e-3) >= 4


@pytest.mark.parametrize("name", ["k1/codes", "k2", "k3", "k4", "b1", "b2", "b4", "high"])
def test_a_constant_that_is_ignored_shows(name: str) -> None:
    model = onnx.load_from_string(CONTENT)
    (constant,) = (tensor for tensor in model.graph.initializer if tensor.name == name)
    wrong = onnx.numpy_helper.to_array(constant) * 0
    constant.CopyFrom(onnx.numpy_helper.from_array(wrong, name))
    assert np.abs(_run(model.SerializeToString()) - _run(CONTENT)).max() > 1e-3
