"""The summary table is what the plain query finds, whatever is on record."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from cases.intake.codes import ASYLUM_APPLICATIONS
from cases.models import Application, Case, CompletionCount, CourtOrder, Proceeding
from cases.statistics import plain, release, summary
from cases.statistics.dimensions import By
from cases.statistics.fiscal import first_day, fiscal_year, last_day
from cases.statistics.kinds import KIND_OF_ORDER, completion, in_absentia
from tests.cases.statistics.dockets import COURTS, make_docket
from tests.cases.workflow import cast

pytestmark = pytest.mark.django_db


def one_by_one():
    """Count the proceedings, and then the orders of our own record, as objects, one by one."""
    asked = set(
        Application.objects.filter(code__in=ASYLUM_APPLICATIONS).values_list("case_id", flat=True)
    )
    words = {True: "yes", False: "no", None: ""}
    ordered, completed = defaultdict(list), defaultdict(list)
    for order in CourtOrder.objects.filter(superseded_at=None, kind__in=KIND_OF_ORDER):
        ordered[order.case.idncase].append(order)
    for p in Proceeding.objects.exclude(completed_on=None):
        completed[p.case_id].append(p)
    counted = Counter()
    for p in Proceeding.objects.exclude(completed_on=None).select_related("case__respondent"):
        kind = completion(p.case_type, p.decision_code, p.other_completion)
        if kind is None:
            continue
        key = (
            p.completed_on.replace(day=1),
            p.base_city if p.base_city in COURTS else "",
            p.case.respondent.nationality or "",
            words[p.case.represented],
            p.custody or p.case.custody,
            p.case_type,
            words[p.case_id in asked],
            p.case.priority_code,
            "both" if any(same(order, p) for order in ordered[p.case_id]) else "courts",
            in_absentia(kind, p.absentia).value,
        )
        counted[key] += 1
    for idncase, orders in ordered.items():
        for order in orders:
            if any(same(order, p) for p in completed[idncase]):
                continue
            case = order.case
            key = (
                order.ordered_on.replace(day=1),
                case.court.code if case.court else "",
                case.respondent.nationality or "",
                words[case.represented],
                case.custody,
                case.case_type,
                words[idncase in asked],
                case.priority_code,
                "office",
                KIND_OF_ORDER[order.kind].value,
            )
            counted[key] += 1
    return counted


def same(order, proceeding):
    return abs(order.ordered_on - proceeding.completed_on) <= timedelta(days=7)


def summed():
    rows = CompletionCount.objects.values_list(*summary.KEY, "completions")
    return {key: n for *key, n in ((*row[:-1], row[-1]) for row in rows) for key in [tuple(key)]}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_table_is_what_the_proceedings_say(seed):
    make_docket(cases=400, seed=seed)
    release.refresh()
    assert summed() == one_by_one()

    Case.objects.filter(idncase__lte=100).update(represented=True, custody="D")
    Proceeding.objects.filter(case__lte=50).update(decision_code="U")
    Proceeding.objects.filter(case__gt=350).delete()
    release.refresh()

    assert summed() == one_by_one()


def test_every_record_is_in_the_random_dockets():
    make_docket(cases=400, seed=1)
    release.refresh()

    assert {group for _, group in summary.counts(By.RECORD)} == {"courts", "both", "office"}


def test_what_is_the_same_is_not_written_again():
    make_docket(cases=100, seed=4)
    release.refresh()
    before = set(CompletionCount.objects.values_list("pk", flat=True))

    Proceeding.objects.filter(idnproceeding=Proceeding.objects.first().pk).update(
        decision_code="U", completed_on=date(2030, 1, 1)
    )
    release.refresh()

    after = set(CompletionCount.objects.values_list("pk", flat=True))
    assert len(before - after) <= 2
    assert len(after - before) <= 2


@pytest.mark.parametrize("narrowed", [{}, {"asylum_only": True}, {"priority": "UC"}])
def test_fiscal_years_are_what_the_plain_query_finds(narrowed):
    make_docket(cases=400, seed=5)
    release.refresh()

    found = summary.counts(By.FISCAL_YEAR, **narrowed)

    assert len(found) >= 3
    for (year, _), counts in found.items():
        these = plain.completed(since=first_day(year), until=last_day(year), **narrowed)
        assert counts == {kind.value: n for kind, n in plain.count(these).items()}


def test_every_dimension_adds_up_to_the_years():
    make_docket(cases=400, seed=6)
    release.refresh()
    years = summary.counts(By.FISCAL_YEAR)

    for by in set(By) - {By.FORM}:
        totals: dict[int, Counter[str]] = {}
        for (year, _), counts in summary.counts(by).items():
            totals.setdefault(year, Counter()).update(counts)
        assert totals == {year: counts for (year, _), counts in years.items()}, by


def test_the_year_begins_in_october():
    assert fiscal_year(date(2023, 9, 30)) == 2023
    assert fiscal_year(date(2023, 10, 1)) == 2024


@pytest.mark.parametrize(
    ("form", "kind", "counted"),
    [
        ("administrative-closure", "close-administratively", "pd_administrative_closure"),
        ("dismissal", "dismiss", "dismissed"),
        ("dismissal", "terminate", "pd_termination"),
        ("dismissal", "deny-motion", None),
    ],
)
def test_an_order_on_a_motion_of_the_office_counts_at_once_and_once(form, kind, counted):
    attorney, supervisor = cast.person("attorney"), cast.person("supervisor")
    motion = cast.filed(cast.make_review(), by=attorney, supervisor=supervisor, form=form)
    case = cast.ordered(motion, kind, by=cast.person("recorder", everywhere=True))
    release.refresh()
    found = {group: counts for (_, group), counts in summary.counts(By.RECORD).items()}
    assert found == ({"office": Counter([counted])} if counted else {})

    Proceeding.objects.create(
        idnproceeding=1,
        case=case,
        case_type="RMV",
        decision_code="U",
        completed_on=cast.ON + timedelta(days=7),
    )
    release.refresh()

    found = {group: counts.total() for (_, group), counts in summary.counts(By.RECORD).items()}
    assert found == {"both" if counted else "courts": 1}


def test_an_order_without_a_motion_of_the_office_is_not_one_of_discretion():
    cast.closed_case("close-administratively")
    release.refresh()

    assert list(summary.counts(By.FISCAL_YEAR).values()) == [Counter(administrative_closure=1)]
