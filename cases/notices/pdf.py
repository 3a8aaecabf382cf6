"""HTML becomes a tagged PDF (PDF/UA-1): the same HTML the same bytes, and nothing is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher


class MissingGlyphs(Exception):
    """No font of this machine has these characters; a page must not show boxes for them."""

    def __init__(self, characters: str) -> None:
        super().__init__(
            f"No installed font has the characters {characters!r}: install one that has them."
        )
        self.characters = characters


class _Nothing(URLFetcher):
    """Fetches nothing: a document is made of its template, its style and its facts."""

    def fetch(self, url: str, *_: Any) -> Any:
        raise ValueError(f"A document fetches nothing: {url}")


def render(html: str, style: Path) -> bytes:
    """Return the PDF. Raises MissingGlyphs."""
    document = HTML(string=html, url_fetcher=_Nothing()).render(
        stylesheets=[CSS(string=style.read_text())], pdf_variant="pdf/ua-1"
    )
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    missing = {point for font in document.fonts.values() for point in font.missing}
    if missing:
        raise MissingGlyphs("".join(map(chr, sorted(missing))))
    return pdf
