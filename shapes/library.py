"""All shapes and rules of the package, as one graph, and what of it holds at a tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.exceptions import ParserError
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from ..ontology.names import RT, SCHEME
from ..ontology.problems import Problem, RodtradError, Where
from .compiler import compile_shapes
from .program import Program
from .rulebook import Rule, Rulebook

_FOLDER = Path(__file__).parent
# The parser of rdflib runs past the end of some texts, and out of stack in nested ones.
_UNREADABLE = (BadSyntax, ParserError, ValueError, IndexError, RecursionError, AssertionError)
_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


class Library:
    """Shapes, rules and tiers read from Turtle."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._programs: dict[URIRef, Program] = {}

    @classmethod
    def read(cls, files: Sequence[Path]) -> Library:
        """Read shapes from files.

        Raises:
            RodtradError: ``shapes-unreadable``, naming the file and the line, where one is not Turtle.
        """
        graph = Graph(bind_namespaces="none")
        for file in files:
            try:
                graph.parse(file, format="turtle")
            except _UNREADABLE as error:
                reason = str(error).replace("\n", " ")[:200]
                raise RodtradError(
                    Problem("shapes-unreadable", Where(file=file.name), {"file": file.name, "reason": reason})
                ) from error
        return cls(graph)

    @cached_property
    def rulebook(self) -> Rulebook:
        """The rules, and which rule a result belongs to."""
        return Rulebook(self.graph)

    @cached_property
    def tiers(self) -> Mapping[str, URIRef]:
        """Every word that names a tier (Swedish name or notation), with its concept."""
        return {
            str(word): tier
            for tier in self.graph.subjects(RT.tierOrder)
            if isinstance(tier, URIRef)
            for word in self.graph.objects(tier, RT.tierName)
        }

    def tier(self, word: str) -> URIRef:
        """The tier that a word names.

        Raises:
            RodtradError: ``unknown-tier``.
        """
        found = self.tiers.get(word.strip().lower().removeprefix(str(SCHEME["tier/"])))
        if found is None:
            names = ", ".join(sorted(self.tiers))
            raise RodtradError(Problem("unknown-tier", Where(), {"tier": word, "tiers": names}))
        return found

    def at(self, tier: URIRef) -> Graph:
        """A copy of the shapes in which only those of the tier and the tiers below it have targets."""
        chosen = Graph(bind_namespaces="none")
        left_out = {
            s for s, own in self.graph.subject_objects(RT.tier) if self._order(own) > self._order(tier)
        }
        for s, p, o in self.graph:
            above = (p == SH.property and o in left_out) or (p in _TARGETS and s in left_out)
            if not above:
                chosen.add((s, p, o))
        return chosen

    def program(self, tier: URIRef) -> Program:
        """The compiled shapes of a tier."""
        if tier not in self._programs:
            self._programs[tier] = compile_shapes(self.at(tier))
        return self._programs[tier]

    def blocks(self, tier: URIRef, rule: Rule, severity: URIRef) -> bool:
        """Whether a finding keeps a publication back at a tier."""
        by_severity = (tier, RT.blockingSeverity, severity) in self.graph
        return by_severity or (tier, RT.blockingRule, rule.iri) in self.graph

    def shapes(self) -> set[Node]:
        """Every node declared as a shape."""
        kinds = (SH.NodeShape, SH.PropertyShape)
        return {shape for kind in kinds for shape in self.graph.subjects(RDF.type, kind)}

    def _order(self, tier: Node) -> int:
        value = self.graph.value(tier, RT.tierOrder)
        if not isinstance(value, Literal):
            raise RodtradError(
                Problem("unknown-tier", Where(), {"tier": tier, "tiers": ", ".join(sorted(self.tiers))})
            )
        return int(value)


def shape_files() -> tuple[Path, ...]:
    """The Turtle files that hold the package's shapes and rules."""
    return tuple(sorted(path for part in ("forms", "rules") for path in (_FOLDER / part).glob("*.ttl")))


@lru_cache(maxsize=1)
def library() -> Library:
    """The package's own shapes and rules, read once."""
    return Library.read(shape_files())
