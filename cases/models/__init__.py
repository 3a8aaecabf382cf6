"""The tables of the record; one module per part of the way through the house."""

from cases.models.access import ApiClient, ApiRequest, Office, RecordRead
from cases.models.aftermath import ContactChange, OnwardFiling, PostClosureEvent, RestartReview
from cases.models.closure import BatchItem, ClosureBatch, SampleReading
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
from cases.models.encounters import EncounterCount, FactualDetermination, LegalHold
from cases.models.intake import (
    CodeMeaning,
    DeliveredFile,
    Delivery,
    IntakeNote,
    QuarantinedRow,
    RowChange,
)
from cases.models.law import Authority, FormOfDiscretion
from cases.models.move import Move
from cases.models.notice import Notice
from cases.models.review import CourtOrder, Motion, RespondentPosition, Review, SafeguardStep
from cases.models.statistics import (
    CompletingOrder,
    CompletionCount,
    PublishedFigure,
    RateCount,
    ReleasedCount,
    StatisticsRefresh,
)

__all__ = [
    "ApiClient",
    "ApiRequest",
    "Appeal",
    "Application",
    "Authority",
    "BatchItem",
    "Case",
    "Charge",
    "ClosureBatch",
    "CodeMeaning",
    "CompletingOrder",
    "CompletionCount",
    "ContactChange",
    "Court",
    "CourtMotion",
    "CourtOrder",
    "CustodyPeriod",
    "DeliveredFile",
    "Delivery",
    "EncounterCount",
    "FactualDetermination",
    "FamilyLink",
    "FormOfDiscretion",
    "Hearing",
    "IntakeNote",
    "LegalHold",
    "Motion",
    "Move",
    "Notice",
    "Office",
    "OnwardFiling",
    "PostClosureEvent",
    "Proceeding",
    "PublishedFigure",
    "QuarantinedRow",
    "RateCount",
    "RecordRead",
    "ReleasedCount",
    "Representation",
    "Respondent",
    "RespondentPosition",
    "RestartReview",
    "Review",
    "RowChange",
    "SafeguardStep",
    "SampleReading",
    "StatisticsRefresh",
]
