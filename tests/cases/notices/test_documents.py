"""The text of the documents: complete in every language, and open to no other variable."""

from __future__ import annotations

from datetime import date
from string import Template

import pytest
import yaml

from cases.law import HERE as LAW
from cases.models import CourtOrder, FormOfDiscretion, RespondentPosition, Review
from cases.notices import DOCUMENTS, NotTranslated, UnknownVariable, languages
from cases.notices.catalogue import CONSEQUENCES, catalogue, fingerprint
from cases.notices.documents import compose, fill, version
from cases.notices.facts import FORM_OF_ORDER

SHIPPED = [
    FormOfDiscretion(**row) for row in yaml.safe_load((LAW / "forms.yaml").read_text("utf-8"))
]
NOTICES = [document for document in DOCUMENTS.values() if not document.is_motion]
MADE = [
    pytest.param(document, language, id=f"{document.kind} {language}")
    for document in DOCUMENTS.values()
    for language in languages()
    if document.languages is None or language in document.languages
]
every_language = pytest.mark.parametrize("language", languages())


def values_of(document):
    return {name: f"[{name}]" for name in document.variables}


def test_the_languages_are_those_with_a_catalogue():
    assert languages() == ["en", "es"]


@every_language
@pytest.mark.parametrize("form", SHIPPED, ids=lambda form: form.code)
def test_every_shipped_form_is_explained_and_the_explanation_is_of_its_present_text(form, language):
    said = catalogue(language).form(form)

    assert all(len(getattr(said, name)) > 10 for name in ("name", "what", *CONSEQUENCES))


@every_language
@pytest.mark.parametrize("form", SHIPPED, ids=lambda form: form.code)
def test_every_ground_is_explained_and_no_other(form, language):
    said = catalogue(language).grounds.get(form.code, {})

    assert set(said) == {ground["code"] for ground in form.grounds}


@every_language
def test_every_order_is_explained(language):
    texts = catalogue(language)

    assert set(texts.orders) == set(CourtOrder.Kind.values)
    assert set(texts.headings) == set(CONSEQUENCES)
    assert set(texts.decided_by) == set(FormOfDiscretion.DecidedBy.values)
    assert set(texts.counsel) == {"yes", "no", "unknown"}
    assert {texts.orders[kind].ordered for kind in FORM_OF_ORDER} <= {
        text.ordered for text in texts.orders.values()
    }


def test_every_position_has_its_sentence_in_a_motion():
    assert set(catalogue("en").motions.positions) == set(RespondentPosition.Position.values)


@every_language
@pytest.mark.parametrize("document", NOTICES, ids=lambda document: document.kind)
def test_a_translation_says_as_much_as_the_english(document, language):
    english, other = catalogue("en").document(document.kind), catalogue(language).documents

    said = other[document.kind]

    assert said.keys() == english.keys()
    for key, text in english.items():
        assert type(said[key]) is type(text)
        assert not isinstance(text, list) or len(said[key]) == len(text), key
        assert variables(said[key]) == variables(text), key


def variables(text):
    return sorted(Template(" ".join(text) if isinstance(text, list) else text).get_identifiers())


@pytest.mark.parametrize(("document", "language"), MADE)
def test_every_document_needs_its_variables_and_no_other(document, language):
    html = compose(document, catalogue(language), values_of(document))

    shown = {name for name in document.variables if f"[{name}]" in html}
    assert shown == document.variables
    assert "$" not in html


@pytest.mark.parametrize(("document", "language"), MADE)
def test_every_sentence_of_a_document_is_on_it(document, language):
    html = compose(document, catalogue(language), values_of(document))

    for text in catalogue(language).document(document.kind).values():
        for sentence in [text] if isinstance(text, str) else text:
            filled = fill(sentence, values_of(document), where="test")
            assert filled.replace("'", "&#x27;").replace('"', "&quot;") in html


def test_no_document_lists_what_the_screening_found():
    internal = {field.name for field in Review._meta.get_fields()} - {"form", "ground"}

    for document in DOCUMENTS.values():
        assert document.variables.isdisjoint(internal), document.kind


@pytest.mark.parametrize("name", ["outcome", "hits", "policy", "birth_date"])
def test_an_unknown_variable_is_an_error_that_names_it(name):
    document = DOCUMENTS["notice-of-order"]
    texts = catalogue("en")
    doctored = texts.model_copy(
        update={"documents": {document.kind: texts.document(document.kind) | {"title": f"${name}"}}}
    )

    with pytest.raises(UnknownVariable, match=rf"\${name} in notice-of-order.title \(en\)"):
        compose(document, doctored, values_of(document))
    with pytest.raises(UnknownVariable, match=rf"\${name} in consideration.html"):
        fill(f"<p>${name}</p>", {"office": "x"}, where="consideration.html")
    with pytest.raises(UnknownVariable, match=f"{name} in the facts of notice-of-order"):
        compose(document, texts, values_of(document) | {name: "x"})


def test_a_sign_without_a_name_is_an_error():
    with pytest.raises(UnknownVariable):
        fill("It costs $ 5.", {}, where="test")


def test_what_is_on_record_is_escaped():
    assert fill("<b>$name</b>", {"name": "<i>&"}, where="test") == "<b>&lt;i&gt;&amp;</b>"


def test_a_language_without_a_catalogue_is_an_error_and_not_english():
    with pytest.raises(NotTranslated, match=r"no text in 'fr'.*catalogues/fr\.yaml"):
        catalogue("fr")


def test_a_ground_without_a_translation_is_an_error_and_not_english():
    with pytest.raises(NotTranslated, match="'es' for ground '8' of 'dismissal'"):
        catalogue("es").ground_of(FormOfDiscretion(code="dismissal"), "8")


def test_a_form_without_a_translation_is_an_error_and_not_english():
    with pytest.raises(NotTranslated, match="'es' for the form 'parole'"):
        catalogue("es").form(FormOfDiscretion(code="parole"))


@every_language
@pytest.mark.parametrize("change", [{"ends": "All."}, {"grounds": []}], ids=["a text", "a ground"])
def test_a_form_whose_text_has_changed_since_is_an_error(change, language):
    [form] = [form for form in SHIPPED if form.code == "dismissal"]
    same = {name: getattr(form, name) for name in ("code", "grounds", *CONSEQUENCES)}
    changed = FormOfDiscretion(**same | change)
    assert catalogue(language).form(FormOfDiscretion(**same))

    with pytest.raises(NotTranslated, match=fingerprint(changed)):
        catalogue(language).form(changed)


@pytest.mark.parametrize(
    ("language", "written"), [("en", "September 3, 2024"), ("es", "3 de septiembre de 2024")]
)
def test_a_day_is_written_as_the_language_writes_it(language, written):
    assert catalogue(language).day(date(2024, 9, 3)) == written


def test_the_version_tells_documents_and_languages_apart():
    made = {
        version(document, catalogue(language)) for document in NOTICES for language in languages()
    }

    assert len(made) == len(NOTICES) * len(languages())
