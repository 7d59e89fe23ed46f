"""Fitting and measuring with scikit-learn: arrays in, `linear_text.Model` and figures out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_score

from workshop.linear_data import Example
from workshop.linear_text import Model, normalise, windows

SEED = 42
DIGITS = 4
"""Significant digits of every stored weight."""


@dataclass(frozen=True)
class Options:
    """What was chosen on the development rows. The reference has C 1 and selects by the F value."""

    max_features: int = 5000
    k: int = 1000
    c: float = 10.0
    l1_ratio: float = 0.0
    sublinear: bool = True
    balanced: bool = False
    by_f_value: bool = False


def pieces(examples: Sequence[Example]) -> tuple[list[str], np.ndarray, np.ndarray]:
    """All windows, whether each comes of an attack, and which example it comes of."""
    found = [
        (window, example.is_attack, i)
        for i, example in enumerate(examples)
        for window in windows(normalise(example.text))
    ]
    texts, labels, owners = zip(*found, strict=True)
    return list(texts), np.array(labels), np.array(owners)


def fit(examples: Sequence[Example], options: Options) -> Model:
    """TF-IDF over the most frequent n-grams, the best `k` of them, and a logistic regression.

    The chosen n-grams are weighed once more on their own, so that the others need not be shipped.
    """
    texts, labels, _ = pieces(examples)
    counter = _counter(max_features=options.max_features)
    counts = counter.fit_transform(texts)
    wide = TfidfTransformer(sublinear_tf=options.sublinear).fit_transform(counts)
    scorer = f_classif if options.by_f_value else _importance(options)
    support = SelectKBest(scorer, k=min(options.k, counts.shape[1])).fit(wide, labels).get_support()
    narrow = TfidfTransformer(sublinear_tf=options.sublinear)
    features = narrow.fit_transform(counts[:, support])
    classifier = _classifier(options).fit(features, labels)
    return Model(
        ngrams=tuple(counter.get_feature_names_out()[support]),
        idf=_rounded(narrow.idf_),
        weights=_rounded(classifier.coef_[0]),
        intercept=_rounded(classifier.intercept_)[0],
    )


def cross_validated_f1(examples: Sequence[Example], options: Options) -> float:
    """Mean F1 of five stratified folds over windows, in the chosen n-grams."""
    texts, labels, _ = pieces(examples)
    features = TfidfTransformer(sublinear_tf=options.sublinear).fit_transform(
        _counter(vocabulary=fit(examples, options).ngrams).transform(texts)
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=SEED)
    return float(cross_val_score(_classifier(options), features, labels, cv=folds, scoring="f1").mean())


def logits(model: Model, examples: Sequence[Example]) -> np.ndarray:
    """What `Model.logit` gives of each example, many at a time."""
    texts, _, owners = pieces(examples)
    counts = _counter(vocabulary=model.ngrams).transform(texts)
    counts.data = (1 + np.log(counts.data)) * np.array(model.idf)[counts.indices]
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    highest = np.full(len(examples), -np.inf)
    np.maximum.at(highest, owners, counts @ np.array(model.weights) / lengths + model.intercept)
    return highest


def calibrate(model: Model, examples: Sequence[Example]) -> Model:
    """Platt's scaling in log-odds."""
    labels = [example.is_attack for example in examples]
    platt = LogisticRegression(C=1e6).fit(logits(model, examples).reshape(-1, 1), labels)
    return replace(model, a=_rounded(platt.coef_[0])[0], b=_rounded(platt.intercept_)[0])


def probabilities(model: Model, examples: Sequence[Example]) -> np.ndarray:
    """What `Model.score` gives of each example."""
    return 1 / (1 + np.exp(-(model.a * logits(model, examples) + model.b)))


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve."""
    return float(roc_auc_score(labels, scores))


def recall_at(scores: np.ndarray, labels: np.ndarray, rate: float) -> float:
    """The share of attacks above the threshold that flags `rate` of the rest."""
    threshold = np.quantile(scores[~labels], 1 - rate)
    return float((scores[labels] > threshold).mean())


def _counter(vocabulary: Iterable[str] | None = None, max_features: int | None = None) -> CountVectorizer:
    return CountVectorizer(
        analyzer="char_wb",
        ngram_range=(1, 3),
        lowercase=False,
        vocabulary=None if vocabulary is None else list(vocabulary),
        max_features=max_features,
        dtype=np.float64,
    )


def _importance(options: Options) -> Callable[[csr_matrix, np.ndarray], np.ndarray]:
    """How much each n-gram moves the log-odds in a regression over all of them: |weight| times deviation.

    The F value looks at one n-gram at a time; with five languages it picks a thousand that say the same.
    """

    def scorer(features: csr_matrix, labels: np.ndarray) -> np.ndarray:
        weights = _classifier(options).fit(features, labels).coef_[0]
        mean = np.asarray(features.mean(axis=0)).ravel()
        squares = np.asarray(features.multiply(features).mean(axis=0)).ravel()
        return np.abs(weights) * np.sqrt(np.maximum(squares - mean**2, 0))

    return scorer


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{value:.{DIGITS}g}") for value in values)


def _classifier(options: Options) -> LogisticRegression:
    l1 = {"l1_ratio": options.l1_ratio} if options.l1_ratio else {}  # scikit-learn knows it since 1.8
    return LogisticRegression(
        C=options.c,
        solver="liblinear",
        class_weight="balanced" if options.balanced else None,
        random_state=SEED,
        max_iter=1000,
        **l1,
    )
