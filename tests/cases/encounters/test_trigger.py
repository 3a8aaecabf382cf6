"""Proclamation 10773 and its amendment: when a suspension stops, starts and goes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.encounters.files import spread
from cases.encounters.trigger import (
    DEFAULT,
    NEW_YORK,
    ONE_DAY,
    PROCLAIMED,
    RULES,
    AcrossAmendment,
    Act,
    Change,
    Kind,
    Readings,
    Status,
    TwentyEightDays,
    changes,
    counted,
    periods,
    proposal,
    read,
    rule_on,
    standing,
    sum_of_seven,
)
from cases.models.encounters import Category
from tests.cases.encounters.series import INACTIVE, ONE, START, TWENTY_EIGHT, daily, play, until

JULY, AUGUST, SEPTEMBER = 7, 8, 9
any_time = settings(deadline=None)  # a busy machine is no mistake


def act(kind, month, day):
    return Act(Kind(kind), date(2024, month, day))


def effects(acts, before=()):
    """Return what took effect on which day."""
    return [(c.status.value, c.on) for c in changes([*before, *acts]) if c.on >= START]


@pytest.mark.parametrize(
    ("numbers", "rules", "before", "acts", "effect"),
    [
        pytest.param([1500] * 60, ONE, (), [], [], id="1: 1,500 exactly does not lift"),
        pytest.param(
            [1499] * 60,
            ONE,
            (),
            [act("stop", JULY, 7)],
            [("discontinued", date(2024, 7, 21))],
            id="2: one average below, then fourteen days",
        ),
        pytest.param(
            [1499] * 60,
            TWENTY_EIGHT,
            (),
            [act("stop", AUGUST, 3)],
            [("discontinued", date(2024, 8, 17))],
            id="3: twenty-eight averages below",
        ),
        pytest.param(
            [1500] * 6 + [1499],
            ONE,
            (),
            [act("stop", JULY, 7)],
            [("discontinued", date(2024, 7, 21))],
            id="4: a sum of 10,499",
        ),
        pytest.param(
            [1400] * 7 + [2600] * 53,
            ONE,
            (),
            [act("stop", JULY, 7), act("cancel", JULY, 14)],
            [],
            id="5: 2,500 in the fourteen days cancels",
        ),
        pytest.param(
            [1400] * 33 + [2500] + [1400] * 50,
            TWENTY_EIGHT,
            (),
            [act("stop", SEPTEMBER, 6)],
            [("discontinued", date(2024, 9, 20))],
            id="6: one bad day begins the run anew",
        ),
        pytest.param(
            [2000] * 7 + [2500] * 30,
            ONE,
            INACTIVE,
            [act("start", JULY, 14)],
            [("in-effect", date(2024, 7, 15))],
            id="7: 2,500 exactly starts on the next day",
        ),
        pytest.param([2499] * 60, ONE, INACTIVE, [], [], id="8: 2,499 never starts"),
        pytest.param(
            [1400] * 25 + [2000] * 35,
            ONE,
            (),
            [act("stop", JULY, 7)],
            [("discontinued", date(2024, 7, 21))],
            id="9: lifted, between the two it stays lifted",
        ),
    ],
)
def test_vector(numbers, rules, before, acts, effect):
    made = play(daily(*numbers), rules=rules, acts=before)

    assert made == acts
    assert effects(made, before) == effect


def test_the_first_suspension_needs_no_determination():
    (change,) = changes([])

    assert change.at == datetime(2024, 6, 5, 4, 1, tzinfo=UTC)  # 00:01 in New York
    assert standing([], on=date(2024, 6, 4)).status == Status.NOT_YET
    assert standing([], on=PROCLAIMED).status == Status.IN_EFFECT


def test_without_a_determination_nothing_takes_effect():
    days = read(daily(*[900] * 60), rules=ONE)

    assert all(r.low for r in days[6:])
    assert standing([], on=days[-1].day).status == Status.IN_EFFECT
    assert proposal(days[-1], standing([], on=days[-1].day)) == Kind.STOP


def test_the_fourteen_days_begin_with_the_determination_and_not_with_the_data():
    late = act("stop", JULY, 19)  # of an average that was below 1,500 on 7 July

    assert effects([late]) == [("discontinued", date(2024, 8, 2))]


@pytest.mark.parametrize("rising", [1500, 2000, 2499])
def test_in_the_fourteen_days_only_2500_cancels(rising):
    made = play(daily(*[1400] * 7, *[rising] * 30), rules=ONE)

    assert [a.kind for a in made] == [Kind.STOP]


def test_a_suspension_stopped_can_start_and_stop_again():
    made = play(daily(*[1400] * 21, *[2600] * 21, *[1400] * 30), rules=ONE)

    assert [a.kind for a in made] == [Kind.STOP, Kind.START, Kind.STOP]
    assert [p.status for p in periods(made)] == [
        *("in-effect", "discontinued", "in-effect", "discontinued", "historical"),
    ]


# Days that are not on record


def test_a_missing_day_is_not_zero():
    days = read(daily(*[1400] * 10, None, *[1400] * 10), rules=ONE)
    unknown = [r.day for r in days if r.sum7 is None]

    # The first six, and the seven windows that the missing day lies in.
    assert unknown == [START + n * ONE_DAY for n in (*range(6), *range(10, 17))]
    assert not any(r.low or r.high or r.run for r in days if r.sum7 is None)


def test_a_missing_day_breaks_the_run():
    made = play(daily(*[1400] * 33, None, *[1400] * 40), rules=TWENTY_EIGHT)

    # Twenty-seven averages to 2 August; the next window without the gap ends on 10 August.
    assert made == [act("stop", SEPTEMBER, 6)]


def test_a_day_counts_only_when_each_of_its_parts_is_on_record():
    rule = RULES[0]
    without = {START: {Category.OTHERS: 900}}
    with_them = {START: {Category.OTHERS: 900, Category.CHILDREN_CONTIGUOUS: 10}}

    assert counted(without, START, rule) is None
    assert counted(with_them, START, rule) == 910


# The amendment of 1 October 2024


def test_children_count_by_the_day_of_the_encounter():
    first = date(2024, 9, 25)
    counts = daily(*[1000] * 12, first=first, children=100)

    assert sum_of_seven(counts, date(2024, 10, 1)) == 7_100
    assert sum_of_seven(counts, date(2024, 10, 4)) == 7_400


MONTHS = {  # all encounters, and children of countries that do not adjoin; domain brief, 7.4
    (2024, 10): (56_520, 3_891),
    (2024, 11): (46_612, 4_022),
    (2024, 12): (47_324, 4_664),
}


def test_november_and_december_2024_were_below_1500_only_by_the_old_count():
    counts = {}
    for (year, month), (total, children) in MONTHS.items():
        of_others = dict(spread(year, month, total - children))
        for day, n in spread(year, month, children):
            counts[day] = {
                Category.OTHERS: of_others[day],
                Category.CHILDREN_CONTIGUOUS: 0,
                Category.CHILDREN_ELSEWHERE: n,
            }
    new, old = read(counts), read(counts, rules=ONE)

    asked = [n for n, r in enumerate(new) if r.day >= date(2024, 11, 7)]
    assert not any(new[n].low for n in asked)
    assert all(old[n].low for n in asked)
    assert [new[-1].sum7 // 7, old[-1].sum7 // 7] == [1526, 1376]
    assert play(counts) == []
    assert play(counts, rules=ONE) != []


def test_before_and_after_the_amendment_the_days_needed_differ():
    assert [rule_on(date(2024, 9, 30)).days_below, rule_on(date(2024, 10, 1)).days_below] == [1, 28]
    assert rule_on(date(2024, 1, 1)) == RULES[0]


@pytest.mark.parametrize(
    ("reading", "day"),
    [
        (TwentyEightDays.AVERAGES, date(2024, 11, 6)),  # 34 days of data from 4 October
        (TwentyEightDays.DATA, date(2024, 10, 31)),  # 28 days of data
    ],
)
def test_open_reading_c_twenty_eight_averages_or_days_of_data(reading, day):
    first = date(2024, 10, 4)

    made = play(daily(*[1400] * 60, first=first), readings=Readings(twenty_eight_days=reading))

    assert made == [Act(Kind.STOP, day)]
    assert until(first, day) == {"averages": 34, "data": 28}[reading.value]


@pytest.mark.parametrize(
    ("children", "reading", "run"),
    [
        (0, AcrossAmendment.RECOMPUTED, 26),
        (0, AcrossAmendment.CARRIED, 26),
        (200, AcrossAmendment.RECOMPUTED, 1),
        (200, AcrossAmendment.CARRIED, 26),
    ],
)
def test_open_reading_d_a_run_that_reaches_the_amendment(children, reading, run):
    """With 200 children a day September is below 1,500 only where they are left out."""
    counts = daily(*[1400] * 31, first=date(2024, 8, 31), children=children)
    counts |= daily(*[1400] * 1, first=date(2024, 10, 1), children=children)

    last = read(counts, readings=Readings(across_amendment=reading))[-1]

    assert (last.day, last.sum7) == (date(2024, 10, 1), 9_800 + children)
    assert last.run == run


# The end


def test_after_20_january_2025_the_counter_is_history():
    stop = Act(Kind.STOP, date(2025, 1, 10))  # its fourteen days were not over

    assert standing([stop], on=date(2025, 1, 20)).pending == stop
    assert standing([stop], on=date(2025, 1, 21)).status == Status.HISTORICAL
    assert [p.status for p in periods([stop])] == [Status.IN_EFFECT, Status.HISTORICAL]
    days = read(daily(*[200] * 40, first=date(2025, 1, 1)))
    assert proposal(days[-1], standing([], on=days[-1].day)) is None


# Time


@pytest.mark.parametrize(
    ("on", "utc"),
    [
        (date(2024, 11, 3), datetime(2024, 11, 3, 4, 1, tzinfo=UTC)),  # clocks go back at two
        (date(2024, 11, 4), datetime(2024, 11, 4, 5, 1, tzinfo=UTC)),
        (date(2025, 3, 9), datetime(2025, 3, 9, 5, 1, tzinfo=UTC)),  # clocks go forward at two
        (date(2025, 3, 10), datetime(2025, 3, 10, 4, 1, tzinfo=UTC)),
        (date(2024, 2, 29), datetime(2024, 2, 29, 5, 1, tzinfo=UTC)),
    ],
)
def test_0001_is_local(on, utc):
    assert Change(on, Status.IN_EFFECT).at == utc


def test_fourteen_calendar_days_pass_a_leap_day_and_a_change_of_clocks():
    assert Act(Kind.STOP, date(2024, 2, 20)).effective_on == date(2024, 3, 5)
    assert Act(Kind.STOP, date(2023, 2, 20)).effective_on == date(2023, 3, 6)
    assert Act(Kind.STOP, date(2024, 10, 25)).effective_on == date(2024, 11, 8)


@any_time
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_0001_is_on_every_day_once(on):
    at = Change(on, Status.IN_EFFECT).at

    there_and_back = at.astimezone(UTC).astimezone(NEW_YORK)
    assert there_and_back.replace(tzinfo=None) == at.replace(tzinfo=None)
    assert at.replace(fold=1).utcoffset() == at.utcoffset()


@pytest.mark.parametrize("first", [date(2024, 2, 26), date(2024, 12, 28)])
def test_seven_days_are_calendar_days_over_leap_days_weekends_and_holidays(first):
    (last,) = (r for r in read(daily(1, 2, 4, 8, 16, 32, 64, first=first)) if r.sum7 is not None)

    assert (last.day, last.sum7) == (first + 6 * ONE_DAY, 127)


# What holds for all counts

NUMBERS = st.lists(st.integers(0, 4_000) | st.none(), max_size=70)
ANY_ACTS = st.lists(
    st.builds(
        Act,
        st.sampled_from(Kind),
        st.dates(date(2024, 6, 5), date(2025, 1, 20)),
    ),
    max_size=8,
    unique_by=lambda a: a.determined_on,
)


@any_time
@given(st.lists(st.integers(1_500, 2_499), max_size=90), st.sampled_from([(), INACTIVE]))
def test_inside_the_band_nothing_ever_changes(numbers, before):
    for rules in (ONE, TWENTY_EIGHT):
        assert play(daily(*numbers), rules=rules, acts=before) == []


@any_time
@given(NUMBERS)
def test_acts_alternate_and_each_rests_on_its_sum(numbers):
    counts = daily(*numbers)
    sums = {r.day: r for r in read(counts, rules=ONE)}

    standing_before = Status.IN_EFFECT
    for made in play(counts, rules=ONE):
        reading = sums[made.determined_on]
        assert reading.low if made.kind == Kind.STOP else reading.high
        if made.kind == Kind.START:
            assert standing_before == Status.DISCONTINUED
        standing_before = Status.DISCONTINUED if made.kind == Kind.STOP else Status.IN_EFFECT


@any_time
@given(NUMBERS, NUMBERS)
def test_what_is_counted_later_changes_no_earlier_reading(numbers, more):
    longer = {r.day: r for r in read(daily(*numbers, *more))}

    for reading in read(daily(*numbers)):
        assert longer[reading.day] == reading


@any_time
@given(NUMBERS)
def test_a_sum_is_what_adding_up_gives(numbers):
    for reading in read(daily(*numbers), readings=DEFAULT, rules=ONE):
        last = (reading.day - START) // ONE_DAY
        window = numbers[max(0, last - 6) : last + 1]
        whole = len(window) == 7 and None not in window
        assert reading.sum7 == (sum(window) if whole else None)


@any_time
@given(ANY_ACTS, st.dates(date(2024, 6, 1), date(2025, 1, 20)))
def test_periods_leave_no_gap_and_agree_with_what_stands(acts, on):
    found = periods(acts)
    stands = standing(acts, on=on)

    assert [p.begins for p in found[1:]] == [p.ends for p in found[:-1]]
    assert found[-1].ends is None
    # A later act can take back what was pending, never what has taken effect.
    (there,) = [p for p in found if p.begins.on <= on and (p.ends is None or on < p.ends.on)] or [
        None
    ]
    assert (there.status if there else Status.NOT_YET) == stands.status


@any_time
@given(st.integers(0, 10**6), st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_month_is_spread_whole_and_even(total, day):
    days = dict(spread(day.year, day.month, total))

    assert sum(days.values()) == total
    assert max(days.values()) - min(days.values()) <= 1
    first = min(days)
    assert list(days) == [first + timedelta(days=n) for n in range(len(days))]
    assert (max(days) + ONE_DAY).day == 1
