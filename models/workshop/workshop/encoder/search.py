"""Hyperparameters by Optuna (Akiba et al. 2019, arXiv:1907.10902), each trial recorded in MLflow's local files.

The reference's space and its budget: 50 trials or one hour, median pruning, a failed trial scores 0.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import mlflow
import optuna

from workshop.encoder.train import Plan

TRIALS = 50
SECONDS = 3600.0
BATCHES = (8, 16, 32, 64)
PARAMETERS = ("rate", "batch", "epochs", "warm_up", "decay")
_EXPERIMENT = "encoder"

Score = Callable[[Plan, Callable[[int, float], None]], float]
"""Fits by a plan and answers with the figure to be raised; tells each measurement to what it is given."""


def drawn(trial: optuna.Trial, base: Plan) -> Plan:
    """One point of the space."""
    return replace(
        base,
        rate=trial.suggest_float("rate", 1e-6, 1e-3, log=True),
        batch=trial.suggest_categorical("batch", BATCHES),
        epochs=trial.suggest_int("epochs", 1, 10),
        warm_up=trial.suggest_float("warm_up", 0.0, 0.2),
        decay=trial.suggest_float("decay", 0.0, 0.3),
    )


def search(score: Score, base: Plan, folder: Path, trials: int = TRIALS, seconds: float = SECONDS) -> Plan:
    """The best plan found; `folder` gets every run, `best.json`, and `importance.json`.

    One that was cut off goes on: `trials` and `seconds` are of all its parts together.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _open(folder)
    study = _study(folder, base.seed)
    ended = [trial for trial in study.trials if trial.state.is_finished()]
    spent = sum(trial.duration.total_seconds() for trial in ended if trial.duration)

    def objective(trial: optuna.Trial) -> float:
        plan = drawn(trial, base)
        with mlflow.start_run(run_name=f"trial-{trial.number}"):
            mlflow.log_params(asdict(plan))

            def tell(step: int, value: float) -> None:
                mlflow.log_metric("score", value, step=step)
                trial.report(value, step)
                if trial.should_prune():
                    raise optuna.TrialPruned

            return score(plan, tell)

    left = trials - len(ended)
    if left > 0 and spent < seconds:
        study.optimize(objective, n_trials=left, timeout=seconds - spent, catch=(RuntimeError, ValueError))
    best = drawn(optuna.trial.FixedTrial(study.best_params), base)
    importance = optuna.importance.get_param_importances(study) if len(study.trials) > 1 else {}
    for name, value in (("best", {**asdict(best), "score": study.best_value}), ("importance", importance)):
        (folder / f"{name}.json").write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    return best


def _study(folder: Path, seed: int) -> optuna.Study:
    storage = f"sqlite:///{folder.resolve() / 'study.db'}"
    study = optuna.create_study(
        study_name=_EXPERIMENT,
        storage=storage,
        direction="maximize",
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5),
    )
    # With the seed alone, what goes on would draw once more what it began with.
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    return study


def record(folder: Path) -> dict[str, Any]:
    """What a search found, small enough to be kept: every trial in its order, the best plan, what mattered."""
    _open(folder)
    runs = mlflow.search_runs(experiment_names=[_EXPERIMENT], output_format="list", order_by=["start_time"])
    trials = [
        {
            "name": run.info.run_name,
            **{name: float(run.data.params[name]) for name in PARAMETERS},
            "score": run.data.metrics.get("score"),
            "ended": run.info.status == "FINISHED",
            "seconds": round((run.info.end_time - run.info.start_time) / 1000) if run.info.end_time else None,
        }
        for run in runs
    ]
    kept = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("best", "importance")}
    return {"trials": trials, **kept}


def _open(folder: Path) -> None:
    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")  # newer versions would rather have a database
    mlflow.set_tracking_uri((folder / "mlruns").resolve().as_uri())
    mlflow.set_experiment(_EXPERIMENT)
