"""The PDF: tagged, in its language, the same bytes in every process, complete in its glyphs."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from ctypes.util import find_library
from io import BytesIO
from time import sleep

import pytest
from pypdf import PdfReader
from weasyprint.urls import FatalURLFetchingError

from cases.notices import DOCUMENTS, MissingGlyphs
from cases.notices.catalogue import catalogue
from cases.notices.documents import STYLE, compose
from cases.notices.pdf import render

PAGE = '<html lang="es"><head><title>T</title></head><body><h1>¿Mañana?</h1><p>$</p></body></html>'
AGAIN = """
import hashlib, sys
import django
django.setup()
from cases.notices.pdf import render
from cases.notices.documents import STYLE
print(hashlib.sha256(render(sys.argv[1], STYLE)).hexdigest())
"""


def composed(kind, language):
    document = DOCUMENTS[kind]
    values = {name: f"[{name}]" for name in document.variables} | {"language": language}
    return compose(document, catalogue(language), values)


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        ("notice-of-consideration", "es"),
        ("notice-of-order", "en"),
        ("motion-to-dismiss", "en"),
    ],
)
def test_it_is_tagged_in_its_language_and_titled(kind, language):
    reader = PdfReader(BytesIO(render(composed(kind, language), STYLE)))

    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    title = catalogue(language).document(kind)["title"]
    assert reader.metadata.title.endswith(title)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert {"/H1", "/H2", "/P", "/Table", "/TH" if kind.startswith("n") else "/L"} <= roles(root)


def roles(root):
    """Return the roles in the tree of the structure."""
    found, waiting = set(), [root["/StructTreeRoot"]]
    while waiting:
        kids = waiting.pop().get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            element = kid.get_object()
            if isinstance(element, dict) and "/S" in element:
                found.add(element["/S"])
                waiting.append(element)
    return found


def elsewhere(html, program=AGAIN, **environment):
    """Return the digest of the page as another process makes it."""
    made = subprocess.run(
        [sys.executable, "-c", program, html],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout.strip()


def test_the_same_page_is_the_same_bytes_in_another_process():
    html = composed("notice-of-consideration", "es")

    assert elsewhere(html, PYTHONHASHSEED="1") == hashlib.sha256(render(html, STYLE)).hexdigest()


WITHOUT_SUBSETTER = "import weasyprint.pdf.fonts as fonts\nfonts.harfbuzz_subset = None\n" + AGAIN


def test_so_it_is_a_second_later_on_a_machine_without_harfbuzz():
    first = elsewhere(PAGE, WITHOUT_SUBSETTER)
    sleep(1)

    assert elsewhere(PAGE, WITHOUT_SUBSETTER) == first


@pytest.mark.skipif(find_library("harfbuzz-subset") is None, reason="it is not installed here")
def test_without_harfbuzz_the_fonts_are_made_otherwise():
    assert elsewhere(PAGE, WITHOUT_SUBSETTER) != elsewhere(PAGE)


def test_a_character_that_no_font_has_is_an_error_that_names_it():
    with pytest.raises(MissingGlyphs, match="\U00012000"):
        render(PAGE.replace("$", "A sign: \U00012000"), STYLE)


@pytest.mark.parametrize(
    "what", ["file://{path}", "https://example.gov/style.css", "data:text/css,p"]
)
def test_what_is_linked_is_not_fetched_but_an_error(tmp_path, what):
    style = tmp_path / "style.css"
    style.write_text("p { color: red }")
    link = f'<link rel="stylesheet" href="{what.format(path=style)}">'

    with pytest.raises(FatalURLFetchingError):
        render(PAGE.replace("<body>", f"{link}<body>"), STYLE)
