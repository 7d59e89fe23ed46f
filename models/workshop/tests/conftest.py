"""What several tests read: the npm package's model and the committed network."""

from typing import Any

import pytest
from hypothesis import settings

from workshop import source
from workshop.network import Network

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
    return Network()
