"""After closure: events, the new case that follows an old one, onward filings, contact.

What is noticed opens a review for a person; nothing here brings a case back by itself.
"""

from cases.aftermath.contact import record_contact, record_returned_mail
from cases.aftermath.events import (
    EventNotice,
    Noticed,
    open_restart,
    open_restarts,
    record_event,
    record_events,
)
from cases.aftermath.filings import Filing, record_filing, warnings_of
from cases.aftermath.record import WHO_RECORDS
from cases.aftermath.successors import file_charge, line_of, name_successor, recharge

__all__ = [
    "WHO_RECORDS",
    "EventNotice",
    "Filing",
    "Noticed",
    "file_charge",
    "line_of",
    "name_successor",
    "open_restart",
    "open_restarts",
    "recharge",
    "record_contact",
    "record_event",
    "record_events",
    "record_filing",
    "record_returned_mail",
    "warnings_of",
]
