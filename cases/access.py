"""Who may see what: the one object that list, detail, search, export, feed and admin ask.

Deny first: without an office and without the permission for all of them nothing is visible, and a
case that 8 U.S.C. 1367 protects is visible only with the permission for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db.models import Q
from oauth2_provider.scopes import BaseScopes

if TYPE_CHECKING:
    from cases.models import ApiClient
    from cases.models.docket import CaseQuerySet

SCOPES = {
    "cases:read": "Read cases, their determinations and explanations.",
    "respondents:read": "Read who the respondent of a case is.",
    "screenings:write": "Screen a case.",
    "bulk-reviews:read": "Read bulk reviews, their progress and results.",
    "bulk-reviews:write": "Start and cancel bulk reviews.",
    "policies:read": "Read the released policies.",
    "reviews:read": "Read reviews, positions and motions; the forms of discretion.",
    "reviews:write": "Open reviews for respondents, and take in evidence and positions for them.",
    "orders:write": "Record the orders of judges and of the Board.",
    "batches:read": "Read closure batches, their items and certificates.",
    "batches:write": "Move closure batches on, as a person who may; no system decides.",
    "statistics:read": "Read the statistics; small counts are withheld.",
    "aftermath:read": "Read what became of closed cases, and whether they go back.",
    "aftermath:write": "Record what is noticed, filed and told after closure.",
}
STAFF_PERMISSIONS: dict[str, tuple[str, ...]] = {
    "cases:read": ("cases.view_case",),
    "respondents:read": ("cases.view_respondent",),
    "screenings:write": ("screening.add_determination",),
    "bulk-reviews:read": ("screening.view_bulkreview",),
    "bulk-reviews:write": ("screening.start_bulk_review",),
    "policies:read": ("screening.view_policyversion",),
    "reviews:read": ("cases.view_review",),
    "reviews:write": (
        "cases.open_review",
        "cases.review_case",
        "cases.approve_closure",
        "cases.sign_motion",
        "cases.record_court_act",
    ),
    "orders:write": ("cases.record_court_act",),
    "batches:read": ("cases.view_closurebatch",),
    "batches:write": ("cases.view_closurebatch", "cases.propose_batch", "cases.approve_batch"),
    "statistics:read": ("cases.view_completioncount",),
    "aftermath:read": ("cases.view_postclosureevent",),
    "aftermath:write": (
        *("cases.record_aftermath", "cases.open_review"),
        *("cases.review_case", "cases.approve_closure"),
    ),
}
"""What a member of staff needs in place of a scope: any one of these.

The first is also what the scope gives to a client's own account, and all that it gives: no scope
makes an attorney, a supervisor or a signer of it. To decide, to sign and to file is for people.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What one person or system may see. `offices` None means every office."""

    offices: frozenset[int] | None = frozenset()
    sees_protected: bool = False

    def filter(self, cases: CaseQuerySet) -> CaseQuerySet:
        """Return those of the cases that may be seen."""
        return cases.filter(self.condition())

    def condition(self, prefix: str = "") -> Q:
        """Return the same as a condition, for tables that reach the case by `prefix`."""
        visible = Q() if self.offices is None else Q(**{f"{prefix}office_id__in": self.offices})
        if not self.sees_protected:
            # Not on record counts as protected here: unknown is never clear.
            visible &= Q(**{f"{prefix}respondent__protected_1367": False})
        return visible

    @property
    def sees_every_case(self) -> bool:
        return self.offices is None and self.sees_protected


NO_ACCESS = Access()


def of_user(user: AbstractBaseUser | AnonymousUser) -> Access:
    """Return what a member of staff, or a client through its account, may see; else nothing."""
    if not isinstance(user, User) or not user.is_active:
        return NO_ACCESS
    if not user.is_staff:
        client = client_through(user)
        return NO_ACCESS if client is None else of_client(client)
    everywhere = user.has_perm("cases.view_all_offices")
    return Access(
        offices=None if everywhere else frozenset(user.offices.values_list("pk", flat=True)),
        sees_protected=user.has_perm("cases.view_protected"),
    )


def of_client(client: ApiClient) -> Access:
    """Return what the system of another agency may see."""
    return Access(
        offices=None
        if client.all_offices
        else frozenset(client.offices.values_list("pk", flat=True)),
        sees_protected=client.sees_protected,
    )


def client_through(user: User) -> ApiClient | None:
    """Return the system that acts through this account; None for people and for the service."""
    if user.is_staff or user.is_superuser:
        return None
    client: ApiClient | None = user.cases_apiclient.first()
    return client


class Permissions(ModelBackend):
    """People by their groups; a client's account by its scopes, whatever it was given besides."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if isinstance(user_obj, User) and obj is None and user_obj.is_active:
            # Kept on the account for one request, as the base class keeps those of people.
            if not hasattr(user_obj, "_of_scopes"):
                client = client_through(user_obj)
                user_obj._of_scopes = (  # type: ignore[attr-defined]
                    None
                    if client is None
                    else {STAFF_PERMISSIONS[s][0] for s in client.scopes if s in SCOPES}
                )
            if user_obj._of_scopes is not None:  # type: ignore[attr-defined]
                return set(user_obj._of_scopes)  # type: ignore[attr-defined]
        return super().get_all_permissions(user_obj, obj)


class ClientScopes(BaseScopes):
    """Scopes per client: a token carries no scope that its client was not given."""

    def get_all_scopes(self) -> dict[str, str]:
        return dict(SCOPES)

    def get_available_scopes(
        self, application: ApiClient | None = None, *_args: Any, **_kwargs: Any
    ) -> list[str]:
        return [] if application is None else [s for s in SCOPES if s in application.scopes]

    def get_default_scopes(
        self, application: ApiClient | None = None, *_args: Any, **_kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)
