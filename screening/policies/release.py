"""Shipped policies become released versions: text on record, immutable, dated."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.db.models import Min, Q

from screening.models import PolicyDraft, PolicyVersion
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
    return put_on_record(path.read_text(encoding="utf-8"), name=code)


def put_on_record(text: str, *, name: str) -> PolicyVersion:
    """Release a text as it is, unless it is released; from then on it never changes.

    Raises PolicyRefused when it is no policy, or when its version is released with another text.
    """
    policy = read(text, name=name)
    digest = sha256(text.encode()).hexdigest()
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
            name, [f"version {policy.version} is on record with another text; raise the version"]
        )
    return version


def released(code: str, on: date | None = None) -> PolicyVersion:
    """Return the latest released version of a policy, or the one in force on a day.

    A version replaces the earlier ones for good from its effective_from: where it ends, none of
    them comes back. Raises PolicyVersion.DoesNotExist.
    """
    versions = PolicyVersion.objects.filter(code=code)
    if on is not None:
        versions = versions.filter(effective_from__lte=on)
    latest = versions.order_by("-version").first()
    if latest is None:
        raise PolicyVersion.DoesNotExist(f"no version of {code} is released")
    if on is not None and latest.effective_to is not None and latest.effective_to <= on:
        raise PolicyVersion.DoesNotExist(f"{latest} ended on {latest.effective_to}")
    return latest


def version_to_screen_with(code: str, *, on: date) -> PolicyVersion:
    """Return the version that had come into force last on a day, be it over; before all, the first.

    To screen outside of a policy's time is to ask what it would say; the determination records the
    day and the version. Raises PolicyVersion.DoesNotExist.
    """
    versions = PolicyVersion.objects.filter(code=code)
    begun = versions.filter(effective_from__lte=on).order_by("-version").first()
    return begun or versions.earliest("version")


def regime_on(day: date) -> PolicyVersion | None:
    """Return the version that is in force on the day, of whatever policy; None: there is none.

    Of several that overlap, the one that came into force last.
    """
    begun = PolicyVersion.objects.filter(effective_from__lte=day)
    in_force = begun.filter(Q(effective_to=None) | Q(effective_to__gt=day))
    return in_force.order_by("-effective_from", "-version").first()


def replaced_on(version: PolicyVersion) -> date | None:
    """Return the day from which a later version stands in this one's place; None: there is none."""
    later = PolicyVersion.objects.filter(code=version.code, version__gt=version.version)
    day: date | None = later.aggregate(day=Min("effective_from"))["day"]
    return day


policy_in = lru_cache(maxsize=64)(read)
"""The policy that a text states; the same policy for the same text."""


def policy_of(version: PolicyVersion | PolicyDraft) -> Policy:
    """Return the policy that a version states; of a draft, that it would. Raises PolicyRefused."""
    return policy_in(version.document)
