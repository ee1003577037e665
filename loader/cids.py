"""Writes a publication as JSON-LD of the Common Impact Data Standard, Basic Tier.

CIDS has one word, Outcome, for what we tell apart as utfall, short-term and long-term effect: all three are
exported as ``cids:Outcome`` (a broad match in the mapping table), and the description tells the level, and
whether it is achieved or only expected. Outputs, activities, targets and objectives have no class in the
Basic Tier: they are counted in ``problems``. Every identifier is ours; measures are parts without one. The
context is written into the file, so that nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyld import jsonld
from rdflib import RDF, Graph, Namespace, URIRef

from ..ontology.problems import Lang, Problem, RodtradError, Where
from .foreign import FOLDER, Exported, Scope
from .ntriples import ntriples

CIDS = Namespace("https://ontology.commonapproach.org/cids#")
_PARTS = (
    "cids-1-organisation",
    "cids-2-outcomes",
    "cids-3-themes",
    "cids-4-indicators",
    "cids-5-reports",
    "cids-6-baselines",
)
_KINDS = ("Organization", "Outcome", "Theme", "Indicator", "IndicatorReport")


def write_cids(publication: Graph, context: Iterable[bytes] = (), lang: Lang = "sv") -> Exported:
    """The publication as CIDS Basic Tier.

    Args:
        publication: The triples of one publication.
        context: N-Triples of the publications that it refers to, for the names.
        lang: The language of names and descriptions: CIDS takes one; the other stands in where it is missing.

    Raises:
        RodtradError: ``nothing-to-export`` when the publication tells of no outcome, effect or indicator;
            ``rdf-no-publication`` or ``rdf-several-publications`` when it is not one publication.
    """
    scope = Scope(publication, context, lang)
    made = scope.construct(*_PARTS)
    counts = {kind: len(set(made.subjects(RDF.type, CIDS[kind]))) for kind in _KINDS}
    if not counts["Outcome"] and not counts["Indicator"]:
        values = {"graph": scope.iri, "format": "CIDS"}
        raise RodtradError(Problem("nothing-to-export", Where(iri=str(scope.iri)), values))
    told = {s for s in made.subjects(RDF.type) if isinstance(s, URIRef)}
    content = json.dumps(_framed(made), ensure_ascii=False, indent=1) + "\n"
    return Exported(content.encode(), counts, tuple(scope.left_out(told, "CIDS Basic Tier")))


def _framed(graph: Graph) -> dict[str, Any]:
    frame = json.loads((FOLDER / "cids-frame.json").read_text(encoding="utf-8"))
    # In a fixed order, so that equal publications give equal files.
    expanded = jsonld.from_rdf(ntriples(graph).decode(), {"useNativeTypes": False})
    options: Any = {"documentLoader": _no_network, "omitGraph": False}
    framed: Any = jsonld.frame(expanded, frame, options)
    return framed


def _no_network(url: str, options: object) -> dict[str, Any]:
    raise jsonld.JsonLdError(f"not loaded: {url}", "jsonld.LoadDocumentError")
