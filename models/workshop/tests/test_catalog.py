"""The catalogue says what lies on disk."""

import json
import re
from pathlib import Path

import pytest

from workshop.catalog import catalog_text
from workshop.described import NETWORKS
from workshop.errors import WorkshopError
from workshop.paths import MODELS

COMMITTED = (MODELS / "catalog.json").read_text()


def test_the_committed_catalogue_is_what_the_files_give() -> None:
    assert catalog_text() == COMMITTED


def test_every_model_folder_is_described_and_has_its_card() -> None:
    others = (
        *("workshop", "self-check", "test-card", "text-measures", "nsfw-inception-v3"),
        *("page-injection", "relapse-risk"),
    )
    folders = {path.name for path in MODELS.iterdir() if path.is_dir() and path.name not in others}
    rows = {row["id"]: row for row in json.loads(COMMITTED)["models"]}
    assert folders == set(rows)
    for name, row in rows.items():
        card = (MODELS / name / "MODEL_CARD.md").read_text()
        assert all(file["sha256"] in card for file in row["files"])
        assert re.fullmatch(r"\d+\.\d+\.\d+", row["version"])


def test_an_image_network_has_one_file_a_provider_and_says_how_pixels_enter() -> None:
    rows = [row for row in json.loads(COMMITTED)["models"] if row["kind"] == "image"]
    assert [row["id"] for row in rows] == [network.id for network in NETWORKS]
    for row in rows:
        assert sorted(file["provider"] for file in row["files"]) == ["wasm", "webgpu"]
        assert set(row["positive"]) < set(row["output"]["classes"])
        assert row["input"]["channels"] in ("RGB", "BGR")
        assert row["input"]["layout"] == "NCHW"
        assert len(row["input"]["mean"]) == 3


def test_a_missing_file_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match=r"model\.onnx is absent"):
        catalog_text(tmp_path, tmp_path)
