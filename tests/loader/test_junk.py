"""Whatever stands in the cells, a reading is given: junk is told of and never raised."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rodtrad.loader.layout import heading_names
from rodtrad.loader.reader import read_tables
from rodtrad.loader.tables import Table
from rodtrad.loader.words import GUIDANCE_SHEETS
from rodtrad.ontology.problems import LANGS
from rodtrad.shapes.form import load_forms

FORMS = load_forms()
SHEET_NAMES = [sheet.names[lang] for sheet in FORMS.sheets for lang in LANGS]
HEADINGS = sorted({name for sheet in FORMS.sheets for name in heading_names(sheet)})
WORDS = [
    "Aktivitet",
    "Mål",
    "Prestation",
    "genomförd",
    "uppnådd",
    "Region Prov",
    "ja",
    "2019",
    "1,5",
    "4–5",
    "A1",
    "a1; A1",
]
cells = st.one_of(
    st.just(""),
    st.sampled_from(WORDS),
    st.text(),
    st.sampled_from(["=1+1", "https://x y", "http://a/\u00e5", ";;", '"']),
)
headings = st.one_of(
    st.sampled_from(HEADINGS), st.sampled_from(["Aktör 0", "Aktör 999", "Titel (xx)", "", "Id"]), st.text()
)


@st.composite
def tables(draw):
    header = draw(st.lists(headings, max_size=8))
    rows = draw(st.lists(st.lists(cells, max_size=9).map(tuple), max_size=5))
    name = draw(st.one_of(st.sampled_from(SHEET_NAMES), st.sampled_from(sorted(GUIDANCE_SHEETS)), st.text()))
    return Table("skräp.csv", name, (tuple(header), *rows))


@settings(
    max_examples=int(os.environ.get("RODTRAD_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(tables(), max_size=4))
def test_junk_gives_problems_that_can_be_said(references, junk):
    reading = read_tables(junk, references, "sv", FORMS)
    assert not reading.ok or reading.graph_iri
    for problem in reading.problems:
        for lang in LANGS:
            assert "{" not in problem.title(lang)
            assert problem.message(lang) and problem.hint(lang)
    for subject, prop, _ in reading.graph:
        assert subject.n3() and prop.n3()


def test_a_publication_row_is_needed_whatever_else_there_is(references):
    reading = read_tables([], references, "sv", FORMS)
    assert [p.code for p in reading.problems] == ["no-publication"]
