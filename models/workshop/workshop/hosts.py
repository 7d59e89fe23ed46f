"""Which hosts a blocklist may hold. Pure: hosts in, hosts and counted refusals out.

A listed host blocks itself and every subdomain, so a wrong entry is dear: what serves many people (public suffixes,
shared hosting, shorteners) and whatever shares a registrable domain with a known harmless site is refused.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publicsuffixlist import PublicSuffixList

# The snapshot inside the package, private section included; a host under an unknown top-level domain has no suffix.
_SUFFIXES = PublicSuffixList(accept_unknown=False)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})+")
# The URL standard reads a host as an address when its last label is a number.
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Filtered:
    """The hosts that stay, sorted, and how many were refused by reason."""

    hosts: tuple[str, ...]
    refused: Counter[str]


def host_of(url: str) -> str:
    """The host of an address or bare host: lower case, without scheme, path, final dot and leading `www.`."""
    bare = _SCHEME.sub("", url.strip().lower())
    host = re.split(r"[/?#]", bare, maxsplit=1)[0].rstrip(".")
    while host.startswith("www.") and host.count(".") > 1:
        host = host.removeprefix("www.")
    return host


def registrable_domain(host: str) -> str | None:
    """The domain somebody registered (`a.b.co.uk` -> `b.co.uk`); None for a public or shared suffix itself."""
    domain: str | None = _SUFFIXES.privatesuffix(host)
    return domain


def parents(host: str) -> Iterator[str]:
    """`a.b.c` gives `b.c`, then `c`."""
    while "." in host:
        host = host.split(".", 1)[1]
        yield host


def refusal(host: str, harmless: frozenset[str], shorteners: frozenset[str]) -> str | None:
    """Why `host` may not be listed, or None; `harmless` holds registrable domains of harmless sites."""
    last_label = host.partition(":")[0].rpartition(".")[2]
    if host.startswith("[") or _NUMBER.fullmatch(last_label):
        return "IP address"
    if not _HOST.fullmatch(host):
        return "not an ASCII host name"
    domain = registrable_domain(host)
    if domain is None:
        return "public suffix, shared hosting or unknown top-level domain"
    if host in shorteners:
        return "link shortener"
    if domain in harmless:
        return "shares its domain with a harmless site"
    return None


def filtered(
    urls: Iterable[str], harmless: Iterable[str], shorteners: Iterable[str], roots: Iterable[str] = ()
) -> Filtered:
    """Apply every rule; `harmless` are addresses of harmless sites.

    A host below one of `roots` is listed as that root. An entry whose parent is listed is dropped, being covered.
    """
    known = frozenset(domain for url in harmless if (domain := registrable_domain(host_of(url))))
    short, raised = frozenset(shorteners), frozenset(roots)
    kept: set[str] = set()
    refused: Counter[str] = Counter()
    for host in map(host_of, urls):
        reason = refusal(host, known, short)
        entry = next((parent for parent in parents(host) if parent in raised), host)
        if reason or entry in kept:
            refused[reason or "repeated"] += 1
        else:
            kept.add(entry)
    hosts = {host for host in kept if not any(parent in kept for parent in parents(host))}
    refused["covered by a listed parent"] = len(kept) - len(hosts)
    return Filtered(tuple(sorted(hosts)), +refused)
