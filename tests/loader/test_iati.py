"""A publication as IATI 2.03: the structure that the schema demands, and the level shift."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from rdflib import RDF, SKOS, Graph, URIRef
from rodtrad.loader import Reading, foreign
from rodtrad.loader.foreign import Exported
from rodtrad.loader.iati import write_iati
from rodtrad.ontology.mappings import mapping_triples
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.ontology.problems import RodtradError

pytestmark = pytest.mark.xdist_group("iati")

TODAY = datetime.date(2026, 11, 21)
IRI = f"{{{RT}}}iri"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LEVEL = SCHEME["chain-level/"]

# Children in the order of iati-activities-schema.xsd (2.03), with the least and greatest number of each.
SCHEMA: Mapping[str, Mapping[str, tuple[int, int | None]]] = {
    "iati-activities": {"iati-activity": (1, None)},
    "iati-activity": {
        "iati-identifier": (1, 1),
        "reporting-org": (1, 1),
        "title": (1, 1),
        "description": (1, None),
        "participating-org": (1, None),
        "activity-status": (1, 1),
        "activity-date": (1, None),
        "recipient-country": (0, None),
        "sector": (0, None),
        "related-activity": (0, None),
        "result": (0, None),
    },
    "reporting-org": {"narrative": (1, None)},
    "title": {"narrative": (1, None)},
    "description": {"narrative": (1, None)},
    "comment": {"narrative": (1, None)},
    "participating-org": {"narrative": (0, None)},
    "activity-date": {"narrative": (0, None)},
    "sector": {"narrative": (0, None)},
    "result": {"title": (1, 1), "description": (0, 1), "indicator": (1, None)},
    "indicator": {"title": (1, 1), "description": (0, 1), "baseline": (0, None), "period": (0, None)},
    "baseline": {"comment": (0, 1)},
    "period": {"period-start": (1, 1), "period-end": (1, 1), "target": (0, None), "actual": (0, None)},
    "target": {"comment": (0, 1)},
    "actual": {"comment": (0, 1)},
}
ATTRIBUTES = {
    "iati-activities": {"version"},
    "reporting-org": {"ref", "type"},
    "participating-org": {"role"},
    "activity-status": {"code"},
    "activity-date": {"type", "iso-date"},
    "recipient-country": {"code"},
    "sector": {"code"},
    "related-activity": {"type", "ref"},
    "result": {"type"},
    "indicator": {"measure"},
    "baseline": {"year"},
    "period-start": {"iso-date"},
    "period-end": {"iso-date"},
}
CODES = {
    ("result", "type"): {"1", "2", "3", "9"},
    ("indicator", "measure"): {"1", "2", "5"},
    ("activity-status", "code"): {"1", "2", "4", "5"},
    ("activity-date", "type"): {"1", "2", "3", "4"},
    ("participating-org", "role"): {"1", "2", "3", "4"},
    ("related-activity", "type"): {"1", "2"},
}


def faults(root: Element) -> Iterator[str]:
    """Where a file is outside the schema and the rules of the standard."""
    for node in root.iter():
        yield from structure(node)
        for (name, attribute), codes in CODES.items():
            if node.tag == name and node.get(attribute) not in codes:
                yield f"{name}/@{attribute} {node.get(attribute)}"
    for indicator in root.iter("indicator"):
        numbers = [n for n in indicator.iter() if n.tag in ("baseline", "target", "actual")]
        for number in numbers:
            value = number.get("value")
            if (indicator.get("measure") == "5") != (value is None):
                yield f"measure {indicator.get('measure')} value {value}"
            if value is not None and not re.fullmatch(r"-?\d+(\.\d+)?", value):
                yield f"not a number: {value}"
    for period in root.iter("period"):
        start, end = (period.find(name).get("iso-date") for name in ("period-start", "period-end"))  # type: ignore[union-attr]
        if datetime.date.fromisoformat(str(start)) > datetime.date.fromisoformat(str(end)):
            yield f"{start} > {end}"
    for activity in root.iter("iati-activity"):
        yield from identity(activity)


def structure(node: Element) -> Iterator[str]:
    allowed = SCHEMA.get(node.tag, {})
    names = [child.tag for child in node]
    places = [list(allowed).index(name) if name in allowed else -1 for name in names]
    if -1 in places or places != sorted(places):
        yield f"{node.tag}: {names}"
    for name, (least, most) in allowed.items():
        if names.count(name) < least or (most is not None and names.count(name) > most):
            yield f"{node.tag}: {names.count(name)} {name}"
    missing = ATTRIBUTES.get(node.tag, set()) - set(node.keys())
    if missing:
        yield f"{node.tag} without {missing}"
    if node.tag == "narrative" and not (node.get(LANG) and (node.text or "").strip()):
        yield "a narrative without language or text"


def identity(activity: Element) -> Iterator[str]:
    ref = activity.find("reporting-org").get("ref")  # type: ignore[union-attr]
    identifier = activity.findtext("iati-identifier") or ""
    if not identifier.startswith(f"{ref}-") or re.search(r"[/&|?]", identifier):
        yield f"identifier {identifier}"
    kinds = {date.get("type"): date.get("iso-date") for date in activity.iter("activity-date")}
    if not {"1", "2"} & set(kinds):
        yield "no start date"
    if any(str(kinds.get(kind, "")) > TODAY.isoformat() for kind in ("2", "4")):
        yield f"an actual date to come: {kinds}"


@cache
def _parsed(content: bytes) -> Element:
    return ElementTree.fromstring(content)


def xml(exported: Exported) -> Element:
    """The file as elements, for reading only."""
    return _parsed(exported.content)


def wanted_type(graph: Graph, result: URIRef) -> str:
    """By hand: 1 for outputs, 2 for short-term and 3 for long-term effects, 9 for utfall and what has no level."""
    for cls, code in {"Output": "1", "Outcome": "9", "ShortTermEffect": "2", "LongTermEffect": "3"}.items():
        if (result, RDF.type, RT[cls]) in graph:
            return code
    level = str(graph.value(result, RT.chainLevel) or "").removeprefix(str(LEVEL))
    return {"output": "1", "short-term-effect": "2", "long-term-effect": "3"}.get(level, "9")


def chain(graph: Graph) -> set[URIRef]:
    classes = ("Output", "Outcome", "ShortTermEffect", "LongTermEffect", "Result")
    return {s for cls in classes for s in graph.subjects(RDF.type, RT[cls]) if isinstance(s, URIRef)}


@pytest.fixture(scope="module")
def exports(shipped: Any) -> dict[str, Exported]:
    """Every chosen publication that has something for IATI."""
    made = {}
    for name, graph in shipped.chosen.items():
        try:
            made[name] = write_iati(graph, shipped.context, today=TODAY)
        except RodtradError as error:
            assert error.problems[0].code == "nothing-to-export", name
            assert not chain(graph), name
    return made


def test_every_region_of_the_evaluation_and_the_made_up_county_are_exported(
    exports: dict[str, Exported],
) -> None:
    assert sum("utvardering-2021" in name for name in exports) == 21
    assert "bergslund/exempel-2025" in exports


def test_every_file_follows_the_schema(exports: dict[str, Exported]) -> None:
    assert {name: found for name, one in exports.items() if (found := list(faults(xml(one)))[:5])} == {}


def test_the_check_sees_what_is_outside_the_schema(exports: dict[str, Exported]) -> None:
    root = ElementTree.fromstring(exports["bergslund/exempel-2025"].content)
    activity = root[0]
    activity.append(activity[0])
    next(root.iter("narrative")).text = " "
    next(root.iter("result")).set("type", "4")
    found = " ".join(faults(root))
    assert "narrative" in found and "result/@type 4" in found and "2 iati-identifier" in found


def test_no_utfall_is_an_iati_outcome_and_every_short_term_effect_is(
    exports: dict[str, Exported], shipped: Any
) -> None:
    seen: dict[str, set[str | None]] = {}
    for name, one in exports.items():
        for result in xml(one).iter("result"):
            iri = URIRef(str(result.get(IRI)))
            assert result.get("type") == wanted_type(shipped.graphs[name], iri), iri
            for cls in shipped.graphs[name].objects(iri, RDF.type):
                seen.setdefault(str(cls).removeprefix(str(RT)), set()).add(result.get("type"))
    assert seen["Outcome"] == {"9"}
    assert seen["ShortTermEffect"] == {"2"}
    assert seen["LongTermEffect"] == {"3"}
    assert seen["Output"] == {"1"}
    assert seen["Result"] >= {"2", "9"}


def test_the_type_is_read_from_the_mapping_table(shipped: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = URIRef("https://iatistandard.org/en/iati-standard/203/codelists/resulttype/#1")
    rows = [*mapping_triples(), (LEVEL + "outcome", SKOS.closeMatch, code)]
    monkeypatch.setattr(foreign, "mapping_triples", lambda: [(URIRef(s), p, o) for s, p, o in rows])
    one = write_iati(shipped.graphs["bergslund/exempel-2025"], shipped.context, today=TODAY)
    assert one.counts["type 9"] == 0 and one.counts["type 1"] == 3


def test_every_result_stands_once_and_is_ours(exports: dict[str, Exported], shipped: Any) -> None:
    known = {str(s) for graph in shipped.graphs.values() for s in graph.subjects()}
    for name, one in exports.items():
        told = [URIRef(str(result.get(IRI))) for result in xml(one).iter("result")]
        assert sorted(told) == sorted(chain(shipped.graphs[name])), name
        assert one.counts["result"] == len(told)
        others = {n.get(IRI) for n in xml(one).iter("indicator")} | {
            n.get("linked-data-uri") for n in xml(one).iter("iati-activity")
        }
        assert {other for other in others if other} <= known


def test_only_what_is_achieved_is_an_actual_value(exports: dict[str, Exported], shipped: Any) -> None:
    achieved, expected = SCHEME["achievement-state/achieved"], SCHEME["achievement-state/expected"]
    own = 0
    for name, one in exports.items():
        for result in xml(one).iter("result"):
            state = shipped.graphs[name].value(URIRef(str(result.get(IRI))), RT.state)
            for indicator in (i for i in result.iter("indicator") if not i.get(IRI)):
                own += 1
                if list(indicator.iter("actual")):
                    assert state == achieved
                if list(indicator.iter("target")):
                    assert state == expected
    assert own > 500


def test_what_is_planned_has_no_actual_date(exports: dict[str, Exported], shipped: Any) -> None:
    planned = SCHEME["activity-status/planned"]
    kinds = {
        date.get("type")
        for name, one in exports.items()
        for activity in xml(one).iter("iati-activity")
        if (URIRef(str(activity.get("linked-data-uri"))), RT.status, planned) in shipped.graphs[name]
        for date in activity.iter("activity-date")
    }
    assert kinds and kinds <= {"1", "3"}


def test_the_made_up_county_stands_as_its_sheets_say(exports: dict[str, Exported]) -> None:
    exported = exports["bergslund/exempel-2025"]
    assert exported.counts == {
        "activity": 4,
        "result": 6,
        "type 1": 2,
        "type 2": 2,
        "type 3": 1,
        "type 9": 1,
    }
    whole, *own = xml(exported)
    assert whole.get("hierarchy") == "1"
    assert [date.get("iso-date") for date in whole.iter("activity-date")] == ["2018-01-01", "2025-12-31"]
    assert whole.find("reporting-org").get("secondary-reporter") == "0"  # type: ignore[union-attr]
    children = [related.get("ref") for related in whole.iter("related-activity")]
    assert children == [activity.findtext("iati-identifier") for activity in own]
    impact = next(result for result in whole.iter("result") if result.get("type") == "3")
    indicator = impact.find("indicator")
    assert indicator is not None
    assert (indicator.get("measure"), indicator.get("ascending")) == ("2", "false")
    assert [(b.get("year"), b.get("value")) for b in indicator.iter("baseline")] == [("2018", "20")]
    periods = {
        period.find("period-start").get("iso-date"): [(n.tag, n.get("value")) for n in period[2:]]  # type: ignore[union-attr]
        for period in indicator.iter("period")
    }
    assert periods == {
        "2021-01-01": [("actual", "18")],
        "2023-01-01": [("actual", "16")],
        "2025-01-01": [("actual", "14")],
        "2030-01-01": [("target", "12")],
    }
    course = next(a for a in own if "validering" in str(a.findtext("iati-identifier")))
    parties = {(p.get("role"), p.findtext("narrative")) for p in course.iter("participating-org")}
    assert parties == {("4", "Ekbackens kommun"), ("4", "Tallnäs kommun")}
    output = course.find("result/indicator/period/actual")
    assert output is not None and output.get("value") == "184"


def test_both_languages_stand_where_the_publication_has_both(exports: dict[str, Exported]) -> None:
    result = next(xml(exports["bergslund/exempel-2025"]).iter("result"))
    texts = {n.get(LANG): n.text for n in result.find("title") or ()}
    assert texts == {
        "sv": "Andelen tjänster utan rätt utbildad personal har sjunkit",
        "en": "The share of posts without properly trained staff has fallen",
    }


def test_another_publishers_word_is_a_secondary_report_for_the_region(exports: dict[str, Exported]) -> None:
    whole = xml(exports["rodtrad/utvardering-2021-20"])[0]
    reporter, party = whole.find("reporting-org"), whole.find("participating-org")
    assert reporter is not None and party is not None
    assert reporter.get("secondary-reporter") == "1" and reporter.findtext("narrative") == "Röda tråden"
    assert party.findtext("narrative") == "Region Dalarna"
    country = whole.find("recipient-country")
    assert country is not None and country.get("code") == "SE"


def test_a_level_that_is_our_reading_says_so(exports: dict[str, Exported]) -> None:
    texts = [
        str(result.findtext("description/narrative"))
        for result in xml(exports["rodtrad/utvardering-2021-20"]).iter("result")
        if "/result/" in str(result.get(IRI))
    ]
    levelled = [text for text in texts if text.startswith("Led:")]
    assert levelled and all("(tolkad)" in text for text in levelled)


def test_what_is_left_out_is_told(exports: dict[str, Exported]) -> None:
    codes = {problem.code for problem in exports["rodtrad/utvardering-2021-20"].problems}
    assert {"iati-own-identifier", "iati-under-the-whole", "not-in-format"} <= codes
    assert {p.severity for one in exports.values() for p in one.problems} == {"warning"}


def test_a_registered_identifier_is_used(shipped: Any) -> None:
    graph = shipped.graphs["bergslund/exempel-2025"]
    one = write_iati(graph, shipped.context, organisation_ref="SE-0-232100-0000", today=TODAY)
    assert {str(n.text).startswith("SE-0-232100-0000-") for n in xml(one).iter("iati-identifier")} == {True}
    assert "iati-own-identifier" not in {problem.code for problem in one.problems}
    assert not list(faults(xml(one)))


def test_a_publication_without_results_says_why_it_is_not_exported(shipped: Any) -> None:
    with pytest.raises(RodtradError) as error:
        write_iati(shipped.graphs["ref/aktorer"], shipped.context)
    assert error.value.problems[0].code == "nothing-to-export"
    assert "IATI" in error.value.problems[0].message("sv")


def test_a_publication_without_a_first_year_says_so(
    read_sheets: Callable[..., Reading], sheets: Any, known: bytes
) -> None:
    with pytest.raises(RodtradError) as error:
        write_iati(read_sheets(sheets).graph, [known])
    assert error.value.problems[0].code == "iati-no-period"


def test_a_number_without_a_year_is_told_in_text_only(
    read_sheets: Callable[..., Reading], sheets: Any, known: bytes
) -> None:
    sheets["1-publicering"][0].append("Från år")
    sheets["1-publicering"][1].append("2019")
    sheets["5-effektkedja"][1][1] = 'Valideringar <b> & "prov"\x0b'
    one = write_iati(read_sheets(sheets).graph, [known], today=TODAY)
    root = xml(one)
    assert not list(faults(root))
    assert not list(root.iter("actual"))
    outputs = [result for result in root.iter("result") if result.get("type") == "1"]
    assert str(outputs[0].findtext("title/narrative")).startswith('Valideringar <b> & "prov"')
    assert "värde: 184" in str(outputs[0].findtext("description/narrative"))
    assert "iati-value-untold" in {problem.code for problem in one.problems}
