"""What several tests read: the packages' models and the committed networks."""

from typing import Any

import onnx
import pytest
from hypothesis import settings

from workshop import source
from workshop.described import MOBILENET_V2, NETWORKS
from workshop.network import Network
from workshop.open_nsfw import open_nsfw

# The same examples on every run, and no verdict from the clock.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def model_json() -> dict[str, Any]:
    return source.model_json()


@pytest.fixture(scope="session")
def weight_bytes() -> bytes:
    return source.weight_bytes()


@pytest.fixture(scope="session")
def network() -> Network:
    return Network.shipped(MOBILENET_V2)


@pytest.fixture(scope="session")
def networks() -> list[Network]:
    """Every file that ships, once each."""
    files = {path: (model, provider) for model in NETWORKS for provider, path in reversed(model.files.items())}
    return [Network.shipped(model, provider) for model, provider in files.values()]


@pytest.fixture(scope="session")
def whole() -> onnx.ModelProto:
    """open_nsfw in float32, from the package."""
    return open_nsfw()
