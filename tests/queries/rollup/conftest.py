"""Small made-up nations: indicators and measured values written as Turtle, asked in one engine."""

from __future__ import annotations

from collections.abc import Callable

import pyoxigraph as ox
import pytest
from rodtrad.ontology import vocabulary
from rodtrad.queries.rollup import Result, rollup
from rodtrad.store import Engine

from benchmarks.observations import CODES

A = "https://w3id.org/rodtrad/id/ref/indicator/a"
GRAPH = "https://w3id.org/rodtrad/graph/ref/tal"
SCHEMES = [
    "measure-kind",
    "additivity",
    "aggregation-function",
    "cumulation",
    "distinctness",
    "observation-status",
    "restriction",
    "period-type",
    "price-base",
    "completeness",
    "target-kind",
    "direction",
    "definition-change",
    "verdict",
    "comparison",
    "code-list",
]
HEAD = """
@prefix rt: <https://w3id.org/rodtrad/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xkos: <http://rdf-vocabulary.ddialliance.org/xkos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix i: <https://w3id.org/rodtrad/id/ref/indicator/> .
@prefix o: <https://w3id.org/rodtrad/id/ref/observation/> .
@prefix x: <https://w3id.org/rodtrad/id/ref/thing/> .
@prefix r: <https://w3id.org/rodtrad/id/ref/region/> .
@prefix m: <https://w3id.org/rodtrad/id/ref/municipality/> .
@prefix c: <https://w3id.org/rodtrad/id/ref/country/> .
@prefix k: <https://w3id.org/rodtrad/id/ref/group/> .
""" + "".join(f"@prefix {name}: <https://w3id.org/rodtrad/scheme/{name}/> .\n" for name in SCHEMES)
COUNT = "rt:measureKind measure-kind:count ; rt:distinctness distinctness:unique ; rt:unit 'antal'"
FLOW = COUNT + " ; rt:additivity additivity:flow"
STOCK = COUNT + " ; rt:additivity additivity:stock"
SHARE = "rt:measureKind measure-kind:share ; rt:additivity additivity:non-additive ; rt:unit 'procent' ; rt:ratioFactor 100"
MEDIAN = "rt:measureKind measure-kind:median ; rt:additivity additivity:non-additive ; rt:unit 'kr'"
SEX = """
<https://w3id.org/rodtrad/id/ref/groups> a skos:ConceptScheme ; rt:mutuallyExclusive true ; rt:exhaustive true .
k:t a skos:Concept ; skos:inScheme <https://w3id.org/rodtrad/id/ref/groups> ; rt:isTotal true ; rdfs:label "totalt"@sv .
k:k a skos:Concept ; skos:inScheme <https://w3id.org/rodtrad/id/ref/groups> ; rdfs:label "kvinnor"@sv .
k:m a skos:Concept ; skos:inScheme <https://w3id.org/rodtrad/id/ref/groups> ; rdfs:label "män"@sv .
"""
WHOLE = """
x:whole a rt:Place ; rt:code "W" ; rdfs:label "Helheten"@sv .
x:one a rt:Region ; rt:code "W1" ; rdfs:label "Ett"@sv ; rt:partOfPlace x:whole .
x:two a rt:Region ; rt:code "W2" ; rdfs:label "Två"@sv ; rt:partOfPlace x:whole .
"""
IN_WHOLE = "https://w3id.org/rodtrad/id/ref/thing/whole"


def indicator(facts: str, name: str = "a") -> str:
    """An indicator of the facts."""
    return f"i:{name} a rt:Indicator ; rdfs:label 'Indikator {name}'@sv ; {facts} .\n"


def value(
    place: str, number: object, year: object = 2023, of: str = "a", more: str = "", id: str = ""
) -> str:
    """A measured value; ``number`` None leaves it out."""
    told = "" if number is None else f"rt:value {number} ; "
    time = f"rt:year {year}" if isinstance(year, int) else f"rt:period '{year}'"
    name = id or f"{of}-{place}-{year}-{abs(hash(more)) % 10**8}".replace(":", "").replace("/", "")
    where = f"rt:place {place} ; " if place else ""
    return f"o:{name} a rt:Observation ; rt:indicator i:{of} ; {where}{time} ; {told}rt:inPublication <{GRAPH}> {more}.\n"


def everywhere(number: object, year: object = 2023, of: str = "a", but: tuple[str, ...] = ()) -> str:
    """The same value in every county but some."""
    return "".join(value(f"r:{code}", number, year, of) for code in CODES if code not in but)


@pytest.fixture(scope="session")
def nation() -> Callable[..., Engine]:
    """Gives an engine over the vocabulary, two places in one whole, and publications written as Turtle.

    The vocabulary is loaded once: each call replaces what the call before it put in.
    """
    store = ox.Store()
    store.bulk_load(vocabulary(), format=ox.RdfFormat.N_TRIPLES)
    standing = len(store)
    put: list[ox.Quad] = []

    def build(*parts: str, completeness: str = "complete", others: str = "") -> Engine:
        for quad in put:
            store.remove(quad)
        assert len(store) == standing
        head = f"{HEAD}<{GRAPH}> a rt:Publication ; rt:completeness completeness:{completeness} .\n"
        triples = ox.parse((head + WHOLE + "".join(parts) + others).encode(), format=ox.RdfFormat.TURTLE)
        put[:] = {ox.Quad(*list(one)[:3]) for one in triples} - set(store)
        store.extend(put)
        return Engine(store, 1)

    return build


@pytest.fixture
def ask(nation: Callable[..., Engine]) -> Callable[..., Result]:
    """Gives the only result of a roll-up over region of indicator ``a`` in publications written as Turtle."""

    def result(*parts: str, over: str = "region", completeness: str = "complete", **how) -> Result:
        return rollup(nation(*parts, completeness=completeness), A, over, **how).result

    return result
