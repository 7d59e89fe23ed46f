"""A model pack: one zip file that holds `card.json` and `model.onnx`, and perhaps a licence and a text about it.

Whoever has both files can make one with any zip program; here it comes out with the same bytes on every run. The
extension checks the card's fields (`src/core/pack.ts`, the table in models/README.md); here they are only read.
"""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from workshop.errors import WorkshopError
from workshop.paths import shown

CARD, NETWORK = "card.json", "model.onnx"
FORMAT = 1
# The earliest moment that a zip file can name.
_EPOCH = (1980, 1, 1, 0, 0, 0)

Card = dict[str, Any]


def pack_bytes(card: Card, network: bytes, others: dict[str, bytes] | None = None) -> bytes:
    """The pack's content, stored as it is, since deflated bytes differ between versions of zlib.

    `others` are files for people, such as LICENSE.
    """
    members = {CARD: (json.dumps({"format": FORMAT, **card}, indent=1) + "\n").encode(), NETWORK: network}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in {**members, **(others or {})}.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return target.getvalue()


def read_pack(path: Path) -> tuple[Card, bytes]:
    """Card and network of a pack; raises WorkshopError for what is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            return json.loads(archive.read(CARD)), archive.read(NETWORK)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as cause:
        raise WorkshopError(f"{path} is no pack ({cause}): it must be a zip with {CARD} and {NETWORK}.") from cause


def write_pack(path: Path, content: bytes) -> None:
    """Write a pack and say how large it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    print(f"{shown(path)}: {len(content)} bytes")
