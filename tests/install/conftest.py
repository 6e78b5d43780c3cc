"""Gateways of a test's own, run as the units and packages run them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.running_gateway import RunningGateway, gateways


@pytest.fixture
def new_gateway(tmp_path: Path) -> Iterator[Callable[..., RunningGateway]]:
    """A function that makes a gateway on a database URL; everything it started is ended with the test."""
    with gateways(tmp_path) as make:
        yield make
