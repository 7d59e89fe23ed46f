"""The encoder's files say what the torch module says; with the tiny ones the extension is tested."""

import json
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from workshop.encoder.pii import LABELS, TYPES
from workshop.pack import read_pack
from workshop.paths import REPOSITORY

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
# These need torch themselves, and may be imported only where the lines above have found it.
from workshop.encoder import characters, tiny  # noqa: E402
from workshop.encoder.entities import entities, owned  # noqa: E402
from workshop.encoder.export import INPUTS, export, head_bytes, onnx_bytes  # noqa: E402
from workshop.encoder.golden import TEXTS, TOLERANCE, Files  # noqa: E402
from workshop.encoder.network import Encoder  # noqa: E402
from workshop.encoder.reading import OVERLAP, WINDOW, Token, framed, shape_of, tokens_of, windows  # noqa: E402

_SMALL = {
    "vocab_size": 60,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 140,
    "pad_token_id": 0,
}


@pytest.fixture(scope="module")
def files() -> Files:
    return Files(tiny.FOLDER, tiny.SIZES)


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta", "distilbert"])
def test_file_and_module_agree_at_every_shape(kind: str) -> None:
    torch.manual_seed(1)
    config = transformers.AutoConfig.for_model(kind, **_SMALL)
    if kind == "distilbert":
        config.dim, config.n_layers, config.n_heads, config.hidden_dim = 16, 2, 2, 24
    encoder = Encoder(transformers.AutoModel.from_config(config), {"topic": 3}).eval()
    session = onnxruntime.InferenceSession(onnx_bytes(encoder))
    for rows, length in ((1, 2), (3, 9), (2, 128)):
        ids = torch.randint(1, 60, (rows, length))
        mask = torch.ones(rows, length).long()
        mask[0, length - length // 3 :] = 0
        feed = dict(zip(INPUTS, (ids, mask, torch.randint(0, 7, (rows, length))), strict=True))
        vector, labels = session.run(None, {name: value.numpy() for name, value in feed.items()})
        with torch.no_grad():
            expected = encoder(**feed)
        assert labels.shape == (rows, length, len(LABELS))
        assert np.abs(vector - expected[0].numpy()).max() < 1e-5
        assert np.abs(labels - expected[1].numpy())[mask.numpy() == 1].max() < 1e-5


def test_what_is_masked_changes_nothing(files: Files) -> None:
    encoder = tiny.tiny_encoder(files.tokenizer.get_vocab_size())
    ids, shapes = framed(files.tokenizer, tokens_of(files.tokenizer, TEXTS[0]))
    alone = torch.tensor([ids]), torch.ones(1, len(ids)).long(), torch.tensor([shapes])
    filled = [torch.nn.functional.pad(one, (0, 5)) for one in alone]
    with torch.no_grad():
        assert torch.allclose(encoder(*alone)[0], encoder(*filled)[0], atol=1e-5)


def test_a_heads_file_holds_weights_then_biases() -> None:
    head = torch.nn.Linear(4, 2)
    numbers = np.frombuffer(head_bytes(head), dtype="<f4")
    assert np.array_equal(numbers[:8].reshape(2, 4), head.weight.detach().numpy())
    assert np.array_equal(numbers[8:], head.bias.detach().numpy())


def test_the_committed_files_give_the_committed_answers(files: Files) -> None:
    reference = json.loads((tiny.FOLDER / "reference.json").read_text())
    assert [vector["text"] for vector in reference["vectors"]] == list(TEXTS)
    for expected in reference["vectors"]:
        found = files.says(expected["text"])
        for key in ("ids", "spans", "shapes"):
            assert found[key] == expected[key]
        for task, logits in expected["logits"].items():
            assert np.abs(np.array(found["logits"][task]) - logits).max() < TOLERANCE
    assert json.loads((tiny.FOLDER / "row.json").read_text()) == tiny.row(tiny.FOLDER)
    assert tiny.PACK.read_bytes() == tiny.pack(tiny.FOLDER)
    assert sum(path.stat().st_size for path in tiny.FOLDER.iterdir()) < 300_000


def test_a_pack_holds_all_that_the_encoder_needs() -> None:
    card, network = read_pack(tiny.PACK)
    assert network == (tiny.FOLDER / "encoder.onnx").read_bytes()
    described = tiny.row(tiny.FOLDER)
    assert {name: card[name] for name in ("width", "heads", "entities")} == {
        name: described[name] for name in ("width", "heads", "entities")
    }
    with zipfile.ZipFile(tiny.PACK) as archive:
        heads = [f"head-{head['task']}.bin" for head in described["heads"]]
        for name in ("tokenizer.json", *heads):
            assert archive.read(name) == (tiny.FOLDER / name).read_bytes()


def test_the_command_gives_files_that_agree_with_its_module(tmp_path: Path, files: Files) -> None:
    tokenizer = tiny.tiny_tokenizer()
    assert tokenizer.to_str() == files.tokenizer.to_str()
    encoder = tiny.tiny_encoder(tokenizer.get_vocab_size())
    export(encoder, tokenizer, tmp_path)
    made = Files(tmp_path, tiny.SIZES)
    tokens = tokens_of(tokenizer, TEXTS[0])
    vectors, _ = made.run(tokens)
    ids, shapes = framed(tokenizer, tokens)
    with torch.no_grad():
        vector, _ = encoder(torch.tensor([ids]), torch.ones(1, len(ids)).long(), torch.tensor([shapes]))
        for task, logits in encoder.answers(vector).items():
            assert np.abs(made.answers(vectors)[task] - logits.numpy()).max() < TOLERANCE
    assert tiny.row(tmp_path)["width"] == vector.shape[1]


@pytest.mark.parametrize(
    ("text", "shape"),
    [("", 0), ("!", 0), ("lower", 1), ("忽", 1), ("A", 2), ("Élan", 2), ("ÄÖ", 3), ("iPhone", 4), ("12", 5), ("4K", 6)],
)
def test_shapes(text: str, shape: int) -> None:
    assert shape_of(text) == shape


@pytest.mark.parametrize("count", [0, 1, 126, 127, 220, 221, 1000])
def test_windows_cover_and_each_token_is_owned_once(count: int) -> None:
    spans = windows(count)
    assert [place for own in owned(spans) for place in own] == list(range(count))
    for span, own in zip(spans, owned(spans), strict=True):
        assert len(span) <= WINDOW
        assert set(own) <= set(span)
    assert all(before.stop - after.start == OVERLAP for before, after in pairwise(spans))


def test_special_names_in_a_text_are_words(files: Files) -> None:
    first = files.tokenizer.token_to_id("[CLS]")
    assert first not in [token.id for token in tokens_of(files.tokenizer, "[CLS] x")]


def test_words_go_on_with_the_entity_before_them() -> None:
    tokens = [Token(0, place, place + 1, 1, word) for place, word in enumerate((0, 1, 1, 2, 3))]
    names = ("B-PERSON", "I-PERSON", "I-PERSON", "B-PERSON", "I-AGE")
    logits = np.array([[9.0 * (name == label) for label in LABELS] for name in names], dtype=np.float32)
    assert [one[:3] for one in entities(tokens, logits)] == [(0, 3, "PERSON"), (3, 4, "PERSON"), (4, 5, "AGE")]


def test_the_extension_has_the_same_tables() -> None:
    text = REPOSITORY / "src" / "core" / "text"
    assert json.loads((text / "entities.json").read_text()) == list(TYPES)
    assert characters.TABLE.read_text() == characters.table_text()
