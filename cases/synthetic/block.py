"""One block of the docket: households invented together, written as bytes for every file."""

import csv
import io
import random
from collections import Counter
from dataclasses import dataclass

from cases.synthetic import people
from cases.synthetic.court import lead_rider_rows, write_case
from cases.synthetic.defects import join_lines, plant
from cases.synthetic.evidence import Evidence, choose_criminal_charge, write_evidence
from cases.synthetic.outside_defects import spoil_evidence, spoil_identities
from cases.synthetic.people import Person
from cases.synthetic.pools import Rand, between, pick
from cases.synthetic.record import CaseRecord, make_record
from cases.synthetic.sheets import Sheets
from cases.synthetic.tables import FIRST_ID
from cases.synthetic.timeline import (
    Course,
    earlier_filing,
    filing_day,
    is_pending,
    make_course,
    make_earlier_course,
)

CASES_PER_BLOCK = 5_000
_RIDERS = (1,) * 45 + (2,) * 30 + (3,) * 17 + (4,) * 8


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make; `until` is the last day on record, in days since 1900."""

    cases: int
    seed: int
    defects: float
    until: int

    @property
    def blocks(self) -> int:
        return -(-self.cases // CASES_PER_BLOCK)

    def cases_in(self, block: int) -> int:
        return min(CASES_PER_BLOCK, self.cases - block * CASES_PER_BLOCK)


@dataclass(frozen=True, slots=True)
class Block:
    files: dict[str, bytes]
    rows: Counter[str]
    planted: Counter[str]


class _Maker:
    """Makes the cases of one block until there are as many as asked for."""

    def __init__(self, rand: Rand, *, plan: Plan, block: int) -> None:
        self.rand = rand
        self.until = plan.until
        self.first = block * CASES_PER_BLOCK
        self.wanted = plan.cases_in(block)
        self.made = 0
        self.invented = 0
        self.sheets = Sheets(block=block, cases_per_block=CASES_PER_BLOCK)
        self.evidence = Evidence()
        self.identities: list[list[str]] = []

    def make(self) -> None:
        while self.made < self.wanted:
            if self.wanted - self.made >= 2 and self.rand() < 0.10:
                self._family()
            else:
                self._alone()

    def _alone(self) -> None:
        rand = self.rand
        filed = filing_day(rand, self.until)
        nationality = people.nationality(rand)
        person = self._person(
            filed=filed,
            family=people.family_name(rand, nationality),
            nationality=nationality,
            language=people.language(rand, nationality),
            child=rand() < 0.03,
        )
        self._earlier_case(person, filed)
        pending = is_pending(rand, filed=filed, until=self.until)
        course = make_course(rand, filed=filed, until=self.until, pending=pending)
        self._case(person, course)
        self._finish(person)

    def _family(self) -> None:
        """Make a lead and riders, who share filing, hearings and outcome unless severed."""
        rand = self.rand
        filed = filing_day(rand, self.until)
        pending = is_pending(rand, filed=filed, until=self.until)
        nationality = people.nationality(rand)
        family, language = people.family_name(rand, nationality), people.language(rand, nationality)
        course = make_course(rand, filed=filed, until=self.until, pending=pending)
        lead: CaseRecord | None = None
        members = 1 + min(pick(rand, _RIDERS), self.wanted - self.made - 1)
        for member in range(members):
            if self.made == self.wanted:
                break
            person = self._person(
                filed=filed,
                family=family,
                nationality=nationality,
                language=language,
                child=member > 1 or (member == 1 and rand() < 0.6),
            )
            if lead is None:
                self._earlier_case(person, filed, spare=members - 1)
                lead = self._case(person, course)
            else:
                rider = self._case(person, self._rider_course(course), lead=lead)
                lead_rider_rows(rand, self.sheets, lead=lead, rider=rider)
            self._finish(person)

    def _rider_course(self, lead: Course) -> Course:
        """Return the lead's own course, or one that parted from it on the day of severance."""
        if self.rand() > 0.07 or self.until - lead.filed < 400:
            return lead
        course = make_course(self.rand, filed=lead.filed, until=self.until, pending=lead.pending)
        end = course.proceedings[-1].ended or self.until
        course.severed_on = between(self.rand, lead.filed + 10, end)
        return course

    def _person(
        self, *, filed: int, family: str, nationality: str, language: str, child: bool
    ) -> Person:
        self.invented += 1
        person = people.make_person(
            self.rand,
            number=self.first + self.invented,
            filed=filed,
            family=family,
            nationality=nationality,
            language=language,
            child=child,
        )
        choose_criminal_charge(self.rand, person)
        return person

    def _earlier_case(self, person: Person, filed: int, *, spare: int = 0) -> None:
        """Give some people an older case that is over, where there is room for one more."""
        if self.rand() > 0.085 or self.wanted - self.made < 2 + spare:
            return
        earlier = earlier_filing(self.rand, filed)
        if earlier and person.born < earlier:
            self._case(person, make_earlier_course(self.rand, filed=earlier, before=filed))

    def _case(
        self, person: Person, course: Course, *, lead: CaseRecord | None = None
    ) -> CaseRecord:
        number = FIRST_ID["A_TblCase"] + (self.first + self.made) * 3 + int(self.rand() * 3)
        self.made += 1
        record = make_record(
            self.rand, person=person, course=course, number=number, until=self.until
        )
        if lead:
            record.entered = min(max(lead.entered, person.born), course.filed)
            record.affirmative = lead.affirmative
        person.arrived = record.entered
        write_case(self.rand, self.sheets, record)
        return record

    def _finish(self, person: Person) -> None:
        """Write what is known of the person outside the courts."""
        rand = self.rand
        identified = [case for case in person.cases if rand() >= 0.015]
        if identified:
            write_evidence(rand, self.evidence, person, until=self.until)
            row = people.identity_row(rand, person, until=self.until)
            self.identities += [[str(case), *row] for case in identified]


def make_block(plan: Plan, block: int) -> Block:
    """Make the block; the same plan and number give the same bytes in any process."""
    rand = random.Random(f"{plan.seed}:{block}").random  # noqa: S311 - a seed, not a secret
    maker = _Maker(rand, plan=plan, block=block)
    maker.make()
    planted: Counter[str] = Counter()
    sheets, lines = maker.sheets.rows, maker.evidence.lines
    plant(rand, sheets, multiplier=plan.defects, planted=planted)
    spoil_identities(rand, maker.identities, multiplier=plan.defects, planted=planted)
    spoil_evidence(rand, lines, multiplier=plan.defects, planted=planted)
    files: dict[str, bytes] = {}
    rows: Counter[str] = Counter()
    for table, made in sheets.items():
        text = join_lines(rand, table, made, multiplier=plan.defects, planted=planted)
        files[table] = text.encode("cp1252")
        rows[table] = len(made)
    for name, made in lines.items():
        files[name] = "".join(f"{line}\n" for line in made).encode()
        rows[name] = len(made)
    text_file = io.StringIO(newline="")
    csv.writer(text_file, lineterminator="\n").writerows(maker.identities)
    files["respondents"] = text_file.getvalue().encode()
    rows["respondents"] = len(maker.identities)
    return Block(files, rows, planted)
