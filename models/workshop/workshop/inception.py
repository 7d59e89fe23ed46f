"""Command `inception`: the accurate set, nsfwjs' InceptionV3 as a pack to be added by hand; not part of the package."""

import hashlib
import json
from pathlib import Path

from workshop import source
from workshop.convert import convert
from workshop.described import MOBILENET_V2
from workshop.pack import Card, pack_bytes, write_pack
from workshop.paths import MODELS, REPOSITORY
from workshop.tfjs import read_model

SIZE = 299
ID, VERSION = "nsfw-inception-v3", "1.0.0"
FILE = f"wardlight-inception-v3-{VERSION}.wardpack"
CARD_FILE = MODELS / ID / "MODEL_CARD.md"
RECORD = MODELS / ID / "pack.json"


def network_bytes() -> bytes:
    """The ONNX file's content: the same bytes on every run."""
    model = read_model(source.inception_json(), source.inception_bytes())
    content: bytes = convert(model, ID, SIZE, len(MOBILENET_V2.classes)).SerializeToString(deterministic=True)
    return content


def card() -> Card:
    """What the pack says of itself; the classes are those of the packaged MobileNetV2."""
    return {
        "id": ID,
        "version": VERSION,
        "name": "InceptionV3 (nsfwjs)",
        "license": "MIT",
        "source": f"npm {source.PACKAGE}",
        "about": "The accurate set: a larger network with the classes of the light one, asked where the two packaged "
        "networks disagree. Recall of sexual pictures is not measured.",
        "kind": "classifier",
        "input": {
            "name": "input",
            "width": SIZE,
            "height": SIZE,
            "layout": "NCHW",
            "channels": "RGB",
            "scale": 1 / 255,
            "mean": [0, 0, 0],
            "std": [1, 1, 1],
            "resize": "bilinear-align-corners",
            "fit": "stretch",
        },
        "output": {"name": "probs", "activation": "none", "classes": list(MOBILENET_V2.classes)},
        "positive": {"sexual": list(MOBILENET_V2.positive)},
        "calibration": {"a": 1, "b": 0},
        "weight": 1,
    }


def inception(target: Path | None) -> None:
    """Write the pack, to out/ unless told otherwise, and its SHA-256 to models/nsfw-inception-v3/pack.json."""
    content = pack_bytes(card(), network := network_bytes(), {"LICENSE": source.member(source.LICENSE)})
    write_pack(target or REPOSITORY / "out" / FILE, content)
    record = {
        "file": FILE,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "networkSha256": hashlib.sha256(network).hexdigest(),
    }
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"sha256 {record['sha256']}")
