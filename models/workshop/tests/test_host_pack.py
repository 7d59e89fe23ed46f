"""The pack of the lists: laws of its hash, its layout, and that it is the committed one."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from workshop.host_pack import BUCKET, MAGIC, host_hash, hosts_in, pack
from workshop.lists import BLOCKLISTS
from workshop.paths import PUBLIC

names = st.lists(st.from_regex(r"[a-z0-9-]{1,9}(\.[a-z0-9]{1,5}){1,2}", fullmatch=True), max_size=60, unique=True)


def test_the_committed_pack_is_that_of_the_committed_lists() -> None:
    lists = [hosts_in(PUBLIC / "lists" / f"{blocklist.category}.txt") for blocklist in BLOCKLISTS]
    assert pack(lists) == (PUBLIC / "lists" / "hosts.pack").read_bytes()


@given(names)
def test_every_name_lies_in_its_bucket(hosts: list[str]) -> None:
    words = struct.unpack(f"<{len(pack([hosts])) // 4}I", pack([hosts]))
    magic, sections, count, buckets, at = words[:5]
    assert (magic, sections, count) == (MAGIC, 1, len(hosts))
    assert buckets == max(1, -(-len(hosts) // BUCKET))
    starts, rest = words[at : at + buckets + 1], words[at + buckets + 1 :]
    assert starts[-1] == count == len(rest)
    for host in hosts:
        first, second = host_hash(host)
        bucket = first * buckets >> 32
        assert second in rest[starts[bucket] : starts[bucket + 1]]


@given(names, names)
def test_order_and_repetition_do_not_count(first: list[str], second: list[str]) -> None:
    assert pack([first, second]) == pack([first[::-1] + first, second])
