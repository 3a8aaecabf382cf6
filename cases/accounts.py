"""Accounts that machines act through, so that whoever did a thing is always on record."""

from __future__ import annotations

from django.contrib.auth.models import User


def machine_account(name: str) -> User:
    """Return the account of a part of the service; it cannot sign in. May run twice."""
    user, made = User.objects.get_or_create(username=name)
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
