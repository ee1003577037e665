"""Measured values of made-up indicators for the 21 counties, 20 years each, as one publication."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from rodtrad.ontology.names import ID, PREFIXES, RT, SCHEME, graph_iri, resource_iri

CODES = [f"{number:02}" for number in range(1, 26) if number not in (2, 11, 15, 16)]
YEARS = range(2004, 2024)
QUADS_PER_INDICATOR = 8 * len(CODES) * len(YEARS) + 6
INDICATOR = str(resource_iri("ref", "indicator", "7"))
_TYPE = f"<{PREFIXES['rdf']}type>"


def triples(indicators: int) -> Iterator[str]:
    """The lines of the publication: counts that are stocks."""
    graph = f"<{graph_iri('ref', 'observationer')}>"
    yield f"{graph} {_TYPE} <{RT.Publication}> .\n"
    yield f"{graph} <{RT.completeness}> <{SCHEME['completeness/complete']}> .\n"
    for number in range(indicators):
        this = f"<{resource_iri('ref', 'indicator', str(number))}>"
        yield f"{this} {_TYPE} <{RT.Indicator}> .\n"
        yield f'{this} <{PREFIXES["rdfs"]}label> "Indikator {number}"@sv .\n'
        yield f'{this} <{RT.unit}> "antal" .\n'
        for name, code in (("measureKind", "count"), ("additivity", "stock"), ("distinctness", "unique")):
            scheme = "measure-kind" if name == "measureKind" else name
            yield f"{this} <{RT[name]}> <{SCHEME[f'{scheme}/{code}']}> .\n"
        for code in CODES:
            for year in YEARS:
                yield from _value(number, this, code, year, graph)


def _value(number: int, indicator: str, code: str, year: int, graph: str) -> Iterator[str]:
    this = f"<{resource_iri('ref', 'observation', f'{number}-{code}-{year}')}>"
    amount = (number * 7919 + int(code) * 31 + year) % 100_000
    yield f"{this} {_TYPE} <{RT.Observation}> .\n"
    yield f"{this} <{RT.indicator}> {indicator} .\n"
    yield f"{this} <{RT.place}> <{ID[f'ref/region/{code}']}> .\n"
    yield f'{this} <{RT.year}> "{year}"^^<{PREFIXES["xsd"]}integer> .\n'
    yield f'{this} <{RT.value}> "{amount}.5"^^<{PREFIXES["xsd"]}decimal> .\n'
    yield f"{this} <{RT.observationStatus}> <{SCHEME['observation-status/final']}> .\n"
    yield f'{this} <{RT.unit}> "antal" .\n'
    yield f"{this} <{RT.inPublication}> {graph} .\n"


def rollup_cell(engine) -> dict[str, float]:
    """CPU seconds of one roll-up over 21 counties and 20 years; rows are members of the answer."""
    from rodtrad.queries import rollup

    from .measure import timed

    def work() -> int:
        answer = rollup(engine, INDICATOR, "region", years="2004-2023")
        return sum(len(one.members) for one in answer.results)

    work()
    return timed(work)


def main() -> None:
    """Write about as many N-Quads as asked to stdout."""
    graph = graph_iri("ref", "observationer")
    for line in triples(max(8, int(sys.argv[1]) // QUADS_PER_INDICATOR)):
        sys.stdout.write(line.removesuffix(" .\n") + f" <{graph}> .\n")


if __name__ == "__main__":
    main()
