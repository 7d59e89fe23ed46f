"""The npm package is read in Python exactly as Node would read it."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from workshop import source
from workshop.errors import WorkshopError


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("{a:1,$b_2:[!0,!1,null]}", {"a": 1, "$b_2": [True, False, None]}),
        ("{min:-.5,scale:.25,big:1e-3,whole:-12.75}", {"min": -0.5, "scale": 0.25, "big": 0.001, "whole": -12.75}),
        ('{text:"a:b,!0 .5 \\"c\\""}', {"text": 'a:b,!0 .5 "c"'}),
        ('{"quoted":{}}', {"quoted": {}}),
    ],
)
def test_a_minified_literal_becomes_json(literal: str, value: object) -> None:
    assert json.loads(source.json_of_literal(literal)) == value


def test_a_module_without_a_literal_is_refused() -> None:
    with pytest.raises(WorkshopError, match="exports no literal"):
        source.exported_value("module.exports=f()")


def test_another_content_under_the_same_name_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    forged = tmp_path / "forged.tgz"
    inside = tmp_path / "model.min.js"
    inside.write_text("a.exports={}")
    with tarfile.open(forged, "w:gz") as archive:
        archive.add(inside, "package/dist/models/mobilenet_v2/model.min.js")
    monkeypatch.setattr(source, "fetch", lambda: forged)
    with pytest.raises(WorkshopError, match="not the file that was recorded"):
        source.model_json()


def test_node_reads_the_same_topology(model_json: dict[str, Any], tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node is not None, "node is needed: install Node.js 20 or later"
    module = tmp_path / "model.cjs"
    module.write_bytes(source.member("package/dist/models/mobilenet_v2/model.min.js"))
    script = "process.stdout.write(JSON.stringify(require(process.argv[1])))"
    output = subprocess.run([node, "-e", script, str(module)], capture_output=True, check=True).stdout
    assert json.loads(output) == model_json
