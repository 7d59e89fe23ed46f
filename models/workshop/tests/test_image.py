"""The image workshop on drawn shapes: it learns, goes on where it stopped, exports what it learned, and counts."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from workshop.errors import WorkshopError
from workshop.image_augment import augmented
from workshop.image_counts import count
from workshop.image_data import class_folders, open_rgb, positive_classes, stratified_folds

torch = pytest.importorskip("torch")
# These need torch themselves, and may be imported only where the line above has found it.

from workshop.image_network import FineTuned, Small  # noqa: E402
from workshop.image_pack import export_run  # noqa: E402
from workshop.image_train import Settings, platt, train  # noqa: E402
from workshop.network import session  # noqa: E402
from workshop.pack_network import PackNetwork  # noqa: E402

GIVEN = Settings(size=32, batch=16, rate=3e-3, epochs=6, patience=6, folds=3)


def _shape(kind: str, rng: np.random.Generator) -> Image.Image:
    colour, ground = (tuple(int(v) for v in rng.integers(low, low + 100, 3)) for low in (0, 150))
    image = Image.new("RGB", (48, 40), ground)
    draw, (x, y) = ImageDraw.Draw(image), rng.integers(4, 14, 2)
    if kind == "round":
        draw.ellipse((x, y, x + 24, y + 24), fill=colour)
    else:
        for offset in range(0, 24, 6):
            draw.line((x, y + offset, x + 24, y + offset), fill=colour, width=2)
    return image


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, rng = tmp_path_factory.mktemp("shapes"), np.random.default_rng(5)
    for kind in ("round", "striped"):
        (folder / kind).mkdir()
        for number in range(24):
            _shape(kind, rng).save(folder / kind / f"{number:02}.png")
    return folder


@pytest.fixture(scope="module")
def run(shapes: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("run")
    train(shapes, target, GIVEN, ["striped"])
    return target


def test_it_learns_shapes_and_says_how_well_fold_by_fold(run: Path) -> None:
    found = json.loads((run / "metrics.json").read_text())
    assert len(found["folds"]) == GIVEN.folds
    assert sum(fold["pictures"] for fold in found["folds"]) == 48
    assert found["all"]["accuracy"] >= 0.9
    assert found["calibration"]["a"] > 0


def test_a_run_that_was_broken_off_goes_on_to_the_same_end(shapes: Path, run: Path, tmp_path: Path) -> None:
    class StoppedError(Exception):
        """As if somebody pressed Ctrl-C."""

    from workshop import image_train

    whole = torch.save

    def save(state: object, path: Path) -> None:
        whole(state, path)
        if path.name == "fold-1.pt" and "epoch" in state and state["epoch"] == 3:  # type: ignore[operator,index]
            raise StoppedError

    image_train.torch.save = save
    try:
        with pytest.raises(StoppedError):
            train(shapes, tmp_path, GIVEN, ["striped"])
    finally:
        image_train.torch.save = whole
    assert not (tmp_path / "metrics.json").exists()
    train(shapes, tmp_path, GIVEN, ["striped"])
    assert (tmp_path / "metrics.json").read_text() == (run / "metrics.json").read_text()


def test_a_run_is_not_mixed_with_another(shapes: Path, run: Path) -> None:
    with pytest.raises(WorkshopError, match="other settings"):
        train(shapes, run, Settings(size=48), ["striped"])


def test_the_exported_pack_says_what_the_folds_say_together(shapes: Path, run: Path, tmp_path: Path) -> None:
    from workshop.image_network import network
    from workshop.image_train import best_of, predict

    target = tmp_path / "shapes.wardpack"
    card = export_run(run, target, "shapes", "Apache-2.0")
    assert card["positive"] == {"sexual": ["striped"]}
    pack, folders = PackNetwork.read(target), class_folders(shapes)
    rows = np.array([0, 1, 30, 47])
    members = []
    for number in range(GIVEN.folds):
        model = network(GIVEN.network, GIVEN.size, 2)
        model.load_state_dict(torch.load(best_of(run / f"fold-{number}.pt"), weights_only=True))
        members.append(predict(model, folders, rows, GIVEN))
    actual = [pack.classify(np.asarray(open_rgb(folders.paths[row]))) for row in rows]
    np.testing.assert_allclose(actual, np.mean(members, axis=0), atol=1e-4)
    scores = [pack.score(np.asarray(open_rgb(path))) for path in folders.paths]
    assert np.mean((np.array(scores) >= 0.5) == (folders.labels == 1)) >= 0.9


@pytest.mark.parametrize(
    ("make", "size"), [(lambda: Small(32, 3), 32), (lambda: FineTuned(3), 224), (lambda: FineTuned(5), 224)]
)
def test_a_network_and_its_file_say_the_same(make: Callable[[], torch.nn.Module], size: int) -> None:
    torch.manual_seed(3)
    model = make()
    batch = torch.rand(2, 3, size, size)
    # One step, so that what is exported is what was learned.
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    model.train()
    torch.nn.functional.cross_entropy(model(batch), torch.tensor([0, 2])).backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        expected = model(batch).numpy()
    (actual,) = session(model.onnx_bytes()).run(["logits"], {"input": batch.numpy()})
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-3)


def test_folds_keep_the_classes_shares() -> None:
    labels = np.repeat([0, 1], [40, 10])
    for rows, held in stratified_folds(labels, 5, 1):
        assert set(rows).isdisjoint(held)
        assert labels[held].sum() == 2
    with pytest.raises(WorkshopError, match="too few"):
        list(stratified_folds(np.array([0, 0, 0, 1]), 3, 1))


def test_augmentation_is_repeatable_and_varied() -> None:
    image = _shape("round", np.random.default_rng(1))
    variants = [augmented(image, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert variants[0].tobytes() == variants[1].tobytes()
    assert variants[0].tobytes() != variants[2].tobytes()


def test_a_score_that_orders_wrongly_is_not_turned_around() -> None:
    assert platt(np.array([0.9, 0.8, 0.1, 0.2]), np.array([False, False, True, True])) == (1.0, 0.0)
    a, _ = platt(np.array([0.9, 0.8, 0.1, 0.2]), np.array([True, True, False, False]))
    assert a > 0


@pytest.mark.parametrize(
    ("chosen", "match"), [(["round", "striped"], "not all"), (["other"], "which of"), (None, "which of")]
)
def test_what_is_positive_must_be_said(chosen: list[str] | None, match: str) -> None:
    with pytest.raises(WorkshopError, match=match):
        positive_classes(("round", "striped"), chosen)
    assert positive_classes(("neutral", "Porn"), None) == ["Porn"]


def test_counts_tell_no_name_and_no_score(shapes: Path, run: Path, tmp_path: Path) -> None:
    secret = tmp_path / "a-name-that-says-much"
    secret.mkdir()
    for path in sorted((shapes / "striped").iterdir())[:3]:
        (secret / f"private-{path.name}").write_bytes(path.read_bytes())
    (secret / "private-broken.jpg").write_bytes(b"no picture")
    target = tmp_path / "shapes.wardpack"
    export_run(run, target, "shapes", "Apache-2.0")
    text = "\n".join(count(tmp_path, target))
    assert "folder 1: 3 pictures, 1 unreadable" in text
    assert "shapes >= 0.5: 3 of 3" in text
    assert "private" not in text
    assert "a-name" not in text
