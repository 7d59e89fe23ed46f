"""What the extension's own code (`src/cli/page-features.ts`) sees of passages."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workshop.errors import WorkshopError
from workshop.pages.twins import Passage
from workshop.paths import REPOSITORY

_COMMAND = ["node", "--import", "tsx", "src/cli/page-features.ts"]


class Seen:
    """Passage to its features, a row for each chunk; asked once for each that is different."""

    def __init__(self, passages: Sequence[Passage], repository: Path = REPOSITORY) -> None:
        """Needs Node.js and the repository's packages; raises WorkshopError where they fail."""
        known = list(dict.fromkeys(passages))
        done = subprocess.run(
            _COMMAND,
            cwd=repository,
            input="".join(f"{_line(one)}\n" for one in known),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            raise WorkshopError(f"src/cli/page-features.ts failed: {done.stderr.strip()[-500:]}")
        names, *rows = done.stdout.splitlines()
        self.names: list[str] = json.loads(names)
        self._rows = {one: np.array(json.loads(row)) for one, row in zip(known, rows, strict=True)}

    def of(self, passage: Passage) -> np.ndarray:
        """Chunks by features."""
        return self._rows[passage]


def _line(passage: Passage) -> str:
    structure = {"concealments": passage.place.concealments, "role": passage.place.role}
    return json.dumps({"text": passage.text, "structure": structure})
