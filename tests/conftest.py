"""The cast, by role."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from cases.accounts import machine_account


@pytest.fixture
def clerk(db) -> User:
    """Who takes in deliveries."""
    return machine_account("intake")


@pytest.fixture
def screener(db) -> User:
    """The account that screens."""
    return machine_account("screening")
