"""Which words raise a head's score the most: how far its logit falls, on average, when a word is taken out.

Of the words in at least `FEWEST` development rows, those that a ridge regression from words to the logit likes best are
taken out, one by one (occlusion). A word that ordinary page text hardly uses is told by its first letter alone.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import Ridge

from workshop.encoder.judge import Judge
from workshop.heads import HEADS, Head
from workshop.linear_metrics import short
from workshop.templates import templates
from workshop.text_data import page_rows, task_rows
from workshop.text_normalise import normalise

FEWEST = 20
"""Rows in which a word must stand."""
_ROWS = 2000
_CHARS = 400
_TRIED = 60
_OCCLUDED = 24
_TOLD = 15
_USED_ON_PAGES = 5
_WORD = r"(?u)\b[^\W\d_]{2,}\b"


def importance(judge: Judge, data: Path) -> dict[str, Any]:
    """Of each threat's head of the encoder alone: its words, the mean fall of the logit, and in how many rows."""
    common = _common(row.text for row in page_rows(data))
    return {head.task: _of_head(judge, head, data, common) for head in HEADS if head.category}


def _of_head(judge: Judge, head: Head, data: Path, common: frozenset[str]) -> dict[str, Any]:
    rows = task_rows(data, head, "dev")
    drawn = random.Random(15).sample(rows, min(_ROWS, len(rows)))
    texts = list(dict.fromkeys(row.text[:_CHARS] for row in drawn))
    logits = judge.says(texts, 1).logits[head.task][:, 0]
    found = []
    for word, places in _candidates(texts, logits):
        asked = random.Random(word).sample(places, min(_OCCLUDED, len(places)))
        left = judge.says([without(texts[at], word) for at in asked], 1).logits[head.task][:, 0]
        found.append((word, short((logits[asked] - left).mean()), len(places)))
    best = sorted(found, key=lambda one: -one[1])[:_TOLD]
    return {"rows": len(texts), "words": [[masked(word, common), fall, count] for word, fall, count in best]}


def _candidates(texts: Sequence[str], logits: np.ndarray) -> list[tuple[str, list[int]]]:
    """Words with the rows where they stand."""
    counter = CountVectorizer(binary=True, min_df=FEWEST, token_pattern=_WORD)
    try:
        seen = counter.fit_transform(texts).tocsc()
    except ValueError:  # no word stands in so many rows
        return []
    weights = Ridge(alpha=10.0).fit(seen, logits).coef_
    names = counter.get_feature_names_out()
    return [(str(names[at]), seen[:, at].nonzero()[0].tolist()) for at in np.argsort(-weights)[:_TRIED]]


def without(text: str, word: str) -> str:
    """Every place of the word taken out, in any case."""
    return re.sub(rf"\b{re.escape(word)}\b\s*", "", text, flags=re.IGNORECASE)


def _common(texts: Iterable[str]) -> frozenset[str]:
    """Words that ordinary pages use."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(re.findall(_WORD, text.lower())))
    return frozenset(word for word, count in counts.items() if count >= _USED_ON_PAGES)


def masked(word: str, common: frozenset[str]) -> str:
    """As it may stand in a card: whole where pages use it or it names a group of people, else its first letter."""
    terms = [source for by_lang in templates("identities").values() for source in by_lang.values()]
    names_a_group = any(re.fullmatch(source, normalise(word)) for source in terms)
    return word if word in common or names_a_group else f"{word[0]}…"
