"""HTML becomes a tagged PDF (PDF/UA-1): the same HTML the same bytes, and nothing is fetched."""

from __future__ import annotations

import os
from pathlib import Path

# Where the machine has no HarfBuzz to cut fonts with, fontTools does it and writes the time of day
# into each, unless told another.
os.environ.setdefault("SOURCE_DATE_EPOCH", "0")


class MissingGlyphs(Exception):
    """No font of this machine has these characters; a page must not show boxes for them."""

    def __init__(self, characters: str) -> None:
        super().__init__(
            f"No installed font has the characters {characters!r}: install one that has them."
        )
        self.characters = characters


def render(html: str, style: Path) -> bytes:
    """Return the PDF. Raises MissingGlyphs, and FatalURLFetchingError for whatever is linked."""
    # Loads the system's Pango, which a worker or a command that makes no page need not have.
    from weasyprint import CSS, HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    nothing = URLFetcher(allowed_protocols=(), fail_on_errors=True)
    document = HTML(string=html, url_fetcher=nothing).render(
        stylesheets=[CSS(string=style.read_text())], pdf_variant="pdf/ua-1"
    )
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    missing = {point for font in document.fonts.values() for point in font.missing}
    if missing:
        raise MissingGlyphs("".join(map(chr, sorted(missing))))
    return pdf
