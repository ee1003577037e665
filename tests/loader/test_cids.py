"""A publication as CIDS Basic Tier: what is counted there is what we said, and nothing more."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyld.jsonld import JsonLdError
from rdflib import PROV, RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rodtrad.loader import Reading, cids
from rodtrad.loader.cids import CIDS, write_cids
from rodtrad.loader.foreign import Exported
from rodtrad.ontology.mappings import vocabularies
from rodtrad.ontology.names import ROOT, RT, SCHEME
from rodtrad.ontology.problems import RodtradError

pytestmark = pytest.mark.xdist_group("cids")

TOVE = Namespace("http://ontology.eil.utoronto.ca/tove/organization#")
I72 = Namespace("http://ontology.eil.utoronto.ca/ISO21972/iso21972#")
ONE, ANY = (1, 1), (0, None)

# The Basic Tier shapes of CIDS 3.2 (validation/shacl/cids.basictier.shacl.ttl): how many, and of what.
BASIC_TIER: Mapping[URIRef, Mapping[URIRef, tuple[tuple[int, int | None], URIRef | None]]] = {
    CIDS.Organization: {
        TOVE.hasLegalName: (ONE, XSD.string),
        CIDS.hasOutcome: (ANY, CIDS.Outcome),
        CIDS.hasIndicator: (ANY, CIDS.Indicator),
    },
    CIDS.Outcome: {
        TOVE.hasName: (ONE, XSD.string),
        CIDS.hasDescription: (ONE, XSD.string),
        CIDS.forOrganization: (ONE, CIDS.Organization),
        CIDS.hasIndicator: (ANY, CIDS.Indicator),
        CIDS.forTheme: (ANY, CIDS.Theme),
    },
    CIDS.Theme: {TOVE.hasName: (ONE, XSD.string), CIDS.hasDescription: (ONE, XSD.string)},
    CIDS.Indicator: {
        TOVE.hasName: (ONE, XSD.string),
        CIDS.hasDescription: (ONE, XSD.string),
        CIDS.unitDescription: (ONE, XSD.string),
        CIDS.forOrganization: (ONE, CIDS.Organization),
        CIDS.forOutcome: (ANY, CIDS.Outcome),
        CIDS.hasIndicatorReport: (ANY, CIDS.IndicatorReport),
        CIDS.hasBaseline: ((0, 1), I72.Measure),
    },
    CIDS.IndicatorReport: {
        TOVE.hasName: (ONE, XSD.string),
        CIDS.forIndicator: (ONE, CIDS.Indicator),
        CIDS.forOrganization: (ONE, CIDS.Organization),
        PROV.startedAtTime: (ONE, XSD.dateTime),
        PROV.endedAtTime: (ONE, XSD.dateTime),
        I72.value: (ONE, I72.Measure),
    },
    I72.Measure: {I72.hasNumericalValue: (ONE, XSD.string)},
}


@cache
def _parsed(content: bytes) -> Graph:
    return Graph().parse(data=content, format="json-ld")


def parsed(exported: Exported) -> Graph:
    """The file as statements, for reading only."""
    return _parsed(exported.content)


def faults(graph: Graph) -> list[str]:
    """Where a graph is outside the Basic Tier."""
    found = []
    for cls, paths in BASIC_TIER.items():
        for node in graph.subjects(RDF.type, cls):
            for path, ((least, most), kind) in paths.items():
                values = list(graph.objects(node, path))
                if len(values) < least or (most is not None and len(values) > most):
                    found.append(f"{node} {path}: {len(values)}")
                found += [f"{node} {path}: {v!r}" for v in values if not fits(graph, v, kind)]
    return found


def fits(graph: Graph, value: Any, kind: URIRef | None) -> bool:
    if isinstance(value, Literal):
        return (value.datatype or XSD.string) == kind and value.language is None
    return (value, RDF.type, kind) in graph


@pytest.fixture(scope="module")
def exports(shipped: Any) -> dict[str, Exported]:
    """Every chosen publication that has something for CIDS."""
    made = {}
    for name, graph in shipped.chosen.items():
        try:
            made[name] = write_cids(graph, shipped.context)
        except RodtradError as error:
            assert error.problems[0].code == "nothing-to-export", name
    return made


def test_every_region_of_the_evaluation_and_the_made_up_county_are_exported(
    exports: dict[str, Exported],
) -> None:
    assert sum("utvardering-2021" in name for name in exports) == 21
    assert "bergslund/exempel-2025" in exports


def test_the_basic_tier_takes_every_export(exports: dict[str, Exported]) -> None:
    assert {name: faults(parsed(one)) for name, one in exports.items() if faults(parsed(one))} == {}


def test_the_check_sees_what_is_outside_the_basic_tier() -> None:
    bare = Graph()
    bare.add((URIRef("https://example.org/o"), RDF.type, CIDS.Outcome))
    assert len(faults(bare)) == 3, "no name, no description, no organisation"


def test_every_identifier_is_ours(exports: dict[str, Exported], shipped: Any) -> None:
    regions = set(shipped.graphs["ref/aktorer"].subjects(RDF.type, RT.Actor))
    for name, one in exports.items():
        told = {s for s in parsed(one).subjects(RDF.type) if isinstance(s, URIRef)}
        own = set(shipped.graphs[name].subjects()) | set(shipped.graphs[name].objects())
        assert told <= own | regions, name
        assert all(str(iri).startswith(ROOT) for iri in told)


def test_outcomes_and_effects_are_counted_as_we_count_them(
    exports: dict[str, Exported], shipped: Any
) -> None:
    levels = {SCHEME[f"chain-level/{name}"] for name in ("outcome", "short-term-effect", "long-term-effect")}
    for name, one in exports.items():
        graph = shipped.graphs[name]
        chain = {
            s
            for c in ("Outcome", "ShortTermEffect", "LongTermEffect")
            for s in graph.subjects(RDF.type, RT[c])
        }
        told = {
            s
            for s, o in graph.subject_objects(RT.chainLevel)
            if o in levels and (s, RDF.type, RT.Result) in graph
        }
        assert set(parsed(one).subjects(RDF.type, CIDS.Outcome)) == chain | told, name
        assert one.counts["Outcome"] == len(chain | told)
        assert one.counts["Indicator"] == len(set(graph.subjects(RDF.type, RT.Indicator)))


def test_only_terms_that_cids_has_are_used(exports: dict[str, Exported]) -> None:
    listed = {term.iri for vocabulary in vocabularies() for term in vocabulary.terms}
    used = {
        term
        for one in exports.values()
        for _, p, o in parsed(one)
        for term in ((p, o) if p == RDF.type else (p,))
    } - {RDF.type}
    # The shapes and the context file of CIDS use cids:unitDescription; its ontology file does not declare it.
    assert {term for term in used if str(term).startswith(str(CIDS))} <= listed | {CIDS.unitDescription}
    # Names, legal names and numbers stand in the ontologies that CIDS builds on.
    others = {term for term in used if not str(term).startswith(str(CIDS))}
    assert others == {
        TOVE.hasName,
        TOVE.hasLegalName,
        PROV.startedAtTime,
        PROV.endedAtTime,
        I72.value,
        I72.hasNumericalValue,
        I72.Measure,
    }


def test_the_made_up_county_stands_as_its_sheets_say(exports: dict[str, Exported]) -> None:
    exported = exports["bergslund/exempel-2025"]
    assert exported.counts == {
        "Organization": 1,
        "Outcome": 4,
        "Theme": 3,
        "Indicator": 3,
        "IndicatorReport": 5,
    }
    base = f"{ROOT}id/bergslund/"
    graph = parsed(exported)
    organisation = URIRef(base + "actor/region-bergslund")
    assert str(graph.value(organisation, TOVE.hasLegalName)) == "Region Bergslund"
    share = URIRef(base + "indicator/andel-tjanster-i-vard-och-omsorg-utan-ratt-utbildad-personal")
    assert str(graph.value(graph.value(share, CIDS.hasBaseline), I72.hasNumericalValue)) == "20"
    assert str(graph.value(share, CIDS.unitDescription)) == "procent"
    reports = {
        str(graph.value(r, PROV.startedAtTime))[:4]: str(
            graph.value(graph.value(r, I72.value), I72.hasNumericalValue)
        )
        for r in graph.objects(share, CIDS.hasIndicatorReport)
    }
    assert reports == {"2021": "18", "2023": "16", "2025": "14"}
    effect = URIRef(base + "long-term-effect/andelen-tjanster-utan-ratt-utbildad-personal-har-sjunkit")
    assert set(graph.objects(share, CIDS.forOutcome)) == {effect}
    told = str(graph.value(effect, CIDS.hasDescription))
    assert told == "Led: långsiktig effekt; tillstånd: uppnådd; värde: 6; enhet: procentenheter; år: 2025."


def test_another_publishers_word_on_a_region_is_for_the_region(exports: dict[str, Exported]) -> None:
    graph = parsed(exports["rodtrad/utvardering-2021-20"])
    assert set(graph.subjects(RDF.type, CIDS.Organization)) == {URIRef(f"{ROOT}id/ref/actor/region-dalarna")}


def test_what_is_only_expected_says_so(exports: dict[str, Exported], shipped: Any) -> None:
    expected = SCHEME["achievement-state/expected"]
    for name, one in exports.items():
        graph, made = shipped.graphs[name], parsed(one)
        waiting = set(graph.subjects(RT.state, expected)) & set(made.subjects(RDF.type, CIDS.Outcome))
        assert all(
            "tillstånd: förväntad" in str(made.value(s, CIDS.hasDescription)).casefold() for s in waiting
        )


def test_a_level_that_is_our_reading_says_so(exports: dict[str, Exported]) -> None:
    graph = parsed(exports["rodtrad/utvardering-2021-20"])
    results = [o for s, o in graph.subject_objects(CIDS.hasDescription) if "/result/" in str(s)]
    assert results and all("(tolkad)" in str(text) for text in results)


def test_names_are_given_in_the_wanted_language(shipped: Any) -> None:
    graph = shipped.graphs["bergslund/exempel-2025"]
    made = parsed(write_cids(graph, shipped.context, "en"))
    for outcome in made.subjects(RDF.type, CIDS.Outcome):
        wanted = {str(o) for o in graph.objects(outcome, RDFS.label) if o.language == "en"}
        assert {str(made.value(outcome, TOVE.hasName))} == wanted
        assert str(made.value(outcome, CIDS.hasDescription)).startswith("Level: ")


def test_what_has_no_place_in_the_basic_tier_is_counted(exports: dict[str, Exported]) -> None:
    problems = exports["bergslund/exempel-2025"].problems
    assert {problem.severity for problem in problems} == {"warning"}
    told = [problem.message("sv") for problem in problems]
    assert "CIDS Basic Tier har ingen plats för 3 av slaget målvärde." in told
    assert "CIDS Basic Tier har ingen plats för 2 av slaget prestation." in told


def test_a_publication_without_a_chain_says_why_it_is_not_exported(shipped: Any) -> None:
    with pytest.raises(RodtradError) as error:
        write_cids(shipped.graphs["ref/aktorer"], shipped.context)
    problem = error.value.problems[0]
    assert problem.code == "nothing-to-export"
    assert "graph/ref/aktorer" in problem.message("sv") and "CIDS" in problem.message("en")


def test_a_graph_that_is_not_one_publication_is_refused() -> None:
    with pytest.raises(RodtradError) as error:
        write_cids(Graph())
    assert error.value.problems[0].code == "rdf-no-publication"


def test_nothing_is_fetched_and_equal_data_give_equal_files(
    shipped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    graph = shipped.graphs["bergslund/exempel-2025"]
    assert write_cids(graph, shipped.context).content == write_cids(graph, shipped.context).content


def test_a_context_by_address_is_not_loaded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shipped: Any
) -> None:
    frame = json.loads((cids.FOLDER / "cids-frame.json").read_text(encoding="utf-8"))
    (tmp_path / "cids-frame.json").write_text(json.dumps(frame | {"@context": "https://example.org/c"}))
    monkeypatch.setattr(cids, "FOLDER", tmp_path)
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a connection was tried"))
    with pytest.raises(JsonLdError) as error:
        write_cids(shipped.graphs["bergslund/exempel-2025"], shipped.context)
    assert "https://example.org/c" in str(error.value.__cause__)


def test_texts_that_look_like_code_stay_texts(
    read_sheets: Callable[..., Reading], sheets: Any, known: bytes
) -> None:
    sheets["5-effektkedja"][2][1] = 'Intyg "A\\B" <b>&amp; @id'
    made = parsed(write_cids(read_sheets(sheets).graph, [known]))
    assert [str(o) for o in made.objects(None, TOVE.hasName)] == ['Intyg "A\\B" <b>&amp; @id']
