"""Notices to respondents and drafts of motions: made from templates as PDF, sent, and followed."""

from cases.notices.catalogue import NotTranslated, languages, name_of
from cases.notices.delivery import record_delivered, record_returned, record_sent
from cases.notices.documents import DOCUMENTS, UnknownVariable
from cases.notices.make import make_notice, objections, preview
from cases.notices.pdf import MissingGlyphs

__all__ = [
    "DOCUMENTS",
    "MissingGlyphs",
    "NotTranslated",
    "UnknownVariable",
    "languages",
    "make_notice",
    "name_of",
    "objections",
    "preview",
    "record_delivered",
    "record_returned",
    "record_sent",
]
