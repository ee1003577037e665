"""Finds the place that a word or code of a statistics file means."""

from __future__ import annotations

from dataclasses import dataclass

from rdflib import RDF, RDFS, SKOS

from ...ontology import vocabulary_graph
from ...ontology.names import RT
from ..references import normal

LEVELS = {"region": RT.Region, "municipality": RT.Municipality, "country": RT.Country}
_ORGANISATION, _MUNICIPALITY = "region ", " kommun"
_COUNTY_DIGITS = 2


@dataclass(frozen=True)
class Place:
    """A place of the vocabulary: its code is the two digits of a county, four of a municipality."""

    iri: str
    label: str
    code: str
    level: str


class Places:
    """All places by code, NUTS code and name."""

    def __init__(self) -> None:
        graph = vocabulary_graph()
        self._codes: dict[str, Place] = {}
        self._names: dict[str, list[Place]] = {}
        for level, cls in LEVELS.items():
            for node in sorted(graph.subjects(RDF.type, cls), key=str):
                names = [
                    str(name) for prop in (RDFS.label, SKOS.altLabel) for name in graph.objects(node, prop)
                ]
                label = next(
                    str(text)
                    for text in graph.objects(node, RDFS.label)
                    if getattr(text, "language", "") == "sv"
                )
                place = Place(str(node), label, str(graph.value(node, RT.code)), level)
                self._codes[place.code] = place
                for nuts in graph.objects(node, RT.nuts):
                    self._codes.setdefault(str(nuts), place)
                for name in {normal(text) for text in names}:
                    self._names.setdefault(name, []).append(place)

    def find(self, text: str, level: str | None = None) -> Place | None:
        """The place that is meant, or ``None`` when there is none or several.

        Understood are codes ("20", "0020", "2080", "SE312"), names ("Dalarna", "Dalarnas län", "Riket"), the
        region as an organisation ("Region Dalarna") and a code before a name ("20 Dalarnas län").
        """
        text = " ".join(text.split())
        if text.upper() in self._codes:
            return self._codes[text.upper()]
        if text.isdecimal():
            # Kolada writes a county as four digits, and a sheet drops the first nought.
            short = text[_COUNTY_DIGITS:] if len(text) == 4 and text.startswith("00") else text.zfill(2)
            return self._codes.get(short)
        code, _, rest = text.partition(" ")
        if code.isdecimal() and code in self._codes and rest:
            return self._codes[code]
        name = normal(text)
        if name.endswith(_MUNICIPALITY):
            # "Leksands kommun" and "Falu kommun" are Leksand and Falun.
            stem = name.removesuffix(_MUNICIPALITY)
            forms = (stem, stem.removesuffix("s"), f"{stem}n")
            return next(filter(None, (self._one(form, "municipality") for form in forms)), None)
        if name.startswith(_ORGANISATION):
            return self._one(name.removeprefix(_ORGANISATION), level or "region")
        return self._one(name, level)

    def _one(self, name: str, level: str | None) -> Place | None:
        found = self._names.get(name, [])
        if len(found) > 1:
            found = [place for place in found if place.level == level]
        return found[0] if len(found) == 1 else None
