"""Command `phishing`: models/url-phishing, fitted on what the extension's own code sees of each address."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from workshop.errors import WorkshopError
from workshop.paths import MODELS, shown
from workshop.phishing_data import (
    CHOOSE,
    FIT,
    FITTED,
    PERMISSIVE,
    POPULAR_HOSTS,
    UNSTATED,
    Row,
    feature_names,
    load,
    seen_by_extension,
)
from workshop.phishing_fit import Floats, Phishing, Sample, exported, fit, platt
from workshop.phishing_hash import matrix

FOLDER = MODELS / "url-phishing"
WARN = 0.8
"""The score that `core/policy.ts` warns from at the level `balanced`."""

MAX_FLAGGED = 0.0012
"""Of harmless hosts, and of harmless deep links, of the choosing bucket."""

_TOLERANCE = 1e-6
_HOSTILE = (
    "http://paypa1-login.top/",
    "https://xn--80ak6aa92e.com/",
    "http://user:secret@198.51.100.7:8080/a/b.php?x=%41%2f#f",
    "http://[2001:db8::1]/",
    "http://0x7f.1/",
    "https://bücher.example/straße?q=grüße",
    "https://日本語.jp/",
    "http://a/",
    "http://localhost:3000/",
    "https://example.com/" + "a" * 3000,
    "https://" + "a." * 60 + "example/",
    "https://www.example.com./%%341/?u=https%3A%2F%2Fb.example",
    "https://github.com/torvalds/linux/blob/master/README",
    "https://secure-account-verification.netlify.app/wp-admin/login.php",
    "https://en.wikipedia.org/wiki/Phishing?action=history",
)


@dataclass(frozen=True)
class Table:
    """All rows, as numbers."""

    rows: list[Row]
    grams: csr_matrix
    features: Floats
    labels: NDArray[np.int8]
    groups: NDArray[np.int64]

    def where(self, wanted: Iterable[bool]) -> NDArray[np.bool_]:
        """A mask from one truth a row."""
        return np.fromiter(wanted, bool, len(self.rows))


def table_of(rows: list[Row]) -> Table:
    """Everything that fitting and measuring need."""
    numbers: dict[str, int] = {}
    groups = [numbers.setdefault(row.seen["domain"], len(numbers)) for row in rows]
    return Table(
        rows,
        matrix([row.seen for row in rows]),
        np.array([row.seen["x"] for row in rows], float),
        np.array([row.label == "phishing" for row in rows], np.int8),
        np.array(groups),
    )


def fit_on(table: Table, sources: frozenset[str]) -> Phishing:
    """On the fitting buckets of `sources`, both classes weighing the same."""
    chosen = np.flatnonzero(table.where(row.source in sources and row.role == FIT for row in table.rows))
    labels = table.labels[chosen]
    weights = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1 - labels.mean()))
    return fit(Sample(table.grams[chosen], table.features[chosen], labels, table.groups[chosen], weights))


def threshold(table: Table, log_odds: Floats) -> float:
    """The log-odds that flag at most MAX_FLAGGED of harmless hosts and of harmless deep links."""
    harmless = table.where(row.role == CHOOSE and row.label == "benign" and row.source in FITTED for row in table.rows)
    deep = table.where(row.is_deep for row in table.rows)
    parts = (harmless & deep, harmless & ~deep)
    return max(float(np.quantile(log_odds[part], 1 - MAX_FLAGGED)) for part in parts)


def calibration(table: Table, log_odds: Floats) -> tuple[float, float]:
    """Platt's slope on the choosing bucket; the intercept puts the threshold at WARN, which fixes the prior."""
    chosen = table.where(row.role == CHOOSE and row.source in FITTED for row in table.rows)
    slope, _ = platt(log_odds[chosen], table.labels[chosen], 0.5)
    return slope, round(float(np.log(WARN / (1 - WARN)) - slope * threshold(table, log_odds)), 4)


def probabilities(log_odds: Floats, given: tuple[float, float]) -> Floats:
    """Calibrated."""
    return 1 / (1 + np.exp(-(given[0] * log_odds + given[1])))


def _cases(table: Table, model: Phishing, given: tuple[float, float]) -> list[dict[str, Any]]:
    kept = [row for row in table.rows if row.source in ("polkadot_scam", "free_programming_books") and row.bucket == 9]
    urls = [*_HOSTILE, *(row.url for row in kept[:: max(1, len(kept) // 150)])]
    seen = [(url, one) for url, one in zip(urls, seen_by_extension(urls), strict=True) if one]
    features = np.array([one["x"] for _, one in seen], float)
    scores = probabilities(model.log_odds(matrix([one for _, one in seen]), features), given)
    return [{"url": url, "score": round(float(score), 9)} for (url, _), score in zip(seen, scores, strict=True)]


def _written(path: Path, content: dict[str, Any], indent: int | None) -> None:
    path.write_text(json.dumps(content, indent=indent, separators=None if indent else (",", ":")) + "\n")
    print(f"{shown(path)}: {path.stat().st_size:,} bytes")


def phishing(data: Path, homepages: Path) -> None:
    """Write model.json and reference.json, and print the figures of the card."""
    from workshop.phishing_evaluate import report, samples_at  # only this command needs it

    if not homepages.exists():
        raise WorkshopError(f"{homepages} is absent: apt-cache dumpavail | sed -n 's/^Homepage: //p' | sort -u > FILE")
    table = table_of(load(data, homepages))
    model = fit_on(table, FITTED)
    log_odds = model.log_odds(table.grams, table.features)
    given = calibration(table, log_odds)
    FOLDER.mkdir(exist_ok=True)
    _written(FOLDER / "model.json", exported(model, feature_names(), given), None)
    reference = {"tolerance": _TOLERANCE, "cases": _cases(table, model, given)}
    _written(FOLDER / "reference.json", reference, 1)
    print(f"calibration {given}")
    report(table, probabilities(log_odds, given))
    for name, sources in (
        ("permissive rows alone", PERMISSIVE),
        ("and popular hosts", PERMISSIVE | frozenset(POPULAR_HOSTS)),
        ("permissive and unstated", PERMISSIVE | frozenset(UNSTATED)),
    ):
        other = fit_on(table, sources)
        scores = other.log_odds(table.grams, table.features)
        samples_at(table, f"fitted on {name}", scores >= threshold(table, scores))
