"""The template that a publisher gets."""

from __future__ import annotations

import openpyxl
import pytest
from rodtrad import __version__
from rodtrad.loader import read
from rodtrad.loader.layout import find_heading, headings
from rodtrad.shapes.form import load_forms

SHEETS = {
    "sv": [
        "Publicering",
        "Styrning",
        "Insatser",
        "Aktiviteter",
        "Effektkedja",
        "Resultat",
        "Indikatorer",
        "Lärande",
        "Aktörer",
    ],
    "en": [
        "Publication",
        "Governing",
        "Interventions",
        "Activities",
        "Chain",
        "Results",
        "Indicators",
        "Learning",
        "Actors",
    ],
}
GUIDANCE = {"sv": ("Läs mig", "Kodlistor"), "en": ("Read me", "Code lists")}


def headings_of(page):
    return {page.cell(1, j).value: page.cell(1, j) for j in range(1, page.max_column + 1)}


def lists_of(workbook, page):
    """The words of each drop-down list, by the column letter it stands in."""
    found = {}
    for validation in page.data_validations.dataValidation:
        sheet, cells = next(workbook.defined_names[validation.formula1.lstrip("=")].destinations)
        words = [cell.value for row in workbook[sheet][cells] for cell in row]
        found[str(validation.sqref).rstrip("0123456789").split("2:")[0]] = words
    return found


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_it_has_at_most_nine_sheets_to_fill_in_and_guidance_around_them(template, lang):
    workbook = openpyxl.load_workbook(template(lang))
    assert workbook.sheetnames == [GUIDANCE[lang][0], *SHEETS[lang], GUIDANCE[lang][1]]
    assert workbook[GUIDANCE[lang][1]].protection.sheet
    assert workbook.custom_doc_props["rodtrad-template"].value == __version__


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_required_headings_are_bold_and_every_heading_has_help(template, lang):
    workbook = openpyxl.load_workbook(template(lang))
    page = workbook[SHEETS[lang][3]]
    bold = {text for text, cell in headings_of(page).items() if cell.font.bold}
    assert bold == ({"Aktivitet", "Status"} if lang == "sv" else {"Activity", "Status"})
    assert page.freeze_panes == "B2"
    assert page.auto_filter.ref.startswith("A1:")
    for sheet in SHEETS[lang]:
        for text, cell in headings_of(workbook[sheet]).items():
            assert cell.comment is not None and cell.comment.text.strip(), (sheet, text)


def test_lists_hold_the_words_of_the_language(template):
    workbook = openpyxl.load_workbook(template("sv"))
    page = workbook["Aktiviteter"]
    lists = lists_of(workbook, page)
    status = headings_of(page)["Status"].column_letter
    assert set(lists[status]) == {"planerad", "pågående", "genomförd", "avbruten", "ej påbörjad", "okänd"}
    role = headings_of(page)["Roll 6"].column_letter
    assert "projektägare" in lists[role]
    chain = workbook["Effektkedja"]
    assert lists_of(workbook, chain)["A"] == [
        "Prestation",
        "Utfall",
        "Kortsiktig effekt",
        "Långsiktig effekt",
    ]
    publication = workbook["Publicering"]
    assert lists_of(workbook, publication)[headings_of(publication)["Konstruerat"].column_letter] == [
        "ja",
        "nej",
    ]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_reader_knows_every_heading_that_the_template_writes(lang):
    for sheet in load_forms().sheets:
        for heading in headings(sheet, lang):
            found = find_heading(sheet, heading.text)
            assert found is not None, heading.text
            assert {i: s.key for i, s in found.slots.items()} == {i: s.key for i, s in heading.slots.items()}
            assert (found.is_class, found.is_id) == (heading.is_class, heading.is_id)


def test_common_last_columns_stay_last(template):
    for sheet in load_forms().sheets[1:]:
        assert [h.text for h in headings(sheet, "sv")][-3:] == ["Anmärkning", "Källans avsnitt", "Id"]


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_an_empty_template_is_told_to_lack_its_publication_and_nothing_else(template, references, lang):
    reading = read([template(lang)], references)
    assert [(p.code, p.where.sheet) for p in reading.problems] == [("no-publication", SHEETS[lang][0])]


def test_the_same_template_has_the_same_bytes(template):
    first = template("sv").read_bytes()
    assert template("sv").read_bytes() == first
