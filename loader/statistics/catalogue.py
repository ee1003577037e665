"""Reads catalogues of indicators of several dates as versions of definitions, with what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from rdflib import RDF, RDFS, SKOS, XSD, Graph, Literal, URIRef

from ...ontology.names import RT, SCHEME, resource_iri
from ...ontology.problems import Problem, RodtradError, Where
from ..reading import Origin, Reading
from ..references import References
from .head import Description, Fields, read_head
from .kolada import SOURCE
from .raw import text_frame
from .titles import averaged_over, population_of, unit_of

CHANGE = SCHEME["definition-change"]
_NEEDED = {"id", "title", "description"}
_BREAKING = ("unit-changed", "population-changed", "method-changed")


@dataclass(frozen=True)
class Catalogue:
    """One catalogue: titles and descriptions by id, and the row of each."""

    file: str
    valid_from: date
    entries: Mapping[str, tuple[str, str, int]]


def read_catalogues(files: Sequence[tuple[Path, date]], references: References) -> Reading:
    """Read Kolada's catalogue as it stood on some dates, the oldest first.

    An indicator keeps its identifier as long as Kolada keeps its id; each definition is a version of it. A
    version breaks with the one before when the unit, the ages or the years averaged over in its title differ.

    Raises:
        RodtradError: A file is no catalogue, or lists an id twice.
    """
    catalogues = [_load(path, day) for path, day in sorted(files, key=lambda pair: pair[1])]
    head = read_head(Description(catalogues[-1].file, _publication(catalogues), (SOURCE,)), references)
    reading = head.reading
    graph = Graph()
    graph += reading.graph
    origins: list[Origin] = []
    publication = reading.graph_iri or URIRef("")
    for kpi in sorted({kpi for one in catalogues for kpi in one.entries}):
        for statement in _indicator(kpi, catalogues, head.publisher, publication):
            graph.add(statement)
        for one in catalogues:
            if kpi in one.entries:
                iri = _version(head.publisher, kpi, one)
                title, _, row = one.entries[kpi]
                origins.append(Origin(iri, str(RDFS.label), one.file, "", f"row {row}", title))
    return replace(reading, graph=graph, origins=(*reading.origins, *origins))


def _load(path: Path, day: date) -> Catalogue:
    table = text_frame(path)
    if not set(table.columns) >= _NEEDED:
        raise RodtradError(Problem("statistics-not-kolada", Where(file=path.name)))
    double = table.filter(table["id"].is_duplicated())
    if not double.is_empty():
        values = {"count": double.height, "rows": str(double["row"][0]), "value": double["id"][0]}
        raise RodtradError(Problem("statistics-conflict", Where(file=path.name), values))
    rows = table.select("id", "title", "description", "row").rows()
    return Catalogue(path.name, day, {kpi: (title or "", text or "", row) for kpi, title, text, row in rows})


def changes(old: tuple[str, str], new: tuple[str, str]) -> tuple[str, ...]:
    """How a definition, as title and description, differs from the one before: notations of changes."""
    found = []
    if old[0] != new[0]:
        found.append("retitled")
        units = unit_of(old[0]), unit_of(new[0])
        if all(units) and _plain(units[0]) != _plain(units[1]):
            found.append("unit-changed")
        if population_of(old[0]) != population_of(new[0]):
            found.append("population-changed")
        if averaged_over(old[0]) != averaged_over(new[0]):
            found.append("method-changed")
    if old[1] != new[1]:
        found.append("described-anew")
    return tuple(found) or ("same",)


def _plain(unit: str | None) -> str:
    return (unit or "").casefold().replace(" ", "").replace("invånare", "inv")


def _indicator(
    kpi: str, catalogues: Sequence[Catalogue], publisher: str, publication: URIRef
) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    node = resource_iri(publisher, "indicator", f"kolada-{kpi.lower()}")
    present = [one for one in catalogues if kpi in one.entries]
    title = present[-1].entries[kpi][0]
    yield node, RDF.type, RT.Indicator
    yield node, RT.inPublication, publication
    yield node, RDFS.label, Literal(title, lang="sv")
    yield node, RT.publisherId, Literal(kpi)
    yield node, RT.dataSource, Literal("Kolada")
    if unit := unit_of(title):
        yield node, RT.unit, Literal(unit)
    for number, one in enumerate(catalogues):
        before = catalogues[number - 1] if number else None
        if kpi in one.entries:
            yield from _definition(kpi, one, before, catalogues[number + 1 :], publisher, publication, node)


def _definition(
    kpi: str,
    one: Catalogue,
    before: Catalogue | None,
    later: Sequence[Catalogue],
    publisher: str,
    publication: URIRef,
    indicator: URIRef,
) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    version = URIRef(_version(publisher, kpi, one))
    title, text, _ = one.entries[kpi]
    yield version, RDF.type, RT.IndicatorVersion
    yield version, RT.inPublication, publication
    yield version, RDFS.label, Literal(title, lang="sv")
    yield version, RT.versionOf, indicator
    yield version, RT.validFrom, Literal(one.valid_from.isoformat(), datatype=XSD.date)
    if text:
        yield version, SKOS.definition, Literal(text, lang="sv")
    if unit := unit_of(title):
        yield version, RT.unit, Literal(unit)
    if population := population_of(title):
        yield version, RT.population, Literal(population)
    if later:
        last = (later[0].valid_from - timedelta(days=1)).isoformat()
        yield version, RT.validTo, Literal(last, datatype=XSD.date)
        if kpi not in later[0].entries:
            yield version, RT.breakReason, URIRef(f"{CHANGE}/gone")
    if before is None:
        return
    if kpi not in before.entries:
        yield version, RT.breakReason, URIRef(f"{CHANGE}/new")
        return
    kinds = changes(before.entries[kpi][:2], one.entries[kpi][:2])
    yield version, RT.previousVersion, URIRef(_version(publisher, kpi, before))
    broken = any(kind in _BREAKING for kind in kinds)
    yield version, RT.breakWithPrevious, Literal("true" if broken else "false", datatype=XSD.boolean)
    for kind in kinds:
        yield version, RT.breakReason, URIRef(f"{CHANGE}/{kind}")


def _version(publisher: str, kpi: str, one: Catalogue) -> str:
    local = f"kolada-{kpi.lower()}-{one.valid_from.isoformat()}"
    return str(resource_iri(publisher, "indicator-version", local))


def _publication(catalogues: Sequence[Catalogue]) -> Fields:
    days = [one.valid_from for one in catalogues]
    return {
        "Rubrik": f"Koladas katalog {min(days)}–{max(days)}",
        "Rubrik (en)": f"The catalogue of Kolada {min(days)}–{max(days)}",
        "Utgivare": "Nationella referensutgivaren",
        "Datamängd": "kolada-catalogue",
        "Källa": "kolada",
        "Fullständighet": "fullständig",
        "Konstruerat": "nej",
        "Språk": "sv",
        "Från år": min(days).year,
        "Till år": max(days).year,
    }
