"""What a blocklist may hold: a table of cases, and the laws of the whole filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.hosts import filtered, host_of, parents, refusal, registrable_domain


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.COM/path?q#f", "example.com"),
        ("www.www.example.com", "example.com"),
        ("a.example.com.", "a.example.com"),
        ("http://example.com?x=/", "example.com"),
        ("www.com", "www.com"),
        ("www2.example.com", "www2.example.com"),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("bad.example.com", None),
        ("under_score.example.com", None),
        ("someone.github.io", None),
        ("http://10.0.0.1", "IP address"),
        ("http://10.0.0.1:8080/x", "IP address"),
        ("http://[2001:db8::1]/", "IP address"),
        ("0x7f.1", "IP address"),
        ("co.uk", "public suffix"),
        ("github.io", "public suffix"),
        ("pages.dev", "public suffix"),
        ("blogspot.com", "public suffix"),
        ("host.invalidtld", "public suffix"),
        ("bücher.example", "not an ASCII host name"),
        ("localhost", "not an ASCII host name"),
        ("user@example.com", "not an ASCII host name"),
        ("-dash.example.com", "not an ASCII host name"),
        ("example.com:8080", "not an ASCII host name"),
        ("a..example.com", "not an ASCII host name"),
        (f"{'a' * 64}.example.com", "not an ASCII host name"),
        ("", "not an ASCII host name"),
        ("sho.rt.com", "link shortener"),
        ("harmless.org", "harmless site"),
        ("login.harmless.org", "harmless site"),
    ],
)
def test_what_is_refused(url: str, reason: str | None) -> None:
    found = refusal(host_of(url), frozenset({"harmless.org"}), frozenset({"sho.rt.com"}))
    assert (found is None) if reason is None else (found is not None and reason in found)


def test_a_neighbour_on_shared_hosting_does_not_vouch() -> None:
    result = filtered(["bad.github.io", "good.github.io"], ["https://www.good.github.io/page"], [])
    assert result.hosts == ("bad.github.io",)
    assert dict(result.refused) == {"shares its domain with a harmless site": 1}


def test_a_parent_covers_and_a_repetition_counts_once() -> None:
    result = filtered(["b.example.com", "example.com", "www.example.com"], [], [])
    assert result.hosts == ("example.com",)
    assert dict(result.refused) == {"repeated": 1, "covered by a listed parent": 1}


def test_a_root_is_listed_whole_unless_it_is_harmless() -> None:
    urls = ["fr.one.com", "nl.one.com", "fr.two.com"]
    assert filtered(urls, [], [], ["one.com"]).hosts == ("fr.two.com", "one.com")
    assert filtered(urls, ["one.com"], [], ["one.com"]).hosts == ("fr.two.com",)


label = st.sampled_from(["a", "b", "www", "shop", "example", "com", "co", "uk", "github", "io", "10", "-x", "é", ""])
url = st.lists(label, min_size=1, max_size=5).map(".".join)
urls = st.lists(url, max_size=30)


@given(urls, urls, urls)
def test_the_laws_of_the_filter(listed: list[str], harmless: list[str], shorteners: list[str]) -> None:
    result = filtered(listed, harmless, shorteners)
    hosts = set(result.hosts)
    assert list(result.hosts) == sorted(hosts)
    assert all(host.isascii() and host == host.lower() and not host.startswith("www.") for host in hosts - {"www.com"})
    assert not any(parent in hosts for host in hosts for parent in parents(host))
    known = {registrable_domain(host_of(url)) for url in harmless}
    assert all(registrable_domain(host) not in known | {None} for host in hosts)
    assert len(hosts) + result.refused.total() == len(listed)
    assert filtered(result.hosts, harmless, shorteners).hosts == result.hosts
    assert filtered(reversed(listed), harmless, shorteners).hosts == result.hosts
