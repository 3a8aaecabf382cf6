"""Reads on record: who looked at a case, when, by which way in."""

from __future__ import annotations

from django.contrib.auth.models import User

from cases.models import ApiClient, Case, RecordRead


def record_read(
    case: Case, *, user: User | None, channel: str, client: ApiClient | None = None
) -> None:
    """Put on record that someone, or the system of another agency, has read about the case."""
    RecordRead.objects.create(case_uuid=case.uuid, client=client, user=user, channel=channel)
