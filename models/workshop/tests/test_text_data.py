"""What a head of several classes is fitted on: its own rows, their answers, and sentences of this project."""

import gzip
import json
from pathlib import Path

from workshop.heads import TOPICS, head_of
from workshop.templates import spoken, templates
from workshop.text_data import fit_rows

_ASKED = {"text": "Which organelle makes energy?", "options": ["the nucleus", "the mitochondrion"]}
_PAGE = {"text": "A page about markets.", "options": None}


def _written(folder: Path, rows: list[dict[str, object]]) -> Path:
    (folder / "train").mkdir()
    with gzip.open(folder / "train" / "category.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_answers_are_of_the_question_s_topic_and_licence(tmp_path: Path) -> None:
    own = {"lang": "en", "source": "mmlu", "license": "MIT"}
    rows = [
        {**own, **_ASKED, "label": "biology"},
        {**own, **_PAGE, "label": "economics"},
        {**own, **_ASKED, "text": "May nobody use?", "label": "law", "license": "CC-BY-NC-SA-4.0"},
    ]
    found = [row for row in fit_rows(_written(tmp_path, rows), head_of("topic")) if row.source == "mmlu"]
    assert [(row.text, TOPICS[row.label], row.kind) for row in found] == [
        ("Which organelle makes energy?", "biology", ""),
        ("A page about markets.", "economics", ""),
        ("Which organelle makes energy? the nucleus the mitochondrion", "biology", "answers"),
    ]


def test_every_topic_is_spoken_of_in_five_languages() -> None:
    lines = templates("topic")
    assert tuple(sorted(lines)) == TOPICS
    for languages in lines.values():
        assert {language: len(spoken(own, 60, seed=42)) for language, own in languages.items()} == dict.fromkeys(
            ("en", "de", "es", "fr", "it"), 60
        )


def test_no_topic_template_spells_a_sentence_of_the_reference() -> None:
    for topic, languages in templates("topic").items():
        assert not any("antitrust" in line.casefold() for line in languages["en"]), topic
