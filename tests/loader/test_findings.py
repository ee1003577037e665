"""Each fault in a workbook: the cell it is found in, and words in both languages that name it."""

from __future__ import annotations

import pytest

ACTIVITIES, CHAIN, PUBLICATION = "4-aktiviteter", "5-effektkedja", "1-publicering"


def put(sheet, cell, text):
    """A change of one cell, which may be one column or row beyond the sheet."""

    def change(sheets):
        column, row = ord(cell[0]) - 65, int(cell[1:]) - 1
        rows = sheets[sheet]
        while len(rows) <= row:
            rows.append([""] * len(rows[0]))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = text

    return change


def both(*changes):
    def change(sheets):
        for one in changes:
            one(sheets)

    return change


def without(sheet):
    return lambda sheets: sheets.pop(sheet)


def rename(sheet, name):
    return lambda sheets: sheets.update({name: sheets.pop(sheet)})


FAULTS = {
    # case: change, code, severity, sheet, cell, in the Swedish words, in the English words
    "sheet not in the template": (
        rename(ACTIVITIES, "4-aktivitter"), "unknown-sheet", "violation", "aktivitter", None,
        "Närmast i namn: Aktiviteter", "Nearest in name: Aktiviteter",
    ),
    "heading not in the template": (
        put(ACTIVITIES, "B1", "Statuss"), "unknown-heading", "violation", "aktiviteter", "B1",
        '"Statuss" finns inte på det här bladet. Närmast i namn: Status', '"Statuss" is not on this sheet',
    ),
    "heading twice": (
        put(ACTIVITIES, "G1", "status"), "repeated-heading", "violation", "aktiviteter", "G1",
        '"status" finns redan i B1', '"status" is already in B1',
    ),
    "required column missing": (
        put(ACTIVITIES, "B1", ""), "missing-heading", "violation", "aktiviteter", "A1",
        'obligatoriska kolumnen "Status"', 'required column "Status"',
    ),
    "cell under no heading": (
        put(ACTIVITIES, "H2", "lös text"), "cell-without-heading", "violation", "aktiviteter", "H2",
        '"lös text"', '"lös text"',
    ),
    "class word missing": (
        put(CHAIN, "A2", ""), "missing-class-word", "violation", "effektkedja", "A2",
        "Prestation, Utfall", "Output, Outcome",
    ),
    "class word wrong": (
        put(CHAIN, "A3", "Utfal"), "unknown-class-word", "violation", "effektkedja", "A3",
        '"Utfal" är inget slag på det här bladet. Närmast i namn: Utfall',
        '"Utfal" is not a kind on this sheet',
    ),
    "column of another class": (
        put("2-styrning", "C3", "RUS"), "cell-not-for-class", "violation", "styrning", "C3",
        '"Dokumentslag" används inte för Mål', '"Dokumentslag" is not used for Objective',
    ),
    "required cell empty": (
        put(ACTIVITIES, "B2", "  "), "missing-cell", "violation", "aktiviteter", "B2",
        '"Status" är inte ifylld', '"Status" is not filled in',
    ),
    "name empty": (
        put(ACTIVITIES, "A3", ""), "missing-cell", "violation", "aktiviteter", "A3",
        '"Aktivitet" är inte ifylld', '"Activity" is not filled in',
    ),
    "reference to nothing": (
        put(CHAIN, "C2", "Validera vårdkunande"), "unknown-reference", "violation", "effektkedja", "C2",
        'Aktivitet "Validera vårdkunande" finns inte. Närmast i namn: Validera vårdkunnande',
        'Activity "Validera vårdkunande" does not exist. Nearest in name: Validera vårdkunnande',
    ),
    "reference to another class": (
        put(CHAIN, "C2", "Fler får intyg"), "reference-of-wrong-class", "violation", "effektkedja", "C2",
        '"Fler får intyg" är Mål; i "Aktivitet" ska stå Aktivitet',
        '"Fler får intyg" is Objective; "Activity" takes Activity',
    ),
    "reference to several": (
        put(ACTIVITIES, "E2", "Folkskolan"), "ambiguous-reference", "violation", "aktiviteter", "E2",
        "id/ref/actor/skola-a), Folkskolan (https://w3id.org/rodtrad/id/ref/actor/skola-b)", "may be several",
    ),
    "address of nothing": (
        put(ACTIVITIES, "E2", "https://w3id.org/rodtrad/id/ref/actor/finns-inte"),
        "unknown-reference", "violation", "aktiviteter", "E2", "finns inte", "does not exist",
    ),
    "value not in the list": (
        put(ACTIVITIES, "B2", "genomförs"), "value-not-in-list", "violation", "aktiviteter", "B2",
        "genomförd", "Nearest in name: genomförd",
    ),
    "not a year": (
        put(ACTIVITIES, "C2", "2O19"), "bad-year", "violation", "aktiviteter", "C2",
        '"2O19" i "Från år" är inget årtal', '"2O19" in "From year" is not a year',
    ),
    "year out of bounds": (
        put(ACTIVITIES, "C2", "20199"), "bad-year", "violation", "aktiviteter", "C2", "20199", "20199",
    ),
    "two years": (
        put(ACTIVITIES, "C2", "2019-2021"), "number-is-range", "violation", "aktiviteter", "C2",
        "är två tal", "is two numbers",
    ),
    "not a number": (
        put(CHAIN, "G2", "ca 40"), "bad-number", "violation", "effektkedja", "G2",
        '"ca 40" i "Värde" är inget tal', '"ca 40" in "Value" is not a number',
    ),
    "per cent": (
        put(CHAIN, "G2", "12,5 %"), "bad-number", "violation", "effektkedja", "G2", "12,5 %", "12,5 %",
    ),
    "range": (
        put(CHAIN, "G2", "4–5"), "number-is-range", "violation", "effektkedja", "G2",
        '"4–5" i "Värde" är två tal', '"4–5" in "Value" is two numbers',
    ),
    "decimal comma": (
        put(CHAIN, "G2", "1,5"), "decimal-comma", "info", "effektkedja", "G2",
        '"1,5" lästes som 1.5', '"1,5" was read as 1.5',
    ),
    "spaces in a number": (
        put(CHAIN, "G2", "1 600"), "number-with-spaces", "info", "effektkedja", "G2",
        '"1 600" lästes som 1600', '"1 600" was read as 1600',
    ),
    "neither yes nor no": (
        put(PUBLICATION, "F2", "kanske"), "bad-boolean", "violation", "publicering", "F2",
        "varken ja eller nej", "neither yes nor no",
    ),
    "text too long": (
        put(ACTIVITIES, "A3", "x" * 10_001), "text-too-long", "violation", "aktiviteter", "A3",
        "10001 tecken; högst 10000", "10001 characters; at most 10000",
    ),
    "control character": (
        put(ACTIVITIES, "A3", "Kartlägga\x07behov"),
        "text-with-control-characters", "violation", "aktiviteter", "A3",
        "styrtecken", "control characters",
    ),
    "same id": (
        both(put(ACTIVITIES, "G1", "Id"), put(ACTIVITIES, "G2", "A1"), put(ACTIVITIES, "G3", "a1")),
        "duplicate-id", "violation", "aktiviteter", "G3",
        'Id "a1" används redan i aktiviteter!G2', 'The Id "a1" is already used in aktiviteter!G2',
    ),
    "same name": (
        put(ACTIVITIES, "A3", "validera  Vårdkunnande"), "duplicate-name", "violation", "aktiviteter", "A3",
        "finns redan i aktiviteter!A2", "is already in aktiviteter!A2",
    ),
    "basis of a link without cause": (
        put(CHAIN, "F2", "angiven"), "nested-without-key", "violation", "effektkedja", "F2",
        '"Länkens grund" är ifylld men inte "Följer av"',
        '"Basis of link" is filled in but not "Follows from"',
    ),
    "unknown interpreted field": (
        both(put(PUBLICATION, "G1", "Tolkade fält"), put(PUBLICATION, "G2", "Status; Fält X")),
        "unknown-column-name", "violation", "publicering", "G2", '"Fält X"', '"Fält X"',
    ),
    "no publication": (
        without(PUBLICATION), "no-publication", "violation", None, None,
        'Bladet "Publicering" saknar rad', 'The sheet "Publication" has no row',
    ),
    "two publications": (
        both(
            put(PUBLICATION, "A3", "B"), put(PUBLICATION, "B3", "Region Prov"),
            put(PUBLICATION, "C3", "b"), put(PUBLICATION, "E3", "urval"),
        ),
        "several-publications", "violation", "publicering", "A3", "här finns ännu en", "here is one more",
    ),
    "publisher unknown": (
        put(PUBLICATION, "B2", "Region Prowv"), "unknown-reference", "violation", "publicering", "B2",
        "Närmast i namn: Region Prov", "Nearest in name: Region Prov",
    ),
    "publisher without id": (
        put(PUBLICATION, "B2", "Utan id"), "publisher-without-id", "violation", "publicering", "B2",
        '"Utan id" har inget utgivar-id', '"Utan id" has no publisher id',
    ),
    "dataset without a usable name": (
        put(PUBLICATION, "C2", "???"), "bad-name-in-identifier", "violation", "publicering", "C2",
        '"???"', '"???"',
    ),
    "not a language": (
        both(put(PUBLICATION, "G1", "Språk"), put(PUBLICATION, "G2", "svenska!")),
        "bad-language", "violation", "publicering", "G2", "ingen språkkod", "not a language code",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_found_in_its_cell(case, read_sheets, sheets):
    change, code, severity, sheet, cell, swedish, english = FAULTS[case]
    change(sheets)
    reading = read_sheets(sheets)
    found = [problem for problem in reading.problems if problem.code == code]
    assert len(found) == 1, [(p.code, str(p.where)) for p in reading.problems]
    problem = found[0]
    assert (problem.severity, problem.where.sheet, problem.where.cell) == (severity, sheet, cell)
    assert swedish in problem.message("sv") + problem.hint("sv")
    assert english in problem.message("en") + problem.hint("en")
    assert reading.ok == (severity == "info")


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_the_file(read_sheets, sheets):
    put(CHAIN, "G2", "4–5")(sheets)
    put(ACTIVITIES, "B3", "planerat")(sheets)
    put(ACTIVITIES, "C2", "i år")(sheets)
    put("2-styrning", "D3", "Okänd strategi")(sheets)
    found = [(p.code, p.where.cell) for p in read_sheets(sheets).problems]
    assert found == [
        ("unknown-reference", "D3"),
        ("bad-year", "C2"),
        ("value-not-in-list", "B3"),
        ("number-is-range", "G2"),
    ]


def test_a_list_finding_tells_the_allowed_words_in_each_language(read_sheets, sheets):
    put(ACTIVITIES, "B2", "xyz")(sheets)
    (problem,) = read_sheets(sheets).problems
    for word in ("planerad", "pågående", "genomförd", "avbruten", "ej påbörjad", "okänd"):
        assert word in problem.hint("sv")
    assert "carried out" in problem.hint("en")


def test_many_broken_references_do_not_take_long(read_sheets, sheets):
    """Suggestions are costly; a file where everything is wrong must still be answered."""
    head, first = sheets[ACTIVITIES][0], sheets[ACTIVITIES][1]
    rows = [[f"Aktivitet {i}", "genomförd", "2019", f"Okänt dokument {i}", "", ""] for i in range(3000)]
    sheets[ACTIVITIES] = [head, first, *rows]
    reading = read_sheets(sheets)
    assert sum(p.code == "unknown-reference" for p in reading.problems) == 3000
