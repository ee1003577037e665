"""A small publication of a made-up county, written as CSV sheets that a test changes."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from rdflib import Graph
from rodtrad import examples
from rodtrad.loader import Reading, References, ntriples, read, write_template
from rodtrad.ontology import vocabulary

Rows = Sequence[Sequence[str]]

ID, NS = "https://w3id.org/rodtrad/id/ref/", "https://w3id.org/rodtrad/ns/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
THINGS = {
    "actor/region-prov": ("Actor", "Region Prov"),
    "actor/utan-id": ("Actor", "Utan id"),
    "actor/skola-a": ("Actor", "Folkskolan"),
    "actor/skola-b": ("Actor", "Folkskolan"),
    "region/x1": ("Region", "Provs l\\u00E4n"),
}
KNOWN = "".join(
    [
        *(f"<{ID}{thing}> <{TYPE}> <{NS}{cls}> .\n" for thing, (cls, _) in THINGS.items()),
        *(f'<{ID}{thing}> <{LABEL}> "{name}"@sv .\n' for thing, (_, name) in THINGS.items()),
        f'<{ID}actor/region-prov> <{NS}publisherId> "prov" .\n',
        f'<{ID}region/x1> <{NS}code> "X1" .\n',
    ]
).encode()

FIGURES_SHEET = {
    "Rubrik": "Provtal",
    "Utgivare": "Nationella referensutgivaren",
    "Datamängd": "provtal",
    "Fullständighet": "urval",
    "Språk": "sv",
}
"""What a made-up table of figures says of itself."""

SHEETS: dict[str, Rows] = {
    "1-publicering": [
        ["Rubrik", "Utgivare", "Datamängd", "Gäller län", "Fullständighet", "Konstruerat"],
        ["Prov 2025", "Region Prov", "prov-2025", "Provs län", "urval", "ja"],
    ],
    "2-styrning": [
        ["Slag", "Titel", "Dokumentslag", "Överordnad", "Målslag"],
        ["Styrdokument", "Provets strategi", "RUS", "", ""],
        ["Mål", "Fler får intyg", "", "Provets strategi", "effektmål"],
    ],
    "4-aktiviteter": [
        ["Aktivitet", "Status", "Från år", "Styrdokument", "Aktör 1", "Roll 1"],
        ["Validera vårdkunnande", "genomförd", "2019", "Provets strategi", "Region Prov", "driver"],
        ["Kartlägga behov", "planerad", "2026", "", "", ""],
    ],
    "5-effektkedja": [
        [
            "Led",
            "Text",
            "Aktivitet",
            "Tillstånd",
            "Följer av",
            "Länkens grund",
            "Värde",
            "Värde högst",
            "Bidrar till mål",
        ],
        ["Prestation", "Genomförda valideringar", "Validera vårdkunnande", "uppnådd", "", "", "184", "", ""],
        [
            "Utfall",
            "Utfärdade intyg",
            "",
            "uppnådd",
            "Genomförda valideringar",
            "angiven",
            "161",
            "",
            "Fler får intyg",
        ],
    ],
}


@pytest.fixture(scope="session")
def national_actors() -> References:
    """The vocabulary and the register of actors: what figures refer to."""
    actors = Path(examples.__file__).parent / "national" / "actors"
    known = ntriples(read([actors], References.from_ntriples()).graph)
    return References.from_ntriples(vocabulary(), known)


@pytest.fixture(scope="session")
def known() -> bytes:
    """What the made-up publications may refer to."""
    return KNOWN


@pytest.fixture(scope="session")
def references() -> References:
    return References.from_ntriples(KNOWN)


@pytest.fixture
def write_folder(tmp_path: Path) -> Callable[[Mapping[str, Rows]], Path]:
    """Writes sheets as a folder of CSV files."""

    def write(sheets: Mapping[str, Rows]) -> Path:
        folder = tmp_path / "prov"
        folder.mkdir(exist_ok=True)
        for name, rows in sheets.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
        return folder

    return write


@pytest.fixture
def sheets() -> dict[str, list[list[str]]]:
    """The publication without faults, free to change."""
    return {name: [list(row) for row in rows] for name, rows in SHEETS.items()}


@pytest.fixture
def read_sheets(
    write_folder: Callable[[Mapping[str, Rows]], Path], references: References
) -> Callable[..., Reading]:
    """Reads sheets given as rows of texts."""
    return lambda sheets: read([write_folder(sheets)], references)


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Writes the template in a language."""

    def write(lang: str, **options: object) -> Path:
        path = tmp_path / f"mall-{lang}.xlsx"
        write_template(path, lang, **options)
        return path

    return write


@dataclass(frozen=True)
class Shipped:
    """The publications that ship, by address, and what all of them may refer to."""

    graphs: Mapping[str, Graph]
    context: Sequence[bytes]

    @property
    def chosen(self) -> Mapping[str, Graph]:
        """All of them in a deep run; else the 21 regions, the made-up county and one of each other kind."""
        if os.environ.get("RODTRAD_DEEP"):
            return self.graphs
        kinds = ("utvardering-2021", "bergslund", "dalastrategin", "basindikatorer", "aktorer")
        return {name: graph for name, graph in self.graphs.items() if any(kind in name for kind in kinds)}


@pytest.fixture(scope="session")
def shipped() -> Shipped:
    parts, graphs = [vocabulary()], {}
    for group in examples.groups():
        references = References.from_ntriples(*parts)
        readings = [read([path], references) for path in group]
        assert all(reading.ok for reading in readings)
        graphs |= {str(reading.graph_iri).partition("/graph/")[2]: reading.graph for reading in readings}
        parts += [ntriples(reading.graph) for reading in readings]
    national = [ntriples(graph) for name, graph in graphs.items() if name.startswith("ref/")]
    return Shipped(graphs, (parts[0], *national))
