"""How the encoder came to be, as tables of its card: the student, the fits, the search, the trials."""

from collections.abc import Sequence

from workshop.encoder.card_tables import Figures, three
from workshop.linear_tables import table

_BOTH = ("this fit", "the one before")


def student(log: Sequence[Figures]) -> str:
    """How near the student came to its teacher, by language."""
    last = log[-1]
    rows = [[lang, three(last[lang]["cosine"]), three(last[lang]["found"])] for lang in ("en", "de", "es", "fr", "it")]
    return f"After {last['step']:,} steps of 32 pairs, on pairs held back:\n\n" + table(
        ("language", "cosine to the teacher's English", "own English found among 300"), rows
    )


def fitting(fit: Figures) -> str:
    """Plan and curve of one fit."""
    plan = (
        f"{'Gone on from the best of the fit before. ' if fit.get('after') else ''}"
        f"{fit['rows']:,} lessons a pass, {fit['epochs']:g} passes, {fit['batch']} a step, rate {fit['rate']:g}, "
        f"weight decay {fit['decay']:g}, warm-up {fit['warm_up']:g}, seed {fit['seed']}; "
        f"{_fitted(fit)}."
    )
    names = [name for name in fit["log"][-1] if name not in ("step", "mean")]
    rows = [[f"{one['step']:,}", *(three(one[name]) for name in names)] for one in fit["log"]]
    if blend := fit.get("blended"):
        rows.append(
            [f"mean of the weights of {', '.join(fit.get('of', _BOTH))}", *(three(blend[name]) for name in names)]
        )
    return f"{plan} Development, on the first window of 600 rows a head:\n\n" + table(("step", *names), rows)


def _fitted(fit: Figures) -> str:
    if fit["rank"]:
        return f"LoRA of rank {fit['rank']}"
    return "the whole trunk" + (" but its word embeddings" if fit.get("keeps_embeddings") else "")


def searched(found: Figures) -> str:
    """Every trial of a search for the plan of a fit, and the share that each parameter has in the differences."""
    rows = [
        [
            f"{one['rate']:.2g}",
            *(f"{one[name]:.3g}" for name in ("batch", "epochs", "warm_up", "decay")),
            three(one["score"]),
            "" if one["ended"] else "broken off",
        ]
        for one in found["trials"]
    ]
    return table(("rate", "batch", "passes", "warm-up", "decay", "mean of all figures", ""), rows)


def trials_table(found: Figures) -> str:
    """Other trunks and ways beside each other."""
    names = list(found)
    rows = [
        [half, figure, *(three(found[name][half].get(figure)) for name in names)]
        for half in ("english", "others")
        for figure in found[names[0]][half]
    ]
    ways = [f"{name} (LoRA, rank {found[name]['rank']})" if found[name]["rank"] else name for name in names]
    return table(("rows", "figure", *ways), rows)
