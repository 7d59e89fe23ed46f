"""What the extension's own code (`src/cli/page-features.ts`) sees of passages."""

import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from workshop.errors import WorkshopError
from workshop.pages.twins import Passage
from workshop.paths import CACHE, REPOSITORY

_COMMAND = ["node", "--import", "tsx", "src/cli/page-features.ts", str(CACHE / "pages")]

_PROCESSES = 2
"""An encoder reads with one thread."""


class Seen:
    """Passage to its features, a row for each chunk; asked once for each that is different."""

    def __init__(self, passages: Sequence[Passage], repository: Path = REPOSITORY) -> None:
        """Needs Node.js and the repository's packages; raises WorkshopError where they fail."""
        known = list(dict.fromkeys(passages))
        shares = [known[at::_PROCESSES] for at in range(_PROCESSES)]
        with ThreadPoolExecutor(_PROCESSES) as pool:
            answers = list(pool.map(lambda share: _asked(share, repository), shares))
        self.names: list[str] = answers[0][0]
        found = {
            one: said
            for share, (_, rows) in zip(shares, answers, strict=True)
            for one, said in zip(share, rows, strict=True)
        }
        self._rows = {one: np.array(said["rows"]) for one, said in found.items()}
        self._heads = {one: said["heads"] for one, said in found.items() if "heads" in said}

    def of(self, passage: Passage) -> np.ndarray:
        """Chunks by features."""
        return self._rows[passage]

    def heads(self, passage: Passage) -> dict[str, Any]:
        """What the encoder said, under `heads`, where the cascade asked it."""
        return {"heads": self._heads[passage]} if passage in self._heads else {}


def _asked(passages: Sequence[Passage], repository: Path) -> tuple[list[str], list[dict[str, Any]]]:
    done = subprocess.run(
        _COMMAND,
        cwd=repository,
        input="".join(f"{_line(one)}\n" for one in passages),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise WorkshopError(f"src/cli/page-features.ts failed: {done.stderr.strip()[-500:]}")
    names, *rows = done.stdout.splitlines()
    return json.loads(names), [json.loads(row) for row in rows]


def _line(passage: Passage) -> str:
    structure = {"concealments": passage.place.concealments, "role": passage.place.role}
    return json.dumps({"text": passage.text, "structure": structure})
