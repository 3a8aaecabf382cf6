"""Deny first: an office, the permission for all, and 8 U.S.C. 1367."""

import pytest
from django.contrib.auth.models import AnonymousUser, User

from cases.access import NO_ACCESS, ClientScopes, of_client, of_user
from cases.models import Case
from tests.cast import make_case, make_client, office, staff

pytestmark = pytest.mark.django_db


def seen(access):
    return set(Case.objects.visible_to(access))


@pytest.fixture
def docket():
    return {
        "here": make_case(),
        "elsewhere": make_case(office=office("LOS")),
        "of no office": make_case(office=None),
        "protected": make_case(protected=True),
        "not known to be unprotected": make_case(protected=None),
    }


@pytest.mark.parametrize("nobody", ["anonymous", "not staff", "inactive", "without an office"])
def test_nobody_sees_anything(docket, nobody):
    user = {
        "anonymous": AnonymousUser,
        "not staff": lambda: User.objects.create_user("x"),
        "inactive": lambda: User.objects.create_user("x", is_staff=True, is_active=False),
        "without an office": staff,
    }[nobody]()

    assert seen(of_user(user)) == set()


def test_staff_see_their_office_without_what_is_protected(docket):
    user = staff()
    office().staff.add(user)

    assert seen(of_user(user)) == {docket["here"]}


def test_the_permission_for_every_office_does_not_open_what_is_protected(docket):
    access = of_user(staff("view_all_offices"))

    assert seen(access) == {docket["here"], docket["elsewhere"], docket["of no office"]}
    assert not access.sees_every_case


def test_both_permissions_open_everything(docket):
    access = of_user(staff("view_all_offices", "view_protected"))

    assert seen(access) == set(docket.values())
    assert access.sees_every_case


def test_a_client_sees_its_offices_and_a_new_one_sees_nothing(docket):
    client = make_client()
    assert of_client(client) == NO_ACCESS

    client.offices.add(office("LOS"))
    assert seen(of_client(client)) == {docket["elsewhere"]}


def test_a_client_is_offered_only_its_own_scopes():
    assert ClientScopes().get_available_scopes(make_client("cases:read")) == ["cases:read"]
    assert ClientScopes().get_available_scopes(None) == []
