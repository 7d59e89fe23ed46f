"""What the phishing model is fitted and measured on: rows, what the extension's own code sees of them, and roles."""

import gzip
import hashlib
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.paths import REPOSITORY

FRESH = "2024-10"
"""Phishing of this month and later is never fitted, chosen or calibrated on."""

PHISHING = ("polkadot_scam", "gaso_scam", "phishtank_2020")
PERMISSIVE_BENIGN = ("free_programming_books", "debian_homepages")
PERMISSIVE = frozenset((*PHISHING, *PERMISSIVE_BENIGN))
POPULAR_HOSTS = ("tranco_2026", "alexa_2016", "opendns_2014")
UNSTATED = ("pdd", "iscx_url2016", "jpcert")
"""Without a stated licence, or for research: the card says what they give."""

FITTED = PERMISSIVE | frozenset((*POPULAR_HOSTS, *UNSTATED))
"""Sources of the shipped model; all others only measure."""

FIT, CHOOSE, TEST = "fit", "choose", "test"
NEIGHBOUR_BUCKETS = frozenset(range(2))
"""Buckets of honest domains whose names may stand in the table of brands' neighbours."""

_MAX_PER_DOMAIN = 20
_BUCKETS = 10


@dataclass(frozen=True)
class Row:
    """One address, and what the extension's code reads in it."""

    url: str
    label: str
    source: str
    date: str
    seen: dict[str, Any]

    @property
    def bucket(self) -> int:
        """0-9, by registrable domain: one domain is in one bucket."""
        return bucket_of(self.seen["domain"])

    @property
    def is_fresh(self) -> bool:
        """Phishing of the months that nothing was fitted on."""
        return self.label == "phishing" and self.date >= FRESH and self.source != "gaso_scam"

    @property
    def is_deep(self) -> bool:
        """A link below a host's root."""
        return bool(self.seen["path"])

    @property
    def role(self) -> str:
        """Fit 0-6, choose 7, test 8-9; fresh phishing only tests."""
        if self.is_fresh or self.bucket > 7:
            return TEST
        return FIT if self.bucket < 7 else CHOOSE


def bucket_of(domain: str) -> int:
    """A stable number below ten."""
    return int.from_bytes(hashlib.sha256(domain.encode()).digest()[:4], "big") % _BUCKETS


def _raw(data: Path, homepages: Path) -> Iterator[tuple[str, str, str, str]]:
    for name in ("train/url", "dev/url", "dev_ood/url.phish_2025_jp"):
        path = data / f"{name}.jsonl.gz"
        if not path.exists():
            raise WorkshopError(f"{path} is absent: the phishing model needs the data folder's url rows.")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if row["label"] in ("phishing", "benign"):
                    source = "jpcert_2025" if name.startswith("dev_ood") else row["source"]
                    yield _absolute(row["url"]), row["label"], source, row["date"]
    for line in homepages.read_text(encoding="utf-8").splitlines():
        yield _absolute(line), "benign", "debian_homepages", "2023"


def _absolute(url: str) -> str:
    bare = "".join(url.split())
    return bare if "://" in bare[:12] else f"http://{bare}"


def seen_by_extension(urls: Iterable[str]) -> list[dict[str, Any] | None]:
    """What `src/cli/url-features.ts` prints of each address; needs Node.js and the repository's packages."""
    done = subprocess.run(
        ["npx", "tsx", "src/cli/url-features.ts"],
        cwd=REPOSITORY,
        input="".join(f"{url}\n" for url in urls),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise WorkshopError(f"src/cli/url-features.ts failed: {done.stderr.strip()[-500:]}")
    return [json.loads(line) for line in done.stdout.splitlines()[1:]]


def feature_names() -> list[str]:
    """In the order of the numbers."""
    done = subprocess.run(
        ["npx", "tsx", "src/cli/url-features.ts"], cwd=REPOSITORY, input="", capture_output=True, text=True, check=True
    )
    return list(json.loads(done.stdout)["features"])


def load(data: Path, homepages: Path) -> list[Row]:
    """Every readable phishing and benign row, each reading once; at most twenty a harmless domain and source."""
    raw = list(dict.fromkeys(_raw(data, homepages)))
    rows: list[Row] = []
    known: set[tuple[str, str]] = set()
    counts: Counter[tuple[str, str]] = Counter()
    for (url, label, source, date), seen in zip(raw, seen_by_extension(one[0] for one in raw), strict=True):
        if seen is None or not seen["host"] or (seen["host"], seen["path"]) in known:
            continue
        counts[seen["domain"], source] += 1
        if label == "benign" and counts[seen["domain"], source] > _MAX_PER_DOMAIN:
            continue
        known.add((seen["host"], seen["path"]))
        rows.append(Row(url, label, source, date, seen))
    return rows
