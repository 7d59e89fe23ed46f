"""The list files: which rows of the data they take, what they say of themselves, and the committed ones."""

import gzip
import json
from pathlib import Path

import pytest

from workshop.errors import WorkshopError
from workshop.host_pack import pack
from workshop.hosts import filtered
from workshop.lists import BLOCKLISTS, Blocklist, lists
from workshop.paths import PUBLIC

ROWS = {
    "train": [
        ("bad.one.com", "adult", "sinfonietta", True),
        ("http://two.com/page", "adult", "sinfonietta", False),
        ("three.com", "adult", "chadmayfield_top1m", True),
        ("four.com", "phishing", "gaso_scam", True),
        ("www.five.com", "phishing", "polkadot_scam", True),
        ("six.com", "malware", "maltrail", True),
        ("harmless.org", "benign", "tranco_2026", True),
        ("x.harmless.org", "malware", "maltrail", True),
    ],
    "dev": [
        ("https://calm.org/a", "benign", "pdd", False),
        ("calm.org", "malware", "maltrail", True),
        ("y.calm.org", "malware", "maltrail", True),
    ],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for split, rows in ROWS.items():
        (folder / split).mkdir(parents=True)
        with gzip.open(folder / split / "url.jsonl.gz", "wt") as lines:
            for url, label, source, host_only in rows:
                row = {"url": url, "label": label, "source": source, "host_only": host_only}
                lines.write(json.dumps(row) + "\n")
    (folder / "train" / "url_shorteners.txt").write_text("sho.rt\n")
    (folder / "CARD.md").write_text("# Data card (gathered 2026-01-02)\n")
    return folder


def test_only_host_rows_of_permissive_sources_in_train(data: Path, tmp_path: Path) -> None:
    lists(data, tmp_path / "lists")
    written = {path.stem: path.read_text().splitlines() for path in (tmp_path / "lists").glob("*.txt")}
    hosts = {name: [line for line in lines if not line.startswith("#")] for name, lines in written.items()}
    assert hosts == {"adult": ["bad.one.com"], "malware": ["six.com"], "phishing": ["five.com"], "scam": ["four.com"]}
    assert written["phishing"][:5] == [
        "# title: Wardlight phishing hosts",
        "# updated: 2026-01-02",
        "# source: polkadot_scam polkadot-js/phishing Apache-2.0",
        "# count: 1",
        "five.com",
    ]
    assert (tmp_path / "lists" / "hosts.pack").read_bytes() == pack(hosts[name] for name in sorted(hosts))


@pytest.mark.parametrize("name", ["train/url.jsonl.gz", "dev/url.jsonl.gz", "train/url_shorteners.txt", "CARD.md"])
def test_missing_data_is_said_in_one_sentence(data: Path, tmp_path: Path, name: str) -> None:
    (data / name).unlink()
    with pytest.raises(WorkshopError, match=Path(name).name):
        lists(data, tmp_path / "lists")


@pytest.mark.parametrize("blocklist", BLOCKLISTS, ids=lambda blocklist: blocklist.category)
def test_a_committed_list_obeys_the_rules(blocklist: Blocklist) -> None:
    lines = (PUBLIC / "lists" / f"{blocklist.category}.txt").read_text(encoding="ascii").splitlines()
    hosts = [line for line in lines if not line.startswith("#")]
    assert f"# count: {len(hosts)}" in lines
    assert filtered(hosts, [], []).hosts == tuple(hosts)


@pytest.mark.parametrize("blocklist", BLOCKLISTS, ids=lambda blocklist: blocklist.category)
def test_every_source_has_its_licence_notice(blocklist: Blocklist) -> None:
    notice = (PUBLIC / "lists" / "NOTICE.txt").read_text()
    for source in blocklist.sources:
        assert f"{source.repository} ({source.license})" in notice
