"""The kinds of document: which variables each may show, and how text becomes a page.

A template or a sentence names a variable as `$name`, a template also a sentence as `$say.name`.
Whatever is not listed here for the kind cannot appear in it: the screening's findings are listed
for none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from cases.models import Notice
from cases.notices.catalogue import Catalogue

HERE = Path(__file__).parent / "templates"
STYLE = HERE / "style.css"
Kind = Notice.Kind


class UnknownVariable(Exception):
    """A template or a sentence names a variable that its kind of document may not show."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(f"${name} in {where} is no variable of this document.")
        self.name = name
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A kind of document: its template, its variables, and the forms that it is the motion of."""

    kind: str
    template: str
    variables: frozenset[str]
    form: str = ""
    languages: frozenset[str] | None = None
    """None: every language that has a catalogue."""

    @property
    def is_motion(self) -> bool:
        return self.template == "motion.html"


_LETTER = {
    *("language", "office", "answer_to", "respondent", "a_number", "dated_on"),
    *("counsel", "other_languages"),
}
_MOTION = {
    *("language", "office", "court", "respondent", "a_number", "custody", "charged_on"),
    *("moving", "authority", "position"),
}
_ENGLISH = frozenset({"en"})

DOCUMENTS: dict[str, Document] = {
    document.kind: document
    for document in (
        Document(
            kind=Kind.CONSIDERATION,
            template="consideration.html",
            variables=frozenset(
                {*_LETTER, "form", "what", "ground", "decided_by", "consequences", "answer_by"}
            ),
        ),
        Document(
            kind=Kind.ORDER,
            template="order.html",
            variables=frozenset(
                {*_LETTER, "court", "ordered_on", "ordered_by", "ordered", "means", "consequences"}
            ),
        ),
        Document(
            kind=Kind.DISMISS,
            template="motion.html",
            form="dismissal",
            variables=frozenset({*_MOTION, "ground", "citation"}),
            languages=_ENGLISH,
        ),
        Document(
            kind=Kind.CLOSE,
            template="motion.html",
            form="administrative-closure",
            variables=frozenset(_MOTION),
            languages=_ENGLISH,
        ),
        Document(
            kind=Kind.TERMINATE,
            template="motion.html",
            form="termination",
            variables=frozenset({*_MOTION, "ground", "citation"}),
            languages=_ENGLISH,
        ),
        Document(
            kind=Kind.RECALENDAR,
            template="motion.html",
            variables=frozenset({*_MOTION, "closed_on"} - {"authority", "position"}),
            languages=_ENGLISH,
        ),
    )
}


class _Strict(Template):
    idpattern = r"(?a:(?:say\.)?[a-z_]+)"


def fill(text: str, values: Mapping[str, str], *, where: str) -> SafeString:
    """Put the values, escaped unless they are safe, where the text names them.

    Raises UnknownVariable. The text itself is taken as HTML.
    """
    template = _Strict(text)
    for name in template.get_identifiers():
        if name not in values:
            raise UnknownVariable(name, where)
    if not template.is_valid():
        raise UnknownVariable("", where)
    return mark_safe(template.substitute({k: conditional_escape(v) for k, v in values.items()}))  # noqa: S308  escaped


def compose(document: Document, catalogue: Catalogue, values: Mapping[str, str]) -> str:
    """Return the document as HTML. Raises UnknownVariable, and NotTranslated."""
    for name in values.keys() - document.variables:
        raise UnknownVariable(name, f"the facts of {document.kind}")
    said = {
        f"say.{key}": _sentences(text, values, f"{document.kind}.{key} ({catalogue.language})")
        for key, text in catalogue.document(document.kind).items()
    }
    template = (HERE / document.template).read_text()
    return fill(template, {**said, **values}, where=document.template)


def _sentences(text: str | list[str], values: Mapping[str, str], where: str) -> SafeString:
    if isinstance(text, str):
        return fill(conditional_escape(text), values, where=where)
    items = ((fill(conditional_escape(item), values, where=where),) for item in text)
    return format_html_join("\n", "<li>{}</li>", items)


def lines(text: str) -> SafeString:
    written = [(line.strip(),) for line in text.splitlines() if line.strip()]
    return format_html_join(mark_safe("<br>"), "{}", written)


def paragraph(text: str) -> SafeString:
    return format_html("<p>{}</p>", text)


def headed(parts: list[tuple[str, str]]) -> SafeString:
    """Return texts, each below its heading."""
    return format_html_join("\n", "<h3>{}</h3>\n<p>{}</p>", parts)


def in_language(language: str, text: str) -> SafeString:
    return format_html('<p class="also" lang="{}">{}</p>', language, text)


def version(document: Document, catalogue: Catalogue) -> str:
    """Return the SHA-256 over all that shapes the document besides the facts."""
    parts = [(HERE / document.template).read_bytes(), STYLE.read_bytes()]
    digest = hashlib.sha256(catalogue.version.encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()
