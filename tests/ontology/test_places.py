"""Places carry the codes by which other sources know them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.term import Node
from rodtrad.ontology.names import ID, RT

PLACES = Path(__file__).parents[2] / "ontology" / "places"


@cache
def places() -> Graph:
    graph = Graph()
    for file in sorted(PLACES.glob("*.ttl")):
        graph.parse(file)
    return graph


def sv(graph: Graph, node: Node) -> str:
    names = (name for name in graph.objects(node, RDFS.label) if isinstance(name, Literal))
    return next(str(name) for name in names if name.language == "sv")


def test_places_have_the_codes_of_the_registers(shared: Path) -> None:
    graph = places()

    def table(name: str) -> list[dict[str, str]]:
        with (shared / "data/codes" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    counties = table("lan-regions.csv")
    assert set(graph.subjects(RDF.type, RT.Region)) == {
        ID[f"ref/region/{row['lan_code']}"] for row in counties
    }
    for row in counties:
        node = ID[f"ref/region/{row['lan_code']}"]
        stored = [str(graph.value(node, RT[name])) for name in ("code", "nuts", "iso3166", "countyLetter")]
        assert stored == [row["lan_code"], row["nuts3"], row["iso_3166_2"], row["lan_letter"]]
        assert sv(graph, node) == row["lan_name"]
        assert graph.value(node, SKOS.exactMatch) == URIRef(f"http://data.europa.eu/nuts/code/{row['nuts3']}")
        assert graph.value(node, RT.partOfPlace) == ID["ref/country/SE"]
    municipalities = table("municipalities.csv")
    assert len(set(graph.subjects(RDF.type, RT.Municipality))) == len(municipalities) == 290
    for row in municipalities:
        node = ID[f"ref/municipality/{row['municipality_code']}"]
        assert graph.value(node, RT.partOfPlace) == ID[f"ref/region/{row['lan_code']}"]
        assert (str(graph.value(node, RT.code)), sv(graph, node)) == (
            row["municipality_code"],
            row["municipality_name"],
        )
