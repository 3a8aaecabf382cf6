"""What a criterion answers."""

from __future__ import annotations

from datetime import date

from screening.findings import Answer, Finding, clear, holds, stale, unknown

DAY = date(2024, 1, 15)


def test_each_answer_carries_what_it_rests_on():
    assert clear("Enough is known.") == Finding(Answer.CLEAR, "Enough is known.", (), None, "")
    assert clear("Until then.", DAY) == Finding(Answer.CLEAR, "Until then.", (), DAY, "")
    assert unknown("Nobody looked.", "a check") == Finding(
        Answer.UNKNOWN, "Nobody looked.", (), None, "a check"
    )
    assert holds("It does.") == Finding(Answer.HOLDS, "It does.", (), None, "")
    assert holds("It does.", ("c1",), DAY) == Finding(Answer.HOLDS, "It does.", ("c1",), DAY, "")
    assert stale("Too old.", ("b:tecs",), "new TECS check") == Finding(
        Answer.STALE, "Too old.", ("b:tecs",), None, "new TECS check"
    )


def test_an_equal_answer_is_the_same_one():
    assert clear("Enough is known.", DAY) is clear("Enough is known.", DAY)
    assert unknown("Nobody looked.", "a check") is unknown("Nobody looked.", "a check")
