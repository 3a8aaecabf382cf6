"""Who may see what of the judgement: the record's access, carried over to its tables."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Exists, OuterRef, QuerySet

from cases.access import Access
from cases.models import Case
from screening.models import BulkReview, Determination, Simulation
from screening.models.determination import DeterminationQuerySet
from screening.models.evidence import Evidence
from screening.models.runs import Run

R = TypeVar("R", bound=Run)
E = TypeVar("E", bound=Evidence)


def visible_determinations(access: Access) -> DeterminationQuerySet:
    """Return the determinations, current and superseded, of the cases this access may see."""
    return Determination.objects.filter(access.condition("case__"))


def visible_bulk_reviews(access: Access) -> QuerySet[BulkReview]:
    """Return the bulk reviews of which this access may see every office.

    Their numbers include cases that 8 U.S.C. 1367 protects; no case can be told from them.
    """
    return _of_visible_offices(BulkReview.objects.all(), access)


def visible_simulations(access: Access) -> QuerySet[Simulation]:
    """Return the simulations of which this access may see every office; as of bulk reviews."""
    return _of_visible_offices(Simulation.objects.all(), access)


def _of_visible_offices(runs: QuerySet[R], access: Access) -> QuerySet[R]:
    if access.offices is None:
        return runs
    return runs.filter(office_ids__contained_by=sorted(access.offices))


def visible_evidence(rows: QuerySet[E], access: Access) -> QuerySet[E]:
    """Return the evidence about respondents of whom this access may see a case."""
    if access.sees_every_case:
        return rows
    seen = Case.objects.visible_to(access).filter(respondent=OuterRef("respondent"))
    return rows.filter(Exists(seen))
