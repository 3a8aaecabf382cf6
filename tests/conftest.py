"""The cast, by role."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User

from casemgmt import embedded
from cases.accounts import machine_account


def pytest_configure() -> None:
    """Start the servers that the environment does not name, as manage.py does."""
    embedded.start_missing(os.environ)


@pytest.fixture(autouse=True)
def one_worker_at_a_time(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests that start a worker wait for each other: their processes share one broker."""
    if request.node.get_closest_marker("worker") is None:
        yield
        return
    with (embedded.LOCAL / "worker-tests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture
def clerk(db) -> User:
    """Who takes in deliveries."""
    return machine_account("intake")


@pytest.fixture
def screener(db) -> User:
    """The account that screens."""
    return machine_account("screening")
