"""Command `ordinary`: what the product itself says of neutral photographs, so that a score can be read as a rank.

No positives could be had, so a score is no probability. What can be said of one is how many ordinary photographs score
lower. The extension's own pipeline is asked, by way of `inspect`, so that the table holds for what ships.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from workshop.errors import WorkshopError
from workshop.evaluate import photographs
from workshop.paths import MODELS, REPOSITORY, shown

_FILE = MODELS / "ordinary.json"


def scores_of(lines: list[str]) -> list[float]:
    """The scores for `sexual` in the lines of `inspect --jsonl`, ascending, to four digits."""
    answers = [json.loads(line) for line in lines]
    failed = [answer for answer in answers if "error" in answer]
    if failed:
        raise WorkshopError(
            f"{len(failed)} photographs could not be judged, the first: {failed[0]['error']['message']}"
        )
    return sorted(round(float(answer["scores"]["sexual"]), 4) for answer in answers)


def ordinary(folder: Path) -> None:
    """Write models/ordinary.json, and print how many photographs are withheld and how many needed a second network."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as rows:
        rows.writelines(json.dumps({"image": str(path.resolve())}) + "\n" for path in photographs(folder))
        rows.flush()
        command = ["node", "--import", "tsx", "src/cli/inspect.ts", "--jsonl", rows.name]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if not lines:
        raise WorkshopError(f"inspect gave no answer: {done.stderr.strip()}")
    scores = scores_of(lines)
    _FILE.write_text(json.dumps({"photographs": len(scores), "scores": scores}) + "\n")
    answers = [json.loads(line) for line in lines]
    withheld = [answer["action"] for answer in answers].count("blur")
    asked = sum(any(item["detector"] == "image/skin" for item in answer["evidence"]) for answer in answers)
    print(f"{shown(_FILE)}: {len(scores)} photographs, {withheld} of them withheld at the default level")
    print(f"{asked} of them were left open by the first network")
