"""Proves that the vocabulary, with or without data and mappings, does not contradict itself.

Owlready2 runs HermiT (Java). HermiT knows the datatypes of OWL 2 only: values and ranges of other types,
such as ``xsd:date``, ``xsd:gYear`` and ``rdf:langString``, are left out and listed (``Verdict.left_out``);
the SHACL rules test them.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from . import vocabulary_graph
from .clashes import Clash, find_clashes
from .mappings import Mapping, mappings
from .owl_subset import LeftOut, Subset, owl_subset
from .problems import Problem, RodtradError, Where

MEMORY_MB = 1500
TIMEOUT_S = 300.0

_CLASS_AXIOM = {
    SKOS.exactMatch: (OWL.equivalentClass, False),
    SKOS.broadMatch: (RDFS.subClassOf, False),
    SKOS.narrowMatch: (RDFS.subClassOf, True),
    OWL.equivalentClass: (OWL.equivalentClass, False),
    RDFS.subClassOf: (RDFS.subClassOf, False),
}
_PROPERTY_AXIOM = {
    SKOS.exactMatch: (OWL.equivalentProperty, False),
    SKOS.broadMatch: (RDFS.subPropertyOf, False),
    SKOS.narrowMatch: (RDFS.subPropertyOf, True),
    OWL.equivalentProperty: (OWL.equivalentProperty, False),
    RDFS.subPropertyOf: (RDFS.subPropertyOf, False),
}


@dataclass(frozen=True)
class Verdict:
    """What the reasoner found.

    Attributes:
        consistent: Nothing contradicts anything.
        unsatisfiable: Classes that can have no member.
        seconds: HermiT's own time, without reading.
        statements: How many statements it was given.
        clashes: What contradicts what, as far as it can be named; empty when all is well.
        left_out: What it was not given, by reason and term.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    seconds: float
    statements: int
    clashes: tuple[Clash, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def ok(self) -> bool:
        """Consistent, and every class can have members."""
        return self.consistent and not self.unsatisfiable

    def problems(self) -> list[Problem]:
        """What is wrong, in words for a user."""
        if self.ok:
            return []
        named = [_problem(clash) for clash in self.clashes]
        told = {clash.subject for clash in self.clashes}
        empty = [
            Problem("reasoning-unsatisfiable", values={"subject": cls, "one": "?", "other": "?"})
            for cls in self.unsatisfiable
            if cls not in told
        ]
        return named + empty or [Problem("reasoning-unexplained")]


def reason(
    data: bytes = b"",
    rows: Iterable[Mapping] = (),
    *,
    extra: Iterable[tuple[Node, Node, Node]] = (),
    timeout_s: float = TIMEOUT_S,
) -> Verdict:
    """Let HermiT judge the vocabulary together with data and mappings.

    Args:
        data: N-Triples of publications; none = the vocabulary alone.
        rows: Mappings to take as axioms (see :func:`mapping_axioms`).
        extra: Further statements, such as axioms under trial.
        timeout_s: Seconds after which the reasoner is stopped.

    Raises:
        RodtradError: ``java-missing`` without Java; ``reasoning-failed`` when the reasoner stops,
            runs out of memory or out of time.
    """
    graph = Graph()
    if data:
        graph.parse(data=data, format="nt")
    axioms = list(mapping_axioms(rows))
    subset = owl_subset(vocabulary_graph(), graph, axioms, extra)
    found = _hermit(subset, timeout_s)
    unsatisfiable = tuple(found["unsatisfiable"])
    sound = found["consistent"] and not unsatisfiable
    clashes = () if sound else find_clashes(subset.triples)
    return Verdict(
        found["consistent"], unsatisfiable, found["seconds"], len(subset.triples), clashes, subset.left_out
    )


def mapping_axioms(rows: Iterable[Mapping] | None = None) -> Iterable[tuple[URIRef, URIRef, URIRef]]:
    """Mappings of classes and properties as OWL axioms.

    Exact matches become equivalents, broad matches become superclasses or superproperties, narrow ones the
    reverse; close and related matches say nothing that logic could use.
    """
    graph = vocabulary_graph()
    for row in mappings() if rows is None else rows:
        if row.target is None or str(row.target) == str(row.subject):
            continue
        kinds = set(graph.objects(row.subject, RDF.type))
        table = _CLASS_AXIOM if OWL.Class in kinds else _PROPERTY_AXIOM
        if kinds & {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty} and row.predicate in table:
            axiom, reverse = table[row.predicate]
            yield (row.target, axiom, row.subject) if reverse else (row.subject, axiom, row.target)


def _hermit(subset: Subset, timeout_s: float) -> dict:
    if shutil.which("java") is None:
        raise RodtradError(Problem("java-missing"))
    with tempfile.TemporaryDirectory(prefix="rodtrad-reasoning-") as folder:
        file = Path(folder, "all.nt")
        file.write_text(
            "".join(sorted(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in subset.triples)), "utf-8"
        )
        command = [sys.executable, "-m", f"{__package__}.hermit_worker", str(file), str(MEMORY_MB)]
        environment = os.environ | {"TMPDIR": folder}
        # A session of its own, so that Java ends with it.
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            raise RodtradError(Problem("reasoning-failed", values={"reason": f"> {timeout_s:g} s"})) from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
    lines = out.strip().splitlines()
    found = (
        json.loads(lines[-1])
        if process.returncode == 0 and lines
        else {"failed": err or str(process.returncode)}
    )
    if "failed" in found:
        last = [line for line in found["failed"].strip().splitlines() if line.strip()][:3]
        raise RodtradError(Problem("reasoning-failed", values={"reason": " ".join(last)}))
    return found


def _problem(clash: Clash) -> Problem:
    values = {
        "subject": clash.subject,
        "one": clash.one,
        "other": clash.other,
        "because": "; ".join(clash.because),
    }
    codes = {
        "disjoint": "reasoning-disjoint",
        "unsatisfiable": "reasoning-unsatisfiable",
        "two-values": "reasoning-two-values",
        "different": "reasoning-different",
        "loop": "reasoning-loop",
        "datatype": "reasoning-datatype",
    }
    return Problem(codes[clash.kind], Where(iri=clash.subject), values)
