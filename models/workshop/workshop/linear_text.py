r"""How the linear model reads a text: pure Python, nothing but the standard library.

`src/core/text/linear.ts` does the same, and `reference.json` holds the two together. Only operations whose outcome is
equal in both languages are used:

- NFKC and lower case are fixed by Unicode for every assigned character. `Σ` is lowered on its own, since its final
  form depends on the neighbours; every other lower case does not.
- White space and what is invisible are listed here, for `\s` means different things in Python and JavaScript.
- What lies outside the basic plane (emoji) is one U+FFFD, so that one position is one UTF-16 unit in both.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

VERSION = 1
"""Of the normaliser: a model fitted with another one gives other scores."""

WINDOW = 2000
"""Characters of normalised text that are judged at once; the highest score of all windows counts."""
STEP = 1000

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_OUTSIDE = re.compile("[\U00010000-\U0010ffff\ud800-\udfff]")
_SPACE = re.compile("[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def normalise(text: str) -> str:
    """Equal for texts that a reader takes for the same; words are parted by single spaces."""
    lowered = unicodedata.normalize("NFKC", text).replace("\u03a3", "\u03c3").lower()
    return _SPACE.sub(" ", _OUTSIDE.sub("\ufffd", _INVISIBLE.sub("", lowered))).strip(" ")


def windows(normalised: str) -> Iterator[str]:
    """Stretches of WINDOW characters, one every STEP; always at least one."""
    start = 0
    while True:
        yield normalised[start : start + WINDOW]
        if start + WINDOW >= len(normalised):
            return
        start += STEP


def ngrams(window: str) -> Iterator[str]:
    """One to three characters within each word and the spaces around it: `char_wb` of scikit-learn."""
    for word in window.split(" "):
        if word:
            padded = f" {word} "
            for n in (1, 2, 3):
                for i in range(len(padded) - n + 1):
                    yield padded[i : i + n]


@dataclass(frozen=True)
class Model:
    """What `model.json` holds; `idf` and `weights` stand in the order of `ngrams`."""

    ngrams: tuple[str, ...]
    idf: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    a: float = 1.0
    b: float = 0.0

    def __post_init__(self) -> None:
        """Index the n-grams once."""
        object.__setattr__(self, "_index", {ngram: i for i, ngram in enumerate(self.ngrams)})

    def logit(self, text: str) -> float:
        """The highest log-odds of all windows, not calibrated."""
        return max(map(self._window_logit, windows(normalise(text))))

    def score(self, text: str) -> float:
        """The calibrated probability of an attack."""
        return sigmoid(self.a * self.logit(text) + self.b)

    def _window_logit(self, window: str) -> float:
        index: dict[str, int] = self._index  # type: ignore[attr-defined]
        counts = Counter(index[ngram] for ngram in ngrams(window) if ngram in index)
        squares = dot = 0.0
        for i, count in sorted(counts.items()):
            value = (1 + math.log(count)) * self.idf[i]
            squares += value * value
            dot += value * self.weights[i]
        return self.intercept + (dot / math.sqrt(squares) if squares else 0.0)


def sigmoid(x: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
