"""The encoder's heads on a small sample, from lessons to 8-bit files."""

import dataclasses
import json
import random
from pathlib import Path

import numpy as np
import pytest

from workshop.encoder.lessons import Lesson
from workshop.encoder.pii import LABELS, Span
from workshop.errors import WorkshopError
from workshop.heads import HEADS

pytest.importorskip("torch")
pytest.importorskip("accelerate")
# These need torch themselves, and may be imported only where the lines above have found it.

import torch
from small_encoder import FOUND, PLAN, TEXTS, TOKENIZER, accuracy, fresh, watched

from workshop.encoder import checkpoint, lora
from workshop.encoder.dev import Figures
from workshop.encoder.examples import NO_NAME, UNKNOWN, Example, examples, labels_of, window_of
from workshop.encoder.export import export
from workshop.encoder.judge import of_files, of_model
from workshop.encoder.loss import token_loss
from workshop.encoder.network import Encoder
from workshop.encoder.quantize import WAYS, quantize
from workshop.encoder.reading import tokens_of
from workshop.encoder.train import Run, plan_for, rate_at


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Encoder, Path, Figures]:
    model, folder = fresh(), tmp_path_factory.mktemp("run")
    return model, folder, Run(model, TOKENIZER, lambda _: FOUND, PLAN, folder).fit(watched)


def test_it_learns_what_it_is_shown_and_keeps_a_curve(fitted: tuple[Encoder, Path, Figures]) -> None:
    model, folder, figures = fitted
    assert figures["injection/accuracy"] > 0.9
    assert watched(model) == figures
    assert (folder / "log.jsonl").read_text().count("\n") == PLAN.epochs


def test_a_run_that_was_cut_off_ends_like_one_that_was_not(tmp_path: Path) -> None:
    plan = dataclasses.replace(PLAN, epochs=2)
    whole, halved, again = fresh(0.0), fresh(0.0), fresh(0.0)
    Run(whole, TOKENIZER, lambda _: FOUND, plan, tmp_path / "whole").fit(watched)
    Run(halved, TOKENIZER, lambda _: FOUND, plan, tmp_path / "halved").fit(watched, until=len(FOUND) // PLAN.batch // 2)
    Run(again, TOKENIZER, lambda _: FOUND, plan, tmp_path / "halved").fit(watched)
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], value, rtol=1e-3, atol=1e-4, msg=name)


def test_each_pass_draws_its_own_rows_once(tmp_path: Path) -> None:
    passes: list[int] = []

    def draw(epoch: int) -> list[Example]:
        passes.append(epoch)
        return FOUND[: 64 - 16 * epoch]

    Run(fresh(), TOKENIZER, draw, dataclasses.replace(PLAN, epochs=2), tmp_path).fit(watched)
    assert passes == [0, 0, 1]
    assert [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").open()] == [4, 8]


def test_where_only_names_are_marked_any_other_label_is_right() -> None:
    logits = torch.zeros(2, len(LABELS))
    logits[0, LABELS.index("B-DATE_TIME")] = 20
    logits[1, LABELS.index("B-PERSON")] = 20
    nameless, outside = torch.full((2,), NO_NAME), torch.zeros(2, dtype=torch.long)
    assert float(token_loss(logits[:1], nameless[:1])) < 1e-3 < float(token_loss(logits[:1], outside[:1]))
    assert float(token_loss(logits[1:], nameless[1:])) > 10
    assert float(token_loss(logits, torch.full((2,), UNKNOWN))) == 0


def test_an_altered_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    checkpoint.save({"step": 1}, path)
    assert checkpoint.load(path) == {"step": 1}
    path.write_bytes(path.read_bytes() + b"0")
    with pytest.raises(WorkshopError, match="not the checkpoint"):
        checkpoint.load(path)


def test_low_rank_paths_begin_as_nothing_and_merge_into_what_they_learnt() -> None:
    model = fresh().eval()
    given = [torch.tensor([[2, 9, 8, 3]]), torch.ones(1, 4).long(), torch.zeros(1, 4).long()]
    before = model(*given)[0]
    lora.adapt(model.trunk, 4)
    torch.testing.assert_close(model.eval()(*given)[0], before)
    for layer in model.modules():
        if isinstance(layer, lora.LowRank):
            torch.nn.init.normal_(layer.b, std=0.1)
    learnt = model.eval()(*given)[0]
    assert not torch.allclose(learnt, before)
    lora.merge(model.trunk)
    torch.testing.assert_close(model.eval()(*given)[0], learnt, rtol=1e-4, atol=1e-5)
    assert all(one.requires_grad for one in model.parameters())


def test_low_rank_fitting_learns_too(fitted: tuple[Encoder, Path, Figures], tmp_path: Path) -> None:
    model = fresh()
    model.trunk.load_state_dict(fitted[0].trunk.state_dict())
    figures = Run(model, TOKENIZER, lambda _: FOUND, dataclasses.replace(PLAN, rank=8, epochs=2), tmp_path).fit(watched)
    assert figures["injection/accuracy"] > 0.9


def test_labels_begin_once_and_go_on() -> None:
    text = "Anna Schmidt, Berlin"
    tokens = tokens_of(TOKENIZER, text)
    labels = [LABELS[at] for at in labels_of(tokens, [Span(0, 12, "PERSON"), Span(14, 20, "GPE")])]
    assert labels[0] == "B-PERSON"
    assert labels.count("B-PERSON") == 1 == labels.count("B-GPE")
    assert [LABELS[0]] == [label for token, label in zip(tokens, labels, strict=True) if text[token.start] == ","]


def test_long_texts_are_read_in_one_window() -> None:
    long = examples([Lesson("word " * 400, {"injection": 1}, None, "en", "own")], TOKENIZER)[0]
    assert {len(window_of(long, random.Random(seed))) for seed in range(20)} == {126}
    assert long.answers.count(UNKNOWN) == len(HEADS) - 1


def test_plans_follow_the_size_of_the_data() -> None:
    assert [plan_for(rows).epochs for rows in (999, 4999, 5000)] == [2, 3, 4]
    assert rate_at(0.0, 0.1) == 0 and rate_at(0.1, 0.1) == 1 and rate_at(1.0, 0.1) == 0.02


def test_files_say_what_the_model_says_and_fewer_bits_are_measured(
    fitted: tuple[Encoder, Path, Figures], tmp_path: Path
) -> None:
    model, _, figures = fitted
    export(model, TOKENIZER, tmp_path)
    texts = [text for text, _ in TEXTS[::9]] + ["", "word " * 300]
    ours, theirs = of_model(model, TOKENIZER).says(texts), of_files(tmp_path).says(texts)
    for task, logits in ours.logits.items():
        np.testing.assert_allclose(logits, theirs.logits[task], atol=0.1, err_msg=task)
    records = quantize(tmp_path, [text for text, _ in TEXTS], accuracy)
    assert [record.type for record in records] == list(WAYS)
    for record in records:
        assert (tmp_path / record.path).exists() == record.success
        assert record.success == (record.figures["injection/accuracy"] >= 0.98 * figures["injection/accuracy"])


def test_a_way_that_costs_too_much_is_refused(fitted: tuple[Encoder, Path, Figures], tmp_path: Path) -> None:
    export(fitted[0], TOKENIZER, tmp_path)
    calls = iter([1.0, *(0.97 for _ in WAYS)])
    with pytest.raises(WorkshopError, match="Every way"):
        quantize(tmp_path, [text for text, _ in TEXTS], lambda _: {"injection/auc": next(calls)})
    assert not list(tmp_path.glob("encoder.*.onnx"))
