"""What the rows of one case share: the person, the course of the case, the days on record."""

from dataclasses import dataclass, field

from cases.synthetic.people import Person
from cases.synthetic.pools import Rand, between
from cases.synthetic.timeline import Course, Proceeding


@dataclass(slots=True)
class CaseRecord:
    """What the rows of one case share."""

    person: Person
    course: Course
    number: int
    entered: int
    affirmative: bool
    represented_on: int
    until: int
    proceedings: list[int] = field(default_factory=list)

    @property
    def last(self) -> Proceeding:
        return self.course.proceedings[-1]


def make_record(
    rand: Rand, *, person: Person, course: Course, number: int, until: int
) -> CaseRecord:
    filed = course.filed
    affirmative = course.custody == "N" and not person.unaccompanied and rand() < 0.29
    if affirmative:
        entered = filed - between(rand, 500, 4500)
    elif rand() < 0.62:
        entered = filed - between(rand, 0, 45)
    else:
        entered = filed - between(rand, 46, 4800)
    entered = max(entered, person.born + 30)
    represented_on = 0
    if rand() < 0.6:
        end = course.proceedings[-1].ended or until
        represented_on = filed + int((end - filed) * 0.6 * rand() * rand())
    return CaseRecord(
        person=person,
        course=course,
        number=number,
        entered=entered,
        affirmative=affirmative,
        represented_on=represented_on,
        until=until,
    )
