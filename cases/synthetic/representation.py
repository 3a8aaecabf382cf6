"""Who appeared in a case: representatives of both sides, and appeals to the Board."""

from cases.synthetic.days import STAMP
from cases.synthetic.pools import Rand, pick
from cases.synthetic.record import CaseRecord
from cases.synthetic.sheets import Sheets
from cases.synthetic.timeline import Proceeding

_BOARD_DECISIONS = ("DIS",) * 50 + ("REM",) * 12 + ("SUS",) * 8 + ("SED",) * 8 + ("WDL",) * 5 + (
    "DUT", "TER", "APD", "TPD", "WPD", "ADM", "REJ", "DMO", "SAF", "SAF", "SAF", "BCR",
)  # fmt: skip


def representative_rows(rand: Rand, sheets: Sheets, record: CaseRecord) -> None:
    rows = sheets.rows["tbl_RepsAssigned"]
    number, court = record.number, record.last.court.code
    if record.represented_on:
        e28 = STAMP[record.represented_on]
        extra = rand()
        changes = 1 + (extra < 0.4) + (extra < 0.1)
        for change in range(changes):
            prime = int(change == changes - 1)
            rows.append(
                f"{sheets.next_id('tbl_RepsAssigned')}\t{number}\tCOURT\tALIEN\tA_tblCase\t{number}"
                f"\t{court}\t\t\t{e28}\t{prime}"
            )
    for idn, proceeding in zip(record.proceedings, record.course.proceedings, strict=True):
        if rand() < 0.78:
            assigned = STAMP[proceeding.started]
            rows.append(
                f"{sheets.next_id('tbl_RepsAssigned')}\t{number}\tCOURT\tINS\tB_tblProceeding"
                f"\t{idn}\t{proceeding.court.code}\t{assigned}\t\t\t1"
            )


def appeal_row(
    rand: Rand, sheets: Sheets, record: CaseRecord, *, idn: int, proceeding: Proceeding
) -> None:
    """Write an appeal from one decision in three, with those who represent in it."""
    filed = proceeding.ended + 5 + int(25 * rand())
    if rand() > 0.58 or filed > record.until:
        return
    person, course, appeal = record.person, record.course, sheets.next_id("tblAppeal")
    by = "I" if proceeding.outcome.ends in ("relief", "withholding") else "A"
    decided = filed + 120 + int(700 * rand())
    decision, decided_on, e27 = "", "", ""
    if decided <= record.until:
        decision, decided_on = pick(rand, _BOARD_DECISIONS), STAMP[decided]
    if record.represented_on:
        e27 = STAMP[filed]
    sheets.rows["tblAppeal"].append(
        f"{appeal}\t{record.number}\t{idn}\tIJ\tCase Appeal\t{STAMP[filed]}\t{by}\t{e27}"
        f"\t{decided_on}\t{decision}\t{'R' if decision else ''}\t{course.case_type}"
        f"\t{person.language}\t{person.nationality}\t\t{course.custody}\t"
    )
    rows = sheets.rows["tbl_RepsAssigned"]
    court = proceeding.court.code
    if e27:
        rows.append(
            f"{sheets.next_id('tbl_RepsAssigned')}\t{record.number}\tBOARD\tALIEN\ttblAppeal"
            f"\t{appeal}\t{court}\t\t{e27}\t\t1"
        )
    rows.append(
        f"{sheets.next_id('tbl_RepsAssigned')}\t{record.number}\tBOARD\tINS\ttblAppeal"
        f"\t{appeal}\t{court}\t{STAMP[filed]}\t\t\t1"
    )
