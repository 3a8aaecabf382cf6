"""The sentences of one language: one YAML file each, read whole and checked when it is first used.

YAML and not gettext: gettext answers in English where a sentence has no translation, and a notice
must never do that. A lawyer and a translator read the file from top to bottom as the text it is, a
missing part is an error that names it, and the file's bytes are part of a notice's version.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from cases.models import CourtOrder, FormOfDiscretion

HERE = Path(__file__).parent / "catalogues"
CONSEQUENCES = ("ends", "survives", "work_permit", "refiling", "exposure")

T = TypeVar("T")

Sentences = dict[str, str | list[str]]
"""By key; a list is set as the items of a list."""


class NotTranslated(Exception):
    """The language has no text for something; nothing is said in another language instead."""

    def __init__(self, language: str, what: str) -> None:
        super().__init__(
            f"There is no text in {language!r} for {what}: "
            f"add it to cases/notices/catalogues/{language}.yaml."
        )
        self.language = language
        self.what = what


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class FormText(_Part):
    """A form of discretion in plain words. `of` is the fingerprint of the text it translates."""

    of: str
    name: str
    what: str
    ends: str
    survives: str
    work_permit: str
    refiling: str
    exposure: str


class OrderText(_Part):
    ordered: str
    means: str


class MotionTexts(_Part):
    """What only motions need, so only in English."""

    moving: dict[str, str]
    custody: dict[str, str]
    positions: dict[str, str]


class Catalogue(_Part):
    language: str
    name: str
    months: list[str]
    written_day: str
    also: str
    headings: dict[str, str]
    decided_by: dict[str, str]
    counsel: dict[str, str]
    with_prejudice: str
    ground: str
    grounds: dict[str, dict[str, str]]
    """By form and code."""
    forms: dict[str, FormText]
    orders: dict[str, OrderText]
    motions: MotionTexts | None = None
    documents: dict[str, Sentences]
    version: str
    """SHA-256 of the file."""

    def day(self, day: date) -> str:
        return (
            self.written_day.replace("$day", str(day.day))
            .replace("$month", self.months[day.month - 1])
            .replace("$year", str(day.year))
        )

    def document(self, kind: str) -> Sentences:
        return _found(self, self.documents, kind, f"the document {kind!r}")

    def form(self, form: FormOfDiscretion) -> FormText:
        """Return what the form means, unless the record has since said something else of it."""
        text = _found(self, self.forms, form.code, f"the form {form.code!r}")
        if text.of != fingerprint(form):
            raise NotTranslated(
                self.language,
                f"the form {form.code!r} as it is on record now (fingerprint {fingerprint(form)})",
            )
        return text

    def ground_of(self, form: FormOfDiscretion, code: str) -> str:
        return _found(
            self, self.grounds.get(form.code, {}), code, f"ground {code!r} of {form.code!r}"
        )

    def order(self, kind: str) -> OrderText:
        return _found(self, self.orders, kind, f"the order {CourtOrder.Kind(kind).label!r}")


def _found(catalogue: Catalogue, texts: dict[str, T], key: str, what: str) -> T:
    if key not in texts:
        raise NotTranslated(catalogue.language, what)
    return texts[key]


def fingerprint(form: FormOfDiscretion) -> str:
    """Return what tells the English texts of a form from any other wording of them."""
    said = [getattr(form, name) for name in CONSEQUENCES]
    said += [f"{ground['code']} {ground['text']}" for ground in form.grounds]
    plain = "\n".join(" ".join(text.split()) for text in said)
    return hashlib.sha256(plain.encode()).hexdigest()[:12]


def languages() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.yaml"))


def name_of(language: str) -> str:
    """Return what the language calls itself."""
    return catalogue(language).name


@cache
def catalogue(language: str) -> Catalogue:
    """Return the language's catalogue. Raises NotTranslated where there is none."""
    if language not in languages():
        raise NotTranslated(language, "anything")
    read = (HERE / f"{language}.yaml").read_bytes()
    version = hashlib.sha256(read).hexdigest()
    return Catalogue(language=language, version=version, **yaml.safe_load(read))
