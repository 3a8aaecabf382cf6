"""Cases, and those who ask about them. All plainly false."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Permission, User
from django.utils.timezone import now
from oauth2_provider.models import AccessToken
from rest_framework.test import APIClient

from cases.access import SCOPES
from cases.accounts import machine_account
from cases.models import ApiClient, Case, Office, Respondent
from screening.models import Determination, PolicyDraft, PolicyVersion, Simulation
from screening.policies.release import release_shipped
from screening.policies.simulate import plan
from screening.policies.texts import of_draft, of_version
from screening.screen import screen_case

NUMBERS = count(1)
AS_OF = date(2024, 1, 15)


def office(code: str = "NYC") -> Office:
    return Office.objects.get_or_create(code=code, defaults={"name": f"Office {code}"})[0]


def make_case(
    *, protected: bool | None = False, born: date = date(1901, 2, 3), **given: Any
) -> Case:
    """Return a case to which the shipped policy applies."""
    respondent = Respondent.objects.create(
        a_number=f"{next(NUMBERS):09}",
        family_name="Falsename",
        given_names="Nobody",
        birth_date=born,
        birth_precision="day",
        protected_1367=protected,
    )
    case: dict[str, Any] = {
        "idncase": next(NUMBERS),
        "case_type": "RMV",
        "office": office(),
        "charged_on": date(2020, 1, 1),
        "asylum_filed_on": date(2020, 6, 1),
    }
    return Case.objects.create(respondent=respondent, **(case | given))


def screened(case: Case, by: User) -> Determination:
    made = screen_case(case, version=release_shipped("doyle-2"), as_of=AS_OF, by=by)
    assert made is not None
    return made


def simulated(draft: PolicyDraft, *, by: User) -> Simulation:
    """Return a completed simulation of a draft's text against what is released."""
    versions = PolicyVersion.objects.order_by("-code", "-version")
    present = versions.filter(code=draft.code).first() or versions[0]
    return plan(of_draft(draft.document), of_version(present), as_of=AS_OF, by=by)


def make_client(*scopes: str, **given: Any) -> ApiClient:
    name = f"client {next(NUMBERS)}"
    return ApiClient.objects.create(
        name=name,
        user=machine_account(name),
        client_type=ApiClient.CLIENT_CONFIDENTIAL,
        authorization_grant_type=ApiClient.GRANT_CLIENT_CREDENTIALS,
        client_secret="plainly-false",
        scopes=list(scopes or SCOPES),
        **given,
    )


def http(client: ApiClient, *scopes: str) -> APIClient:
    """Return a browserless caller that holds a token of the client."""
    token = f"token-{next(NUMBERS)}"
    AccessToken.objects.create(
        application=client,
        token=token,
        scope=" ".join(scopes or client.scopes),
        expires=now() + timedelta(hours=1),
    )
    caller = APIClient()
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return caller


def staff(*codenames: str) -> User:
    """Return a member of staff with these permissions, and every view permission."""
    user = User.objects.create_user(f"staff-{next(NUMBERS)}", is_staff=True)
    ours = Permission.objects.filter(content_type__app_label__in=["cases", "screening"])
    user.user_permissions.set(
        ours.filter(codename__startswith="view_").exclude(
            codename__in={"view_all_offices", "view_protected"}
        )
        | ours.filter(codename__in=codenames)
    )
    return user
