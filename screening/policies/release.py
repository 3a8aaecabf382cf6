"""Shipped policies become released versions: text on record, immutable, dated."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from screening.models import PolicyVersion
from screening.policies.document import Policy, PolicyRefused, read

SHIPPED = Path(__file__).parent


def shipped_codes() -> list[str]:
    """Return the codes of the policies that come with the service."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


@transaction.atomic
def release_shipped(code: str) -> PolicyVersion:
    """Put the shipped text of a policy on record, unless it is there; may run twice.

    Raises PolicyRefused when there is no such policy, or when its text changed but its version
    did not: a released version never changes.
    """
    path = SHIPPED / f"{code}.yaml"
    if not path.exists():
        raise PolicyRefused(code, [f"no such policy; shipped are {', '.join(shipped_codes())}"])
    text = path.read_text(encoding="utf-8")
    digest = sha256(text.encode()).hexdigest()
    policy = read(text, name=code)
    version, _ = PolicyVersion.objects.get_or_create(
        code=policy.code,
        version=policy.version,
        defaults={
            "title": policy.title,
            "document": text,
            "sha256": digest,
            "effective_from": policy.effective_from,
            "effective_to": policy.effective_to,
        },
    )
    if version.sha256 != digest:
        raise PolicyRefused(
            code, [f"version {policy.version} is on record with another text; raise the version"]
        )
    return version


def released(code: str, on: date | None = None) -> PolicyVersion:
    """Return the latest released version of a policy, or the one in force on a day.

    Raises PolicyVersion.DoesNotExist.
    """
    versions = PolicyVersion.objects.filter(code=code)
    if on is not None:
        versions = versions.filter(
            Q(effective_to=None) | Q(effective_to__gt=on), effective_from__lte=on
        )
    latest = versions.order_by("-version").first()
    if latest is None:
        raise PolicyVersion.DoesNotExist(f"no version of {code} is released")
    return latest


policy_in = lru_cache(maxsize=64)(read)
"""The policy that a text states; the same policy for the same text."""


def policy_of(version: PolicyVersion) -> Policy:
    """Return the policy that a version states."""
    return policy_in(version.document)
