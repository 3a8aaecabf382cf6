"""The courts' rows for one case: the case, its proceedings, charges, custody and family."""

from cases.synthetic.courts import Court
from cases.synthetic.days import MONTH, STAMP, YEAR, day, stamp
from cases.synthetic.filings import application_rows, motion_rows
from cases.synthetic.people import Person, court_birth
from cases.synthetic.pools import Rand, between, pick
from cases.synthetic.record import CaseRecord
from cases.synthetic.representation import appeal_row, representative_rows
from cases.synthetic.sheets import Sheets
from cases.synthetic.timeline import Hearing, Proceeding

_PRIORITIES = ("N/A",) * 17 + ("CR", "AWC/ATD", "")
_SITES = ("M",) * 7 + ("I",) * 3
_CHARGE_STATUS = ("S",) * 55 + ("",) * 18 + ("O",) * 15 + ("N",) * 5 + ("W",) * 5 + ("s", "o")
_ENTRY_CHARGES = ("212a06Ai",) * 70 + ("212a07Ai  I",) * 30
_OVERSTAY_CHARGES = ("237a01B",) * 60 + ("237a01Ci",) * 25 + ("237a01A",) * 10 + ("212a06Ci",) * 5
_SECURITY_CHARGES = ("212a03Bi  I", "212a03Eiii", "237a04B", "237a04D")
_ASYLUM_SINCE = day(1998, 1)


def write_case(rand: Rand, sheets: Sheets, record: CaseRecord) -> None:
    """Write every court row of the case; the proceedings get their ids here."""
    course = record.course
    person = record.person
    latest: Hearing | None = None
    previous: Proceeding | None = None
    for number, proceeding in enumerate(course.proceedings):
        idn = sheets.next_id("B_TblProceeding")
        record.proceedings.append(idn)
        _proceeding_row(rand, sheets, record, idn=idn, number=number, previous=previous)
        _charge_rows(rand, sheets, record, idn=idn, repeated=number > 0)
        for hearing in proceeding.hearings:
            _schedule_row(rand, sheets, record, idn=idn, proceeding=proceeding, hearing=hearing)
        motion_rows(rand, sheets, record, idn=idn, proceeding=proceeding)
        if proceeding.outcome.ends in ("removal", "relief", "departure", "withholding"):
            appeal_row(rand, sheets, record, idn=idn, proceeding=proceeding)
        latest = proceeding.hearings[-1] if proceeding.hearings else latest
        previous = proceeding
    application_rows(rand, sheets, record)
    representative_rows(rand, sheets, record)
    _custody_rows(rand, sheets, record)
    person.pending = person.pending or course.pending
    person.cases.append(record.number)
    _case_row(rand, sheets, record, latest=latest)


def _address(rand: Rand, court: Court) -> tuple[str, str, str]:
    digits = f"{int(rand() * 100):02d}"
    code = court.zip_prefix + digits
    city = court.city
    draw = rand()
    if draw < 0.02:
        code += f"-{int(rand() * 10000):04d}"
    elif draw < 0.025:
        code = "`" + code
    elif draw < 0.03:
        code = code.lstrip("0")
    elif draw < 0.031:
        city = "PEÑA BLANCA"
    return city, court.state, code


