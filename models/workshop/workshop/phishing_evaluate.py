"""The figures of the phishing model's card: false alarms and recall by source, ablation, curve. Prints, and draws."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta
from sklearn.metrics import roc_auc_score

from workshop.paths import PUBLIC
from workshop.phishing import FOLDER, WARN, Table
from workshop.phishing_data import FITTED, TEST, Row
from workshop.phishing_fit import Floats
from workshop.phishing_plot import curve_svg

Mask = NDArray[np.bool_]

_LIST = PUBLIC / "lists" / "phishing.txt"


def _group(row: Row) -> str:
    kind = "link" if row.is_deep else "host"
    return f"{row.source}, {kind}{', fresh' if row.is_fresh else ''}"


def _listed(table: Table, path: Path = _LIST) -> Mask:
    """Hosts that the shipped list holds, or whose parent it holds."""
    lines = path.read_text(encoding="utf-8").split() if path.exists() else []
    known = {line for line in lines if not line.startswith("#")}
    return table.where(any(part in known for part in _parents(row.seen["host"])) for row in table.rows)


def _parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]


def _rules(table: Table) -> Floats:
    """The highest score of the lexical and the look-alike detector in any category."""
    lexical = np.array([max(row.seen["lexical"].values(), default=0.0) for row in table.rows])
    alike = np.array([(row.seen.get("imitation") or {}).get("score", 0.0) for row in table.rows])
    return np.maximum(lexical, alike)


def _interval(found: int, size: int) -> tuple[float, float]:
    """Clopper and Pearson's, 95 %."""
    low = float(beta.ppf(0.025, found, size - found + 1)) if found else 0.0
    high = float(beta.ppf(0.975, found + 1, size - found)) if found < size else 1.0
    return low, high


def _share(flags: Mask, mask: Mask) -> str:
    found, size = int(flags[mask].sum()), int(mask.sum())
    low, high = _interval(found, size)
    return f"{100 * found / size:.2f} % ({100 * low:.2f}-{100 * high:.2f}) | {found} of {size}"


def _held_out(table: Table) -> Mask:
    """Rows of no registrable domain that anything was fitted or chosen on."""
    used = {row.seen["domain"] for row in table.rows if row.source in FITTED and row.role != TEST}
    return table.where(row.seen["domain"] not in used for row in table.rows)


def samples_at(table: Table, name: str, flags: Mask) -> None:
    """One line: the share of each sample that is flagged."""
    samples = _samples(table, _held_out(table))
    print(f"{name} | {' | '.join(f'{100 * flags[mask].mean():.2f} %' for mask in samples.values())}")


def report(table: Table, scores: Floats) -> None:
    """Print every table of the card, and write curve.svg."""
    test = _held_out(table)
    rules, listed = _rules(table), _listed(table)
    whole = np.maximum(scores, rules)
    groups = sorted({_group(row) for row in table.rows})
    for label in ("benign", "phishing"):
        print(f"\n{label}, held out: source | model >= {WARN} (95 %) | rows | rules and model")
        for group in groups:
            mask = test & table.where(row.label == label and _group(row) == group for row in table.rows)
            if mask.sum() >= 50:
                print(f"{group} | {_share(scores >= WARN, mask)} | {_share(whole >= WARN, mask)}")
    _ablation(
        table,
        test,
        {"list": listed, "rules": rules >= WARN, "model": scores >= WARN, "whole": (whole >= WARN) | listed},
    )
    _curve(table, test, scores)


def _samples(table: Table, test: Mask) -> dict[str, Mask]:
    wanted: dict[str, Callable[[Row], bool]] = {
        "benign hosts": lambda row: row.label == "benign" and not row.is_deep and row.source in FITTED,
        "benign deep links": lambda row: row.label == "benign" and row.is_deep and row.source in FITTED,
        "of these, pages of 2015 (iscx)": lambda row: row.source == "iscx_url2016",
        "phishing of unseen domains, before October 2024": lambda row: (
            row.label == "phishing" and not row.is_fresh and row.source in FITTED
        ),
        "fresh crypto scams (polkadot)": lambda row: row.is_fresh and row.source == "polkadot_scam",
        "fresh phishing, OpenPhish (source never fitted)": lambda row: row.is_fresh and row.source == "openphish",
        "fresh phishing, JPCERT 2024-10 on and dev_ood": lambda row: row.is_fresh and row.source.startswith("jpcert"),
    }
    return {name: test & table.where(map(is_wanted, table.rows)) for name, is_wanted in wanted.items()}


def _ablation(table: Table, test: Mask, flags: dict[str, Mask]) -> None:
    print(f"\nsample | rows | {' | '.join(flags)}")
    for name, mask in _samples(table, test).items():
        shares = " | ".join(f"{100 * flag[mask].mean():.2f} %" for flag in flags.values())
        print(f"{name} | {mask.sum()} | {shares}")


def _curve(table: Table, test: Mask, scores: Floats) -> None:
    samples = _samples(table, test)
    harmless = scores[samples["benign hosts"] | samples["benign deep links"]]
    curves = {}
    rates = np.array([0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1])
    limits = np.quantile(harmless, 1 - rates)
    print(f"\nrecall where so many harmless are flagged | {' | '.join(f'{100 * rate:g} %' for rate in rates)} | AUC")
    for name, mask in samples.items():
        if not name.startswith(("phishing", "fresh")):
            continue
        recalls = np.array([(scores[mask] >= limit).mean() for limit in limits])
        truth = np.r_[np.zeros(len(harmless)), np.ones(mask.sum())]
        auc = roc_auc_score(truth, np.r_[harmless, scores[mask]])
        print(f"{name} | {' | '.join(f'{recall:.3f}' for recall in recalls)} | {auc:.3f}")
        curves[name] = recalls
    (FOLDER / "curve.svg").write_text(curve_svg(rates, curves), encoding="utf-8")
