"""The tables of the record; one module per part of the way through the house."""

from cases.models.access import ApiClient, ApiRequest, Office, RecordRead
from cases.models.docket import (
    Appeal,
    Application,
    Case,
    Charge,
    Court,
    CourtMotion,
    CustodyPeriod,
    FamilyLink,
    Hearing,
    Proceeding,
    Representation,
    Respondent,
)
from cases.models.intake import (
    CodeMeaning,
    DeliveredFile,
    Delivery,
    IntakeNote,
    QuarantinedRow,
    RowChange,
)

__all__ = [
    "ApiClient",
    "ApiRequest",
    "Appeal",
    "Application",
    "Case",
    "Charge",
    "CodeMeaning",
    "Court",
    "CourtMotion",
    "CustodyPeriod",
    "DeliveredFile",
    "Delivery",
    "FamilyLink",
    "Hearing",
    "IntakeNote",
    "Office",
    "Proceeding",
    "QuarantinedRow",
    "RecordRead",
    "Representation",
    "Respondent",
    "RowChange",
]
