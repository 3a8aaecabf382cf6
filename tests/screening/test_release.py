"""The shipped policies are put on record once, and never change under their version."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from screening.models import PolicyVersion
from screening.policies.document import PolicyRefused
from screening.policies.release import put_on_record, release_shipped, shipped_codes

pytestmark = pytest.mark.django_db


def test_every_shipped_policy_is_put_on_record_once():
    for _ in range(2):
        call_command("release_policies", verbosity=0)

    assert sorted(PolicyVersion.objects.values_list("code", flat=True)) == shipped_codes()


def test_a_policy_that_is_not_shipped_is_refused_with_those_that_are():
    with pytest.raises(PolicyRefused, match="shipped are case-by-case"):
        release_shipped("doyle-9")


def test_a_version_is_released_with_one_text():
    version = release_shipped("doyle-2")

    with pytest.raises(PolicyRefused, match="on record with another text; raise the version"):
        put_on_record(version.document + "# more", name="doyle-2")


def test_a_released_version_never_changes():
    version = release_shipped("doyle-2")

    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk).update(title="Another")
    with pytest.raises(DatabaseError), transaction.atomic():
        version.delete()
