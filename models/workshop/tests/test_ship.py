"""From a fitted encoder to the files, figures and card that ship, on a small sample of made-up rows."""

import json
from pathlib import Path

import numpy as np
import pytest
from made_rows import INJECTION, LANGUAGES, NER, write_data

from workshop.errors import WorkshopError
from workshop.heads import HEADS
from workshop.text_data import Row

torch = pytest.importorskip("torch")
pytest.importorskip("accelerate")
# These need torch themselves, and may be imported only where the lines above have found it.

from transformers import BertConfig, BertModel  # noqa: E402

from workshop import catalog  # noqa: E402
from workshop.encoder import compare, entity_figures, golden, hardness, importance, left_out, ship  # noqa: E402
from workshop.encoder.card import card  # noqa: E402
from workshop.encoder.evaluate import LEFT_OUT, evaluate  # noqa: E402
from workshop.encoder.export import export  # noqa: E402
from workshop.encoder.judge import of_files, of_model, remembering  # noqa: E402
from workshop.encoder.network import Encoder  # noqa: E402
from workshop.encoder.sets import Set  # noqa: E402
from workshop.encoder.vocabulary import train_vocabulary  # noqa: E402


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    export(MODEL, TOKENIZER, folder)
    (folder / "encoder.int8.onnx").write_bytes((folder / "encoder.onnx").read_bytes())
    file = {"type": "int8", "path": "encoder.int8.onnx", "success": True, "quantized_mb": 1.0, "time_ratio": 0.4}
    large = {"type": "half", "path": "encoder.half.onnx", "success": True, "quantized_mb": 99.0, "time_ratio": 0.1}
    files = [{**one, "losses": {"topic/accuracy": 0.001}, "error": None} for one in (large, file)]
    (folder / "quantization.json").write_text(json.dumps({"gate": 0.02, "files": files}))
    plan = {"rows": 1, "epochs": 1, "batch": 1, "rate": 1e-4, "decay": 0.1, "warm_up": 0.1, "seed": 42, "rank": 0}
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "log.jsonl").write_text('{"step": 1, "mean": 0.5, "topic/accuracy": 0.5}\n')
    (folder / "student.jsonl").write_text(
        json.dumps({"step": 9, "loss": 1, **{lang: {"cosine": 0.9, "found": 0.9} for lang in LANGUAGES}}) + "\n"
    )
    return folder


TOKENIZER = train_vocabulary([row["text"] for row in [*INJECTION, *NER]], 800)
torch.manual_seed(2)
MODEL = Encoder(
    BertModel(
        BertConfig(
            vocab_size=TOKENIZER.get_vocab_size(),
            hidden_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
        ),
        add_pooling_layer=False,
    ),
    {head.task: head.outputs for head in HEADS},
).eval()


@pytest.fixture
def shipped(run: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "text-encoder"
    # An encoder of noise gains nothing anywhere.
    monkeypatch.setattr(compare, "chosen_weight", lambda *_: 0.5)
    monkeypatch.setattr(entity_figures, "PER_LANGUAGE", 5)
    monkeypatch.setattr(ship, "SHIPPED", folder)
    monkeypatch.setattr(ship, "STUDENT_LOG", run / "student.jsonl")
    ship.ship(run, data, folder)
    return folder


def test_what_ships_is_the_fastest_file_that_fits_with_all_it_needs(shipped: Path, run: Path) -> None:
    assert (shipped / "encoder.onnx").read_bytes() == (run / "encoder.int8.onnx").read_bytes()
    row = catalog._encoder_row(shipped.parent)
    assert {Path(file["path"]).name for file in row["files"]} <= {path.name for path in shipped.iterdir()}
    assert [head["task"] for head in row["heads"]] == [head.task for head in HEADS]
    for head in row["heads"]:
        assert ("askFrom" in head) == ("category" in head) == (not head["classes"])
    assert json.loads((shipped / "reference.json").read_text())["tolerance"] == golden.ROUNDED_TOLERANCE
    assert json.loads((shipped / "reference.json").read_text())["vectors"]


def test_a_language_of_few_pages_has_no_limit_of_its_own() -> None:
    counts = {"en": 400, "de": 200, "it": ship.FEWEST_PAGES - 1}
    rows = [Row("", 0, lang, "", "", "") for lang, count in counts.items() for _ in range(count)]
    levels = {"en": 0, "de": 1, "it": -1}
    linear = np.array([[levels[row.lang]] for row in rows], np.float32)
    limits = ship.ask_from(Set("pages", rows, linear, linear), active=1)
    found = {lang: round(float(np.log(limit / (1 - limit)))) for lang, limit in limits.items()}
    assert found == {"de": 1, "en": 0, "it": 1}


def test_linear_heads_answer_nine_of_ten_pages_alone(shipped: Path) -> None:
    figures = json.loads((shipped / "figures.json").read_text())
    assert figures["cascade"]["pagesAnswered"] >= 0.9
    assert set(figures["cascade"]["threatsLost"]) == {head.task for head in HEADS if head.category}


def test_what_it_bears_is_measured_and_told_by_the_card(
    shipped: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((hardness, "_RANDOM"), (hardness, "_LONG_TEXTS"), (hardness, "_FEWEST")):
        monkeypatch.setattr(module, name, 10)
    monkeypatch.setattr(left_out, "_ROWS", 300)
    for name in ("_TRIED", "_OCCLUDED"):
        monkeypatch.setattr(importance, name, 5)
    by_weight = {"0.0": 0.5, "1.0": 0.75}
    without = {"threats": 7, "harmless": 9, "fitted": 5, "steps": 3, "auc": by_weight, "recallAt1": by_weight}
    (shipped / LEFT_OUT).write_text(json.dumps({"injection": {"elsewhere": without}}))
    evaluate(shipped, MODEL, (of_files(shipped), of_model(MODEL, TOKENIZER)), TOKENIZER, data)
    found = json.loads((shipped / "figures.json").read_text())
    assert set(found["shift"]) == {head.task for head in HEADS}
    assert set(found["parity"]) == {"toxicity", "hate", "offensive"}
    words = [word for one in found["importance"].values() for word in one["words"]]
    assert set(found["importance"]) == {head.task for head in HEADS if head.category}
    assert words and all(count >= importance.FEWEST for _, _, count in words)
    steps = found["hardness"]["gradient"]["fgsm"]
    assert steps["0"] >= steps["0.1"]
    assert found["leftOut"]["injection"]
    card(shipped)
    told = (shipped / "MODEL_CARD.md").read_text()
    for head in HEADS:
        assert f"**{head.task}**" in told
    assert "{" not in told
    assert "| injection | elsewhere | 7 | 9 | 0.500 | 0.750 |" in told
    assert (shipped / "curves.svg").read_text().count("<polyline") == 6
    assert (shipped / "words.svg").read_text().count("<rect") == 1 + len(words)


def test_without_gains_nothing_ships(run: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "chosen_weight", lambda *_: 0.0)
    with pytest.raises(WorkshopError, match="the linear half serves"):
        ship.ship(run, data, tmp_path / "text-encoder")
    assert not (tmp_path / "text-encoder").exists()


def test_a_remembering_judge_says_the_same_and_reads_once(run: Path) -> None:
    judge = of_files(run)
    kept = remembering(judge)
    texts = [row["text"] for row in INJECTION[:5]]
    first, again = kept.says(texts), kept.says([*reversed(texts)])
    for task, logits in judge.says(texts).logits.items():
        assert abs(first.logits[task] - logits).max() < 1e-5
        assert (again.logits[task][::-1] == first.logits[task]).all()
