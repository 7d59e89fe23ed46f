"""The package's own rules: ruff has nothing to say, no file is long."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_has_nothing_to_say(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--no-cache", "workshop", "tests"],
        cwd=PACKAGE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_longer_than_200_lines() -> None:
    files = [path for folder in ("workshop", "tests") for path in (PACKAGE / folder).rglob("*.py")]
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text().splitlines()) for path in files}
    assert "workshop/encoder/command.py" in lengths
    assert {name: length for name, length in lengths.items() if length > 200} == {}
