"""What the page of a case shows, asked for piece by piece by its template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, Q
from django.utils.functional import cached_property

from cases.access import Access
from cases.encounters.status import entered_during
from cases.intake.codes import decision
from cases.models import Case, CodeMeaning, FamilyLink, RecordRead, Review, states
from cases.workflow.opening import origins_of
from screening.birthdays import without_birth
from screening.explain import EVIDENCE, Explanation, explain
from screening.models import Determination
from screening.models.evidence import Evidence

HEARINGS_SHOWN = 40
F_NEWEST = F("hearing_on").desc(nulls_last=True)
READS_SHOWN = 10
# A column of the courts, and the lookup table that its codes come from.
LOOKUPS = {
    "adjournment": "tblAdjournmentCodes",
    "application": "tblLookUp_Appln",
    "application_decision": "tblLookupCourtAppDecisions",
    "appeal_decision": "tblLookupBIADecision",
    "calendar": "tbllookupCal_Type",
    "case_type": "tblLookupCaseType",
    "charge": "tbllookupCharges",
    "city": "tblLookupBaseCity",
    "custody": "tblLookupCustodyStatus",
    "language": "tblLanguage",
    "motion": "tblLookupMotionType",
}


@dataclass(frozen=True, slots=True)
class Relative:
    """A lead or rider; `case` only where the reader may see it."""

    role: str
    idncase: int
    case: Case | None
    linked_on: date | None
    severed_on: date | None


class CasePage:
    """One case as one reader may see it. Every part is one query, however much there is."""

    def __init__(self, case: Case, *, user: User, access: Access) -> None:
        self.case = case
        self.access = access
        self.user = user
        self.names_respondent = user.has_perm("cases.view_respondent")

    # The judgement

    @cached_property
    def history(self) -> list[Determination]:
        return list(
            self.case.determinations.select_related(
                "policy_version", "requested_by", "bulk_review"
            ).order_by("-pk")
        )

    @cached_property
    def current(self) -> Determination | None:
        return next((d for d in self.history if d.superseded_at is None), None)

    @cached_property
    def explanation(self) -> Explanation | None:
        """Return the reasons; without birthdays for who may not see the respondent."""
        if self.current is None:
            return None
        self.current.case = self.case
        explained = explain(self.current)
        return explained if self.names_respondent else without_birth(explained, self.current)

    @cached_property
    def leading_label(self) -> str:
        explained = self.explanation
        if explained is None:
            return ""
        return next((c.label for c in explained.criteria if c.code == explained.leading), "")

    @cached_property
    def answers(self) -> dict[str, int]:
        """Return how many criteria gave each answer."""
        counts: dict[str, int] = dict.fromkeys(("holds", "unknown", "stale", "clear"), 0)
        if self.explanation is not None:
            for line in self.explanation.criteria:
                counts[line.answer] += 1
        return {answer: n for answer, n in counts.items() if n}

    # The office's review of it

    @cached_property
    def sees_reviews(self) -> bool:
        return self.user.has_perm("cases.view_review")

    @cached_property
    def review(self) -> Review | None:
        """Return the open review, or the latest that has ended."""
        reviews = self.case.reviews.select_related("attorney")
        return reviews.open().first() or reviews.order_by("-pk").first()

    @cached_property
    def review_ended(self) -> bool:
        return self.review is not None and self.review.status in states.ENDED

    @cached_property
    def openable(self) -> list[tuple[str, str]]:
        """Return at whose word the reader may open a review now."""
        if self.review is not None and not self.review_ended:
            return []
        return [(origin, Review.Origin(origin).label) for origin in origins_of(self.user)]

    # The record of the courts

    @cached_property
    def meanings(self) -> dict[tuple[str, str], str]:
        tables = {table: name for name, table in LOOKUPS.items()}
        found = CodeMeaning.objects.filter(table__in=tables, qualifier="")
        return {
            (tables[table], code): text
            for table, code, text in found.values_list("table", "code", "description")
        }

    def says(self, what: str, code: str) -> str:
        """Return what a code means, with the code; the code alone where no table has it."""
        if not code:
            return ""
        meaning = self.meanings.get((what, code))
        return f"{meaning} ({code})" if meaning else code

    @cached_property
    def case_type(self) -> str:
        return self.says("case_type", self.case.case_type)

    @cached_property
    def custody(self) -> str:
        return self.says("custody", self.case.custody)

    @cached_property
    def language(self) -> str:
        return self.says("language", self.case.respondent.language_code)

    @cached_property
    def entered_during(self) -> str:
        """Return whether the day of entry fell in a suspension; nothing else follows from it."""
        return entered_during(self.case.entry_on) if self.case.entry_on else ""

    @cached_property
    def proceedings(self) -> list[dict[str, Any]]:
        return [
            {
                "row": p,
                "city": self.says("city", p.base_city),
                "decision": decision(p.case_type, p.decision_code, p.other_completion),
                "codes": " ".join(filter(None, (p.decision_code, p.other_completion))),
            }
            for p in self.case.proceedings.order_by("opened_on", "pk")
        ]

    @cached_property
    def hearings(self) -> list[dict[str, Any]]:
        newest = self.case.hearings.order_by(F_NEWEST, "-pk")[:HEARINGS_SHOWN]
        return [
            {
                "row": h,
                "calendar": self.says("calendar", h.calendar),
                "city": self.says("city", h.base_city),
                "adjourned": self.says("adjournment", h.adjournment_reason),
            }
            for h in newest
        ]

    @cached_property
    def charges(self) -> list[str]:
        codes = self.case.charges.order_by("pk").values_list("code", flat=True)
        return [self.says("charge", code) for code in dict.fromkeys(codes)]

    @cached_property
    def applications(self) -> list[dict[str, Any]]:
        return [
            {
                "row": a,
                "what": self.says("application", a.code),
                "decision": self.says("application_decision", a.decision),
            }
            for a in self.case.applications.order_by("received_on", "pk")
        ]

    @cached_property
    def motions(self) -> list[dict[str, Any]]:
        return [
            {"row": m, "what": self.says("motion", m.code)}
            for m in self.case.court_motions.order_by("received_on", "pk")
        ]

    @cached_property
    def appeals(self) -> list[dict[str, Any]]:
        return [
            {"row": a, "decision": self.says("appeal_decision", a.decision)}
            for a in self.case.appeals.order_by("filed_on", "pk")
        ]

    @cached_property
    def custody_periods(self) -> list[dict[str, Any]]:
        return [
            {"row": c, "what": self.says("custody", c.custody)}
            for c in self.case.custody_periods.order_by("detained_on", "pk")
        ]

    @cached_property
    def family(self) -> list[Relative]:
        mine = self.case.idncase
        if mine is None:
            return []
        links = FamilyLink.objects.filter(lead=mine) | FamilyLink.objects.filter(rider=mine)
        found = list(links.order_by("pk"))
        others = {x.rider_id if x.lead_id == mine else x.lead_id for x in found}
        seen = {
            c.idncase: c for c in Case.objects.visible_to(self.access).filter(idncase__in=others)
        }
        return [
            Relative(
                role="rider" if x.lead_id == mine else "lead",
                idncase=(other := x.rider_id if x.lead_id == mine else x.lead_id),
                case=seen.get(other),
                linked_on=x.linked_on,
                severed_on=x.severed_on,
            )
            for x in found
        ]

    # After closure

    @cached_property
    def may_see_aftermath(self) -> bool:
        """Return whether there is an after, and the reader may see it."""
        after = self.case.status in states.CLOSED or bool(self.line)
        return after and self.user.has_perm("cases.view_restartreview")

    @cached_property
    def line(self) -> list[tuple[str, Case]]:
        """Return the cases before and after this one that the reader may see."""
        near = Q(predecessor=self.case) | Q(pk=self.case.predecessor_id)
        return [
            ("Follows" if other.pk == self.case.predecessor_id else "Followed by", other)
            for other in Case.objects.visible_to(self.access).filter(near).order_by("pk")
        ]

    # Evidence and audit

    @cached_property
    def evidence(self) -> list[tuple[str, str, list[Evidence]]]:
        """Return the current evidence by kind, of those kinds that the reader may see."""
        return [
            (str(model._meta.verbose_name_plural), model._meta.model_name or "", rows)
            for model in EVIDENCE.values()
            if self.user.has_perm(f"screening.view_{model._meta.model_name}")
            for rows in [
                list(
                    model._default_manager.filter(
                        respondent_id=self.case.respondent_id, superseded_at=None
                    ).order_by("-pk")
                )
            ]
        ]

    @cached_property
    def reads(self) -> list[RecordRead]:
        if not self.user.has_perm("cases.view_recordread"):
            return []
        return list(
            RecordRead.objects.filter(case_uuid=self.case.uuid)
            .select_related("client", "user")
            .order_by("-pk")[:READS_SHOWN]
        )