def _case_row(rand: Rand, sheets: Sheets, record: CaseRecord, *, latest: Hearing | None) -> None:
    person, course, last = record.person, record.course, record.last
    city, state, zip_code = _address(rand, last.court) if rand() < 0.96 else ("", "", "")
    new_city = new_state = new_zip = changed = ""
    if rand() < 0.22:
        new_city, new_state, new_zip = _address(rand, last.court)
        changed = STAMP[between(rand, course.filed, last.ended or record.until)]
    released = course.released_on if course.custody == "R" else 0
    month = year = ""
    if released and rand() < 0.05:
        month, year = f"{MONTH[released]:02d}", str(YEAR[released])
    entry = STAMP[record.entered] if rand() < 0.85 else ""
    asylum_type = "I" if record.affirmative else ("J" if rand() < 0.001 else "E")
    if not _has_asylum(record) and rand() < 0.5:
        asylum_type = ""
    birth = court_birth(person.born) if rand() >= 0.46 else ""
    lpr = "1" if person.criminal_charge and rand() < 0.3 else "0"
    priority = pick(rand, _PRIORITIES)
    if person.unaccompanied and course.filed > _ASYLUM_SINCE:
        priority = "UC"
    elif course.custody == "D" and rand() < 0.3:
        priority = "RBC/D"
    sheets.rows["A_TblCase"].append(
        f"{record.number}\t{city}\t{state}\t{zip_code}\t{new_zip}\t{new_city}\t{person.nationality}"
        f"\t{person.language}\t{course.custody}\t{pick(rand, _SITES)}"
        f"\t{stamp(record.represented_on)}\t0\t{course.case_type}\t{last.location}"
        f"\t{STAMP[latest.on] if latest else ''}\t{latest.time if latest else ''}"
        f"\t{latest.calendar if latest else ''}\t\t\t\t{month}\t{year}\t\t{entry}\t{asylum_type}"
        f"\t{birth}\t{stamp(released)}\t{new_state}\t{changed}\t\t{person.sex}"
        f"\t{stamp(course.detained_on)}\t{stamp(released)}\t{lpr}\t\t\t\t\t{priority}"
    )


def _has_asylum(record: CaseRecord) -> bool:
    return record.course.case_type in ("RMV", "AOC", "WHO", "DEP", "EXC")


def _proceeding_row(
    rand: Rand,
    sheets: Sheets,
    record: CaseRecord,
    *,
    idn: int,
    number: int,
    previous: Proceeding | None,
) -> None:
    person, course = record.person, record.course
    this = course.proceedings[number]
    outcome, court = this.outcome, this.court
    arrived, before = "", "\t\t"
    if previous:
        before = f"{previous.location}\t{previous.court.code}\t{previous.judge}"
        if previous.outcome.ends == "moved":
            arrived = STAMP[this.started]
    hearing = this.hearings[-1] if this.hearings else None
    decided = bool(outcome.decision)
    appealed = absentia = venue = sent_to = sent_how = due = not_filed = ""
    if this.ended:
        absentia = "Y" if outcome.absentia else "N"
    if decided and not outcome.absentia:
        reserved = rand() < 0.3
        appealed = ("A" if rand() < 0.8 else "I") if reserved else ""
        due = STAMP[this.ended + 30] if reserved else ""
        not_filed = "Y" if reserved and rand() < 0.4 else ""
    if outcome.ends == "moved":
        sent_to = course.proceedings[number + 1].court.code
        sent_how = "V" if outcome.other == "C" else "T"
        venue = STAMP[this.ended] if outcome.other == "C" else ""
    removed = outcome.ends in ("removal", "absentia", "departure")
    sheets.rows["B_TblProceeding"].append(
        f"{idn}\t{record.number}\t{STAMP[course.filed]}\t{STAMP[this.started]}\t{court.code}"
        f"\t{this.location}\t{this.judge}\t{arrived}\t{before}\t{number}"
        f"\t{STAMP[hearing.on] if hearing else ''}\t{hearing.time if hearing else ''}"
        f"\t{('O' if rand() < 0.85 else 'W') if decided else ''}\t{outcome.decision}"
        f"\t{person.nationality if removed else ''}\t\t{outcome.other}\t{appealed}\t{not_filed}"
        f"\t{stamp(this.ended)}\t{absentia}\t{venue}\t{sent_to}\t{due}\t{sent_how}"
        f"\t{course.custody}\t{course.case_type}\t{person.nationality}\t{person.language}"
        f"\t{this.location}\t\t{'Y' if person.criminal_charge else 'N'}\t"
        f"\t{_aggravated(person)}\t{stamp(course.detained_on)}\t{stamp(course.released_on)}"
    )


def _aggravated(person: Person) -> int:
    return int(person.criminal_charge is not None and person.criminal_charge[0] == "237a02Aiii")


