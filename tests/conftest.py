"""The cast, by role."""

from __future__ import annotations

import os

import pytest
from django.contrib.auth.models import User

from casemgmt import embedded
from cases.accounts import machine_account


def pytest_configure() -> None:
    """Start the servers that the environment does not name, as manage.py does."""
    embedded.start_missing(os.environ)


@pytest.hookimpl(tryfirst=True)  # before the processes are given their tests
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that start a worker follow each other: there is one broker for all processes."""
    for item in items:
        if item.get_closest_marker("worker"):
            item.add_marker(pytest.mark.xdist_group("worker"))


@pytest.fixture
def clerk(db) -> User:
    """Who takes in deliveries."""
    return machine_account("intake")


@pytest.fixture
def screener(db) -> User:
    """The account that screens."""
    return machine_account("screening")
