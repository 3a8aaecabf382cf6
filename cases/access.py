"""Who may see what: the one object that list, detail, search, export, feed and admin ask.

Deny first: without an office and without the permission for all of them nothing is visible, and a
case that 8 U.S.C. 1367 protects is visible only with the permission for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    "statistics:read": "Read the statistics; small counts are withheld.",
}
STAFF_PERMISSIONS = {
    "cases:read": "cases.view_case",
    "respondents:read": "cases.view_respondent",
    "screenings:write": "screening.add_determination",
    "bulk-reviews:read": "screening.view_bulkreview",
    "bulk-reviews:write": "screening.start_bulk_review",
    "policies:read": "screening.view_policyversion",
    "statistics:read": "cases.view_completioncount",
}
"""What a member of staff needs in place of a scope."""


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
    """Return what a member of staff may see; nothing for anyone who is not active staff."""
    if not isinstance(user, User) or not (user.is_active and user.is_staff):
        return NO_ACCESS
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