def _charge_rows(
    rand: Rand, sheets: Sheets, record: CaseRecord, *, idn: int, repeated: bool
) -> None:
    if repeated and rand() < 0.55:
        return
    charges = [pick(rand, _OVERSTAY_CHARGES if record.affirmative else _ENTRY_CHARGES)]
    if rand() < 0.22:
        charges.append("212a07Ai  I" if charges[0] != "212a07Ai  I" else "212a06Ai")
    if record.person.criminal_charge:
        charges.append(record.person.criminal_charge[0])
    elif rand() < 0.0006:
        charges.append(pick(rand, _SECURITY_CHARGES))
    rows = sheets.rows["B_TblProceedCharges"]
    for charge in charges:
        rows.append(
            f"{sheets.next_id('B_TblProceedCharges')}\t{record.number}\t{idn}\t{charge:<13}"
            f"\t{pick(rand, _CHARGE_STATUS)}"
        )


def _schedule_row(
    rand: Rand,
    sheets: Sheets,
    record: CaseRecord,
    *,
    idn: int,
    proceeding: Proceeding,
    hearing: Hearing,
) -> None:
    start, calendar = hearing.time, hearing.calendar
    stop = f"{int(start[:2]) + (3 if calendar == 'I' else 1):02d}{start[2:]}"
    touched = STAMP[min(hearing.on, record.until)]
    kind = (
        ("II" if calendar == "I" else "MR") if hearing.scheduled_on > proceeding.started else "MM"
    )
    language = record.person.language
    sheets.rows["tbl_schedule"].append(
        f"{sheets.next_id('tbl_schedule')}\t{idn}\t{record.number}\t{STAMP[record.course.filed]}"
        f"\t0\t0\tO\t{language}\t{proceeding.location}\t{proceeding.court.code}"
        f"\t{proceeding.judge}\t{'' if language == 'ENG' else 'S'}"
        f"\t{STAMP[hearing.scheduled_on]}\t0900\t{touched}\t1600\tW\t{calendar}\t{STAMP[hearing.on]}\t{start}\t{stop}\t{hearing.reason}"
        f"\t{'V' if rand() < 0.3 else 'I'}\t\t{hearing.on - hearing.scheduled_on}\t0\t{kind}\t\t0\t"
    )


def _custody_rows(rand: Rand, sheets: Sheets, record: CaseRecord) -> None:
    course, rows, number = record.course, sheets.rows["tbl_CustodyHistory"], record.number
    if course.custody == "N":
        if rand() < 0.45:
            rows.append(f"{sheets.next_id('tbl_CustodyHistory')}\t{number}\tN\t\t")
        return
    detained, released = STAMP[course.detained_on], stamp(course.released_on)
    rows.append(f"{sheets.next_id('tbl_CustodyHistory')}\t{number}\tD\t{detained}\t")
    if course.custody == "R":
        rows.append(f"{sheets.next_id('tbl_CustodyHistory')}\t{number}\tR\t{detained}\t{released}")


def lead_rider_rows(rand: Rand, sheets: Sheets, *, lead: CaseRecord, rider: CaseRecord) -> None:
    """Tie a family member's case to the lead's; some were tied twice, some severed."""
    severed = rider.course.severed_on
    created = STAMP[min(lead.course.filed + 3, lead.until)]
    bounds = (
        f"{lead.proceedings[0]}\t{lead.proceedings[-1]}"
        f"\t{rider.proceedings[0]}\t{rider.proceedings[-1]}"
    )
    rows = sheets.rows["tbl_Lead_Rider"]
    pair = f"{lead.number}\t{rider.number}"
    if rand() < 0.10:
        rows.append(
            f"{sheets.next_id('tbl_Lead_Rider')}\t{pair}\t{created}\t{created}\t\t{bounds}\t0"
        )
    modified = STAMP[severed] if severed else created
    rows.append(
        f"{sheets.next_id('tbl_Lead_Rider')}\t{pair}\t{created}\t{modified}\t{stamp(severed)}"
        f"\t{bounds}\t{0 if severed else 1}"
    )
