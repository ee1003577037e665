"""The engines that the compiled shapes are held against, each giving the same form of result."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyoxigraph as ox
import pyrudof
from rdflib import SH, Graph
from rodtrad.shapes.compiler import compile_shapes
from rodtrad.shapes.execution import run
from rodtrad.shapes.reference import reference_results
from rodtrad.shapes.scope import Scope

Result = tuple[str, str, str]
"""Focus node, constraint component, shape."""


def compiled(shapes: Graph, scope: Scope) -> set[Result]:
    """What the product says."""
    return {(r.focus, str(r.component), str(r.shape)) for r in run(compile_shapes(shapes), scope)}


def pyshacl(shapes: Graph, scope: Scope) -> set[Result]:
    """What pySHACL says of a copy of the shapes."""
    copy = Graph()
    for triple in shapes:
        copy.add(triple)
    return {(r.focus, str(r.component), str(r.shape)) for r in reference_results(copy, scope)}


class Rudof:
    """pyrudof with the shapes loaded once."""

    def __init__(self, shapes: Graph) -> None:
        self._engine = pyrudof.Rudof(pyrudof.RudofConfig())
        self._engine.read_shacl(shapes.serialize(format="turtle"), format=pyrudof.ShaclFormat.Turtle)

    def results(self, scope: Scope) -> set[Result]:
        """What pyrudof says of the nodes that the data describe."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "data.nt"
            merged = scope.store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
            file.write_bytes(merged)  # type: ignore[arg-type]
            self._engine.reset_data()
            self._engine.read_data(file, format=pyrudof.RDFFormat.NTriples)
        report = self._engine.validate_shacl(mode=pyrudof.ShaclValidationMode.Native)
        found = {
            (entry.focus_node, _iri(entry.constraint_component), _iri(entry.source_shape)) for entry in report
        }
        return {result for result in found if result[0] in scope.described}


def _iri(text: str | None) -> str:
    text = (text or "").strip("<>")
    return text.replace("sh:", str(SH), 1) if text.startswith("sh:") else text
