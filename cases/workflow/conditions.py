"""What is asked about respondents, families and the law, the same for every machine. Set-based."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.days import years_before
from cases.models import Authority, Case, FamilyLink, FormOfDiscretion, Review, states
from cases.models.review import RespondentPosition

CIRCUITS = (*map(str, range(1, 12)), "DC")
MONTH, YEAR = timedelta(days=31), timedelta(days=366)
ADULT_AT = 18

Position = RespondentPosition.Position
CONSENT = (Position.REQUESTED_PD, Position.JOINS, Position.NON_OPPOSITION)
AGAINST = (Position.OPPOSES, Position.WITHDREW_CONSENT)


def is_a_minor(on: date, prefix: str = "case__respondent__") -> Q:
    """Return the condition of being under 18, or not known not to be."""
    adult_since = years_before(on, ADULT_AT)
    minor = Q(**{f"{prefix}birth_date": None}) | Q(**{f"{prefix}juvenile": True})
    for precision, span in (("day", timedelta(0)), ("month", MONTH), ("year", YEAR)):
        born_after = {f"{prefix}birth_date__gt": adult_since - span}
        minor |= Q(**{f"{prefix}birth_precision": precision}, **born_after)
    return minor


def competency_in_question(prefix: str = "case__respondent__") -> Q:
    return Q(**{f"{prefix}competency_indicia": True})


def unrepresented(prefix: str = "case__") -> Q:
    """Return the condition of having no counsel on record; not known counts as none."""
    return ~Q(**{f"{prefix}represented": True})


def only_if(so: bool) -> Q:
    """Return the condition that everything meets, or nothing does."""
    return ~Q(pk__in=()) if so else Q(pk__in=())


def stated(*positions: str) -> Exists:
    """Return whether the current position of a review is one of these."""
    return Exists(
        RespondentPosition.objects.current().filter(review=OuterRef("pk"), position__in=positions)
    )


def standing_by_circuit(form: FormOfDiscretion, on: date) -> dict[str, Authority]:
    """Return for each circuit the authority that governs the form's motion that day.

    One that names the circuit goes before one for all, then the later one. A circuit without any
    is left out; "" is a court whose circuit is not on record: only what all circuits share is
    known of it.
    """
    in_force = [
        a
        for a in Authority.objects.filter(form=form, effective_from__lte=on)
        if a.effective_to is None or on < a.effective_to
    ]
    in_force.sort(key=lambda a: (bool(a.circuits), a.effective_from), reverse=True)
    found: dict[str, Authority] = {}
    for circuit in CIRCUITS:
        of_it = [a for a in in_force if not a.circuits or circuit in a.circuits]
        if of_it:
            found[circuit] = of_it[0]
    if len(found) == len(CIRCUITS) and len({a.standing for a in found.values()}) == 1:
        found[""] = next(a for a in in_force if not a.circuits)
    return found


def circuits(form: FormOfDiscretion, on: date) -> dict[str, set[str]]:
    """Return the circuits by what the authority there says of the form's motion."""
    by_standing: dict[str, set[str]] = defaultdict(set)
    for circuit, authority in standing_by_circuit(form, on).items():
        by_standing[authority.standing].add(circuit)
    return by_standing


def family_undecided() -> Q:
    """Return the condition that a pending case of the family has no decision of its own."""
    decided = Review.objects.filter(
        case=OuterRef("pk"),
        status__in=(*states.DECIDED, states.Review.MOTION_FILED, states.Review.GRANTED),
    )
    undecided = Case.objects.filter(status=Case.Status.PENDING).exclude(Exists(decided))
    active = FamilyLink.objects.exclude(active=False).filter(severed_on=None)
    return Q(
        Exists(
            active.filter(
                lead=OuterRef("case__idncase"), rider__in=undecided.values("idncase")
            ).exclude(rider=OuterRef("case__idncase"))
        )
    ) | Q(
        Exists(
            active.filter(
                rider=OuterRef("case__idncase"), lead__in=undecided.values("idncase")
            ).exclude(lead=OuterRef("case__idncase"))
        )
    )


def forms_of(reviews: QuerySet[Review]) -> list[FormOfDiscretion]:
    """Return the forms that are proposed or decided in these reviews."""
    return list(FormOfDiscretion.objects.filter(pk__in=reviews.order_by().values("form")))
