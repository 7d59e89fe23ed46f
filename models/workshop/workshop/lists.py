"""Command `lists`: public/lists/{adult,malware,phishing,scam}.txt and hosts.pack from the data's permissive sources."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.host_pack import hosts_in, pack
from workshop.hosts import Filtered, filtered
from workshop.paths import PUBLIC, shown


@dataclass(frozen=True)
class Source:
    """A collection of hosts: its tag in the data, its repository and the licence it is given under."""

    name: str
    repository: str
    license: str


@dataclass(frozen=True)
class Blocklist:
    """One category's sources, and sites listed whole though the sampled source shows only their subdomains."""

    category: str
    sources: tuple[Source, ...]
    roots: tuple[str, ...] = ()


BLOCKLISTS = (
    Blocklist(
        "adult",
        (Source("sinfonietta", "Sinfonietta/hostfiles", "MIT"),),
        # Each has at least five subdomains in the source and is, by its own words, an adult site throughout.
        roots=(
            "eporner.com",
            "phncdn.com",
            "pornhub.com",
            "spankbang.com",
            "tnaflix.com",
            "xhamster.com",
            "xhamster.desi",
            "xnxx.com",
            "xvideos.com",
            "xvideos-cdn.com",
            "youporn.com",
            "ypncdn.com",
        ),
    ),
    Blocklist("malware", (Source("maltrail", "stamparm/maltrail", "MIT"),)),
    Blocklist(
        "phishing",
        (Source("polkadot_scam", "polkadot-js/phishing", "Apache-2.0"),),
    ),
    Blocklist(
        "scam",
        (Source("gaso_scam", "elliotwutingfeng/GlobalAntiScamOrg-blocklist", "BSD-3-Clause"),),
    ),
)


def _present(path: Path) -> Path:
    if not path.exists():
        raise WorkshopError(f"No {path.name} in {path.parent}: the lists are made from it; name the data by --data.")
    return path


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(_present(path), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _gathered_on(data: Path) -> str:
    """The date on which the data was gathered, from its card: most rows know only their year."""
    card = _present(data / "CARD.md")
    found = re.search(r"gathered (\d{4}-\d{2}-\d{2})", card.read_text(encoding="utf-8"))
    if found is None:
        raise WorkshopError(f"{card} does not say when the data was gathered: it must hold 'gathered YYYY-MM-DD'.")
    return found[1]


def content(blocklist: Blocklist, hosts: tuple[str, ...], updated: str) -> str:
    """The list file: comment lines that start with `#`, then one host a line."""
    head = [
        f"# title: Wardlight {blocklist.category} hosts",
        f"# updated: {updated}",
        *(f"# source: {source.name} {source.repository} {source.license}" for source in blocklist.sources),
        f"# count: {len(hosts)}",
    ]
    return "\n".join([*head, *hosts]) + "\n"


def _report(path: Path, result: Filtered) -> None:
    print(f"{shown(path)}: {len(result.hosts)} hosts, {path.stat().st_size} bytes")
    for reason, count in sorted(result.refused.items()):
        print(f"  left out {count}: {reason}")


def lists(data: Path, target: Path = PUBLIC / "lists") -> None:
    """Write the lists and their pack; only `train` is listed, harmless sites are taken from `train` and `dev`."""
    print(f"reading the address rows in {data}", flush=True)
    train = list(_rows(data / "train" / "url.jsonl.gz"))
    dev = _rows(data / "dev" / "url.jsonl.gz")
    harmless = [row["url"] for rows in (train, dev) for row in rows if row["label"] == "benign"]
    shorteners = _present(data / "train" / "url_shorteners.txt").read_text(encoding="utf-8").split()
    updated = _gathered_on(data)
    target.mkdir(parents=True, exist_ok=True)
    for blocklist in BLOCKLISTS:
        tags = {source.name for source in blocklist.sources}
        urls = (row["url"] for row in train if row["host_only"] and row["source"] in tags)
        result = filtered(urls, harmless, shorteners, blocklist.roots)
        path = target / f"{blocklist.category}.txt"
        path.write_text(content(blocklist, result.hosts, updated), encoding="utf-8", newline="\n")
        _report(path, result)
    packed = target / "hosts.pack"
    packed.write_bytes(pack(hosts_in(target / f"{blocklist.category}.txt") for blocklist in BLOCKLISTS))
    print(f"{shown(packed)}: {packed.stat().st_size} bytes")
