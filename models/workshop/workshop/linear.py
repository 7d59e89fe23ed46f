"""Command `linear`: models/injection-linear/model.json and reference.json, and the figures of its card."""

import json
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.linear_data import Example, fit_rows, harmless_rows, injection, is_usable, parallel_rows, phrase_rows
from workshop.linear_fit import Options, calibrate, fit
from workshop.linear_golden import golden_texts
from workshop.linear_text import STEP, VERSION, WINDOW, Model
from workshop.paths import MODELS, shown

LINEAR_MODEL = MODELS / "injection-linear"
TOLERANCE = 1e-6

PARALLEL_PER_LANG = 5000
PHRASES_PER_LANG = 300


def training_rows(data: Path) -> list[Example]:
    """All that the shipped model is fitted on."""
    return [
        *fit_rows(data),
        *harmless_rows(data),
        *parallel_rows(data, "help", PARALLEL_PER_LANG, held_out=False),
        *phrase_rows(PHRASES_PER_LANG, PHRASES_PER_LANG),
    ]


def development_rows(data: Path) -> list[Example]:
    """What was chosen and calibrated on: the sources that were fitted, other rows."""
    found = injection(data / "dev" / "injection.jsonl.gz")
    return [example for example, license_name in found if is_usable(example.source, license_name)]


def model_text(model: Model) -> str:
    """The model as JSON; the arrays stand in the order of the n-grams."""
    value = {
        "kind": "text-linear",
        "normaliser": VERSION,
        "window": WINDOW,
        "step": STEP,
        "intercept": model.intercept,
        "calibration": {"a": model.a, "b": model.b},
        "ngrams": model.ngrams,
        "idf": model.idf,
        "weights": model.weights,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_model(path: Path = LINEAR_MODEL / "model.json") -> Model:
    """The model in a file that `model_text` wrote; raises WorkshopError where it is of another kind."""
    value: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if [value["normaliser"], value["window"], value["step"]] != [VERSION, WINDOW, STEP]:
        raise WorkshopError(f"{shown(path)} was made for another reading of texts: make it anew by `linear`.")
    return Model(
        ngrams=tuple(value["ngrams"]),
        idf=tuple(value["idf"]),
        weights=tuple(value["weights"]),
        intercept=value["intercept"],
        a=value["calibration"]["a"],
        b=value["calibration"]["b"],
    )


def reference_text(model: Model) -> str:
    """The golden vectors as JSON: what every other implementation must reproduce to TOLERANCE."""
    vectors = [{"text": text, "score": round(model.score(text), 9)} for text in golden_texts()]
    value = {"producer": "workshop.linear_text (Python)", "tolerance": TOLERANCE, "vectors": vectors}
    return json.dumps(value, indent=1) + "\n"


def linear(data: Path, target: Path = LINEAR_MODEL) -> None:
    """Fit, calibrate and write the model with its golden vectors."""
    examples = training_rows(data)
    print(f"fitting on {len(examples)} texts, {sum(e.is_attack for e in examples)} of them attacks", flush=True)
    model = calibrate(fit(examples, Options()), development_rows(data))
    target.mkdir(parents=True, exist_ok=True)
    for name, text in (("model.json", model_text(model)), ("reference.json", reference_text(model))):
        path = target / name
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{shown(path)}: {path.stat().st_size} bytes")
