"""What the parties filed in a case: applications for relief, and motions."""

from typing import NamedTuple

from cases.synthetic.days import STAMP, day, stamp
from cases.synthetic.decisions import APPLICATION_DECISIONS
from cases.synthetic.pools import Rand, pick
from cases.synthetic.record import CaseRecord
from cases.synthetic.sheets import Sheets
from cases.synthetic.timeline import Proceeding

_ASYLUM_SETS = (("ASYL",),) * 70 + (("ASYL", "ASYW"),) * 12 + (("ASYL", "ASYW", "WCAT"),) * 18
_WITHHOLDING_SETS = (("ASYW", "WCAT"), ("WCAT",))
_OTHER_RELIEF = ("42B",) * 60 + ("245",) * 15 + ("VD",) * 12 + ("42A",) * 8 + (
    "212h", "237H", "212c", "I881", "202",
)  # fmt: skip
_CHANCE_OF_MOTION = 0.22
_MOTIONS = ("CO",) * 34 + ("TA",) * 8 + ("TV",) * 10 + ("EH",) * 6 + ("WC",) * 8 + ("WV",) * 5 + (
    "CA", "SC", "ET", "MD", "AN", "CS", "PA", "SP", "CL", "OT", "TP", "TP", "CV", "CV", "CV",
)  # fmt: skip
_RECENT_MOTIONS = ("AC", "TP", "TP", "U", "U", "U")
_RECENT = day(2022, 4)
_FY2012, _FY2018 = day(2011, 10), day(2017, 10)


class Motion(NamedTuple):
    on: int
    code: str
    party: str
    decision: str


def application_rows(rand: Rand, sheets: Sheets, record: CaseRecord) -> None:
    course = record.course
    codes: tuple[str, ...] = ()
    if course.case_type == "WHO":
        codes = pick(rand, _WITHHOLDING_SETS)
    elif course.case_type == "NAC":
        codes = ("202",)
    elif course.case_type in ("RMV", "DEP", "EXC", "AOC"):
        wins = record.last.outcome.ends in ("relief", "withholding", "cat")
        if record.affirmative or rand() < (0.97 if wins else 0.74):
            codes = pick(rand, _ASYLUM_SETS)
        if rand() < (0.04 if codes else 0.25):
            codes = (*codes, pick(rand, _OTHER_RELIEF))
    if not codes:
        return
    outcome = record.last.outcome
    answers = APPLICATION_DECISIONS[outcome.ends]
    end = record.last.ended or record.until
    received = course.filed + int((end - course.filed) * 0.5 * rand() * rand())
    if record.affirmative:
        received = min(received, course.filed + 30)
    rows = sheets.rows["tbl_Court_Appln"]
    for code in codes:
        decision = pick(rand, answers.get(code) or answers.get("") or ("",))
        rows.append(
            f"{sheets.next_id('tbl_Court_Appln')}\t{record.proceedings[-1]}\t{record.number}"
            f"\t{code:<5}\t{STAMP[received]}\t{decision}"
        )


def motion_rows(
    rand: Rand, sheets: Sheets, record: CaseRecord, *, idn: int, proceeding: Proceeding
) -> None:
    """Write the motions that a proceeding's end implies, and the usual ones."""
    outcome, ended = proceeding.outcome, proceeding.ended
    end = ended or record.until
    filed: list[Motion] = []
    if outcome.other == "C":
        filed.append(Motion(end, "CV", "A", "G"))
    elif outcome.decision == "U" and rand() < 0.8:
        filed.append(Motion(end, "U", "I" if rand() < 0.75 else "B", "G"))
    elif outcome.other in ("A", "Y", "M") and rand() < 0.7:
        filed.append(Motion(end, "AC", "A" if rand() < 0.6 else "B", "G"))
    elif (outcome.decision == "T" or outcome.other == "I") and rand() < 0.6:
        filed.append(Motion(end, "TP", "A" if rand() < 0.7 else "I", "G"))
    if proceeding.broken_by == "reopened":
        filed.append(Motion(end + 20, "MA" if rand() < 0.6 else "O", "A", "G"))
    elif proceeding.broken_by == "recalendared":
        filed.append(Motion(end + 20, "C", "I" if rand() < 0.75 else "A", "G"))
    elif ended and outcome.ends == "absentia" and rand() < 0.12:
        filed.append(Motion(end + 60, "MA", "A", "D"))
    while rand() < _CHANCE_OF_MOTION + (0.06 if record.represented_on else 0):
        on = proceeding.started + int((end - proceeding.started) * rand())
        code = pick(rand, _MOTIONS)
        if rand() < 0.12 and (on >= _RECENT or _FY2012 <= on < _FY2018):
            code = pick(rand, _RECENT_MOTIONS)
        party = "I" if code == "U" or rand() < 0.1 else ("B" if rand() < 0.05 else "A")
        draw = rand()
        filed.append(Motion(on, code, party, "G" if draw < 0.55 else ("D" if draw < 0.8 else "")))
    for motion in filed:
        _motion_row(rand, sheets, record, idn=idn, proceeding=proceeding, motion=motion)


def _motion_row(
    rand: Rand,
    sheets: Sheets,
    record: CaseRecord,
    *,
    idn: int,
    proceeding: Proceeding,
    motion: Motion,
) -> None:
    on = min(motion.on, record.until)
    received = STAMP[max(record.course.filed, on - int(20 * rand()))]
    decided = STAMP[on] if motion.decision else ""
    sheets.rows["tbl_Court_Motions"].append(
        f"{sheets.next_id('tbl_Court_Motions')}\t{idn}\t{record.number}"
        f"\t{STAMP[record.course.filed]}\t{motion.code}\t0\t0\t{STAMP[on]}\t1500\t{received}"
        f"\t0930\t\t{proceeding.court.code}\t{proceeding.location}\t{proceeding.judge}\t"
        f"\t{motion.decision}\t{decided}\t{received}\t\t\t\t\t\t\t\t\t\t\t\t\t\t{motion.party}"
        f"\tW\tE\t\t{stamp(record.represented_on)}\t\t\t\t"
    )
