"""The classes of the vocabulary as Python objects, by Owlready2."""

from __future__ import annotations

import io
from typing import Any

from rdflib import RDFS, SKOS, Literal

from . import vocabulary_graph
from .names import RT
from .owl_subset import owl_subset

_TEXTS = (RDFS.label, SKOS.definition, SKOS.altLabel)


def load() -> Any:
    """See :func:`rodtrad.ontology.classes`."""
    import owlready2

    graph = vocabulary_graph()
    subset = owl_subset(graph)
    lines = [f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in subset.triples]
    for text in _TEXTS:
        lines += [
            f"{s.n3()} {text.n3()} {o.n3()} .\n"
            for s, o in graph.subject_objects(text)
            if isinstance(o, Literal) and str(s).startswith(str(RT))
        ]
    world = owlready2.World()
    ontology = world.get_ontology(str(RT))
    ontology.load(fileobj=io.BytesIO("".join(sorted(lines)).encode()))
    return ontology
