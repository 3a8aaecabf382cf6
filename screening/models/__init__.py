"""The tables of the judgement."""

from screening.models.bulk import BulkReview, BulkReviewChunk, BulkReviewMove
from screening.models.determination import Determination, FindingSet, load_findings
from screening.models.draft import PolicyDraft, PolicyDraftMove
from screening.models.evidence import (
    BackgroundCheck,
    CompletedForm,
    CriminalRecord,
    EvidenceFile,
    QuarantinedEvidence,
    ThreatIndicator,
)
from screening.models.lint import PolicyLint
from screening.models.policy import PolicyVersion
from screening.models.simulation import Simulation, SimulationChunk, SimulationMove

__all__ = [
    "BackgroundCheck",
    "BulkReview",
    "BulkReviewChunk",
    "BulkReviewMove",
    "CompletedForm",
    "CriminalRecord",
    "Determination",
    "EvidenceFile",
    "FindingSet",
    "PolicyDraft",
    "PolicyDraftMove",
    "PolicyLint",
    "PolicyVersion",
    "QuarantinedEvidence",
    "Simulation",
    "SimulationChunk",
    "SimulationMove",
    "ThreatIndicator",
    "load_findings",
]
