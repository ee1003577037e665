"""Writes a publication as an IATI 2.03 activity file with results.

The level shift: our *utfall* (``rt:Outcome``) is the direct change of those who take part, and stands
before what IATI calls outcome. ``exports/iati-results.rq`` reads the type of a result from the mapping
table ``ontology/mappings/iati.sssom.tsv``: output → 1, short-term effect → 2 (outcome), long-term effect →
3 (impact), and utfall, like a result whose level nobody states, → 9 (other). The description of each result
tells its level in our own words.

Each result stands once. An activity with a first year, a status that IATI has and a party in a role that
IATI has is an ``iati-activity`` of its own (hierarchy 2) with its outputs; all else stands under the work
as a whole (hierarchy 1). What is achieved is ``actual``, what is expected is ``target``, the rest is told
in text only. Our IRIs stand as ``linked-data-uri`` on activities and ``rt:iri`` on results and indicators.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import RDF, Graph, Literal
from rdflib.term import Node

from ..ontology.names import RT
from ..ontology.problems import Lang, Problem, RodtradError, Where
from .foreign import Exported, Scope
from .iati_xml import Activity, Date, Indicator, Number, Party, Reporter, Result, write

Row = Mapping[str, Any]


def write_iati(
    publication: Graph,
    context: Iterable[bytes] = (),
    lang: Lang = "sv",
    *,
    organisation_ref: str | None = None,
    today: datetime.date | None = None,
) -> Exported:
    """The publication as IATI 2.03.

    Args:
        publication: The triples of one publication.
        context: N-Triples of the publications that it refers to, for names and codes.
        lang: The default language of the file; every text carries its own.
        organisation_ref: The publisher's registered IATI identifier; without it ours is used, with a warning.
        today: The day that tells whether the period is over; today where not given.

    Raises:
        RodtradError: ``nothing-to-export`` without outputs, outcomes, effects or results; ``iati-no-period``
            when the publication has no first year; ``rdf-no-publication`` or ``rdf-several-publications``.
    """
    export = _Export(Scope(publication, context, lang), organisation_ref, today or datetime.date.today())
    return export.exported()


class _Export:
    def __init__(self, scope: Scope, organisation_ref: str | None, today: datetime.date) -> None:
        self.scope = scope
        self.problems: list[Problem] = []
        self.whole = scope.rows("iati-whole", now=Literal(today.year))[0]
        self.results = _first_of(scope.rows("iati-results"), "result")
        where, values = Where(iri=str(scope.iri)), {"graph": scope.iri, "format": "IATI"}
        if not self.results:
            raise RodtradError(Problem("nothing-to-export", where, values))
        if "start" not in self.whole:
            raise RodtradError(Problem("iati-no-period", where, values))
        self.ref = organisation_ref or f"RODTRAD-{self.whole.get('reporterId', scope.iri.rsplit('/', 2)[1])}"
        if organisation_ref is None:
            self.problems.append(Problem("iati-own-identifier", where, {"ref": self.ref}, "warning"))
        self.indicators = _grouped(scope.rows("iati-indicators"), "result")
        self.values = _grouped(scope.rows("iati-values"), "indicator")
        self.told: set[Node] = set()
        self.untold = 0

    def exported(self) -> Exported:
        parties = _grouped(self.scope.rows("iati-parties"), "activity")
        own = {
            row["activity"]: row
            for row in _first_of(self.scope.rows("iati-activities"), "activity").values()
            if row["activity"] in parties
        }
        held: dict[Node, list[Result]] = defaultdict(list)
        for row in self.results.values():
            producer = row.get("producer", self.scope.iri)
            held[producer if producer in own else self.scope.iri].append(self._result(row))
        activities = [self._activity(self.whole, parties[self.scope.iri], held[self.scope.iri], list(own))]
        activities += [self._activity(own[iri], parties[iri], held[iri], None) for iri in own]
        content = write(activities, self._reporter(), self.scope.lang)
        self._account(own)
        counts = {"activity": len(activities), "result": len(self.results)}
        for number in "1239":
            counts[f"type {number}"] = sum(str(row["type"]) == number for row in self.results.values())
        return Exported(content, counts, tuple(self.problems))

    def _account(self, own: Mapping[Node, Row]) -> None:
        """What the file does not hold."""
        everything = set(self.scope.publication.subjects(RDF.type, RT.Activity))
        inside = len(everything - set(own))
        if inside:
            self.problems.append(
                Problem("iati-under-the-whole", values={"count": inside}, severity="warning")
            )
        if self.untold:
            self.problems.append(
                Problem("iati-value-untold", values={"count": self.untold}, severity="warning")
            )
        self.told |= set(self.results) | everything
        self.problems += self.scope.left_out(self.told, "IATI 2.03")

    def _reporter(self) -> Reporter:
        whole = self.whole
        names = self._texts(whole["reporter"])
        return Reporter(self.ref, str(whole["reporterType"]), bool(whole["another"].value), names)

    def _activity(
        self, row: Row, parties: list[Row], results: list[Result], children: list[Node] | None
    ) -> Activity:
        iri, scope = row["activity"], self.scope
        dates = [Date(str(row["startType"]), f"{int(row['start']):04}-01-01")]
        if "end" in row:
            dates.append(Date(str(row["endType"]), f"{int(row['end']):04}-12-31"))
        seen = {(p["party"], str(p["role"])): p for p in parties}
        related = [("2", self._identifier(child)) for child in (children or ())]
        if children is None:
            related = [("1", self._identifier(scope.iri))]
        sector = row.get("sector")
        return Activity(
            identifier=self._identifier(iri),
            iri=str(iri),
            hierarchy="1" if children is not None else "2",
            titles=self._texts(iri),
            descriptions=self._described(iri),
            parties=tuple(
                Party(str(p["role"]), str(p["type"]) if "type" in p else None, self._texts(p["party"]))
                for _, p in sorted(seen.items())
            ),
            status=str(row["status"]),
            dates=tuple(dates),
            country=str(self.whole["country"]) if "country" in self.whole else None,
            sector=(sector.rsplit("/", 1)[-1], self._texts(sector)) if sector is not None else None,
            related=tuple(related),
            results=tuple(results),
        )

    def _result(self, row: Row) -> Result:
        iri = row["result"]
        linked = _first_of(self.indicators.get(iri, []), "indicator")
        indicators = [self._indicator(one, iri) for one in linked.values()]
        return Result(
            iri=str(iri),
            type=str(row["type"]),
            titles=self._texts(iri),
            descriptions=self._described(iri),
            indicators=tuple(indicators or [self._own_number(row)]),
        )

    def _own_number(self, row: Row) -> Indicator:
        """What the result itself tells: its number, or that there is none."""
        iri = row["result"]
        has_value, is_one = "value" in row, "value" in row and "valueMax" not in row
        numbers: list[Number] = []
        if "element" in row and "year" in row and (is_one or not has_value):
            value, comment = (_number(row["value"]), {}) if is_one else (None, self._texts(iri))
            numbers.append(Number(str(row["element"]), int(row["year"]), value, comment))
        elif has_value:
            self.untold += 1
        measure, texts = str(row["measure"]), self._texts(iri)
        return Indicator(None, measure, None, texts, self._described(iri), tuple(numbers))

    def _indicator(self, row: Row, result: Node) -> Indicator:
        iri = row["indicator"]
        self.told.add(iri)
        numbers = []
        for value in _first_of(self.values.get(iri, []), "node").values():
            if value.get("onlyFor", result) != result:
                continue
            self.told.add(value["node"])
            if value["plain"].value:
                numbers.append(Number(str(value["element"]), int(value["year"]), _number(value["value"]), {}))
            else:
                self.untold += 1
        ascending = str(row["ascending"]) if "ascending" in row else None
        measure, texts = str(row["measure"]), self._texts(iri)
        return Indicator(str(iri), measure, ascending, texts, self._described(iri), tuple(numbers))

    def _identifier(self, iri: Node) -> str:
        """An identifier without slashes that begins with that of the publisher."""
        path = str(iri).partition("://")[2].removeprefix("w3id.org/rodtrad/")
        return f"{self.ref}-{path.replace('/', '-')}"

    def _texts(self, thing: Node) -> Mapping[str, str]:
        return self.scope.texts(thing) or {self.scope.lang: self.scope.name(thing)}

    def _described(self, thing: Node) -> Mapping[str, str]:
        return {str(lang): text for lang, text in self.scope.descriptions.get(thing, {}).items()}


def _number(value: Literal) -> str:
    return f"{value.toPython():f}"


def _grouped(rows: Iterable[Row], key: str) -> dict[Node, list[Row]]:
    groups: dict[Node, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _first_of(rows: Iterable[Row], key: str) -> dict[Node, Row]:
    """One row for each thing, the same one every time, in a fixed order."""
    groups = sorted(_grouped(rows, key).items(), key=lambda pair: str(pair[0]))
    return {thing: min(group, key=lambda row: str(sorted(row.items()))) for thing, group in groups}
