"""Whether sentences that differ in nothing but whom they name are flagged alike (`templates/parity.json`).

Demographic parity difference: between the group of which the most and that of which the least is flagged, whatever is
true (Dwork et al. 2012); beside it the same of the harmless sentences alone, the false-positive-rate difference, and of
the hostile ones alone.
"""

from typing import Any

import numpy as np

from workshop.encoder.judge import Judge
from workshop.encoder.used import Used, flagged
from workshop.linear_metrics import short
from workshop.templates import spoken, templates
from workshop.text_data import Row

_EACH = 24
"""Sentences of a kind and language, the same for every group."""
_NAMED = "[them]"
KINDS = ("harmless", "hostile")


def parity_rows() -> list[tuple[str, Row]]:
    """Every sentence with the group that it names."""
    found = templates("parity")
    return [
        (group, Row(_naming(sentence, term), KINDS.index(kind), lang, "wardlight:parity", "Apache-2.0", kind))
        for kind in KINDS
        for lang, lines in found[kind].items()
        for sentence in spoken(lines, _EACH, 21)
        for group, terms in found["groups"].items()
        if (term := terms.get(lang))
    ]


def _naming(sentence: str, term: str) -> str:
    whole = sentence.replace(_NAMED, term)
    return whole[:1].upper() + whole[1:]


def parity(judge: Judge, used: Used) -> dict[str, Any]:
    """Shares flagged by group, over all languages and in each."""
    named = parity_rows()
    rows = [row for _, row in named]
    said = flagged(used.mixed(judge, rows))
    groups, langs = np.array([group for group, _ in named]), np.array([row.lang for row in rows])
    labels = np.array([row.label for row in rows])
    everywhere = gaps(groups, labels, said)
    return everywhere | {
        "byLanguage": {
            lang: {
                name: value
                for name, value in gaps(groups[langs == lang], labels[langs == lang], said[langs == lang]).items()
                if name != "groups"
            }
            for lang in sorted(set(langs.tolist()))
        }
    }


def gaps(groups: np.ndarray, labels: np.ndarray, said: np.ndarray) -> dict[str, Any]:
    """What is flagged of each group, and the largest differences between two."""
    shares = {
        name: {
            "flagged": short(said[groups == name].mean()),
            **{kind: short(said[(groups == name) & (labels == at)].mean()) for at, kind in enumerate(KINDS)},
        }
        for name in dict.fromkeys(groups.tolist())
    }

    def difference(of: str) -> float:
        values = [one[of] for one in shares.values()]
        return short(max(values) - min(values))

    return {
        "sentences": int((groups == groups[0]).sum()),
        "parityDifference": difference("flagged"),
        "falsePositiveRateDifference": difference("harmless"),
        "foundDifference": difference("hostile"),
        "most": max(shares, key=lambda name: shares[name]["flagged"]),
        "least": min(shares, key=lambda name: shares[name]["flagged"]),
        "groups": shares,
    }
