"""A data folder of made-up rows, small enough that everything can be measured on it in seconds."""

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

from workshop.encoder.pii import sentences
from workshop.heads import INTENTS, SENTIMENTS, TOPICS
from workshop.templates import spoken, templates

LANGUAGES = ("en", "de", "es", "fr", "it")
Rows = list[dict[str, Any]]


def of(kind: str, lang: str = "en", count: int = 60) -> list[str]:
    return spoken(templates("injection")[kind][lang], count, 3)


def rows(texts: list[str], **what: object) -> Rows:
    return [{"text": text, "lang": "en", "source": "made", "license": "MIT", **what} for text in texts]


def classes(names: tuple[str, ...]) -> Rows:
    texts = of("harmless", count=max(60, 4 * len(names)))
    return [row | {"label": name} for row, name in zip(rows(texts), itertools.cycle(names), strict=False)]


INJECTION = [
    *rows(of("attacks"), label="attack"),
    *rows(of("harmless"), label="benign"),
    *rows(of("attacks", "de"), label="attack", source="elsewhere", lang="de"),
    *rows(of("harmless", "de"), label="benign", source="elsewhere", lang="de"),
]
TOXICITY = [
    *rows(of("attacks"), label="offensive", toxic=1, hate=1),
    *rows(of("harmless"), label="clean", toxic=0, hate=0),
]
NER = [
    {
        "text": one.text,
        "lang": one.lang,
        "source": "made",
        "license": "MIT",
        "spans": [
            {"start": span.start, "end": span.end, "type": "PERSON"} for span in one.spans if span.type == "PERSON"
        ],
    }
    for one in sentences("fit", 20, 5)
]
PARALLEL = [
    {"en": en, "text": text, "lang": lang, "source": source}
    for source in ("help", "packages")
    for lang in LANGUAGES[1:]
    for en, text in zip(of("harmless"), of("harmless", lang), strict=False)
]


def write_data(folder: Path) -> Path:
    """Every file that the heads are fitted and measured on."""
    files: dict[str, Rows] = {
        "injection": INJECTION,
        "toxicity": TOXICITY,
        "category": classes(TOPICS),
        "sentiment": classes(SENTIMENTS),
        "intent": classes(INTENTS),
        "ner": NER,
    }
    named = {f"{split}/{name}": found for split in ("train", "dev") for name, found in files.items()}
    for name, found in {**named, "parallel": PARALLEL, "dev_ood/injection.other": INJECTION[::3]}.items():
        path = folder / f"{name}.jsonl.gz"
        path.parent.mkdir(exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in found)
    return folder
