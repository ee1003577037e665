"""Whether every stored byte is as it was written, and what was derived still follows."""

from __future__ import annotations

from ..ontology.problems import Problem, RodtradError
from .derive import derive, rules_hash
from .generation import Generation, Generations
from .index import load_parts
from .ledger import GRAPH, OTHER, Ledger, name_of
from .merge import merged


def verify(ledger: Ledger, generations: Generations) -> list[Problem]:
    """Re-hash the manifests and every file that they name, and derive the current generation anew."""
    problems: list[Problem] = []
    chain = _read_chain(generations, problems)
    files = {name for generation in chain for name in files_of(generation)}
    for name, ending in sorted(files):
        state = ledger.state(name, ending)
        if state not in ("whole", "purged"):
            problems.append(Problem(f"object-{state}", values={"name": name}))
    whole = chain and all(ledger.tombstone(name) is None for name, _ in files_of(chain[0]))
    if whole and not problems:
        problems += _check_derived(ledger, chain[0])
    return problems


def _read_chain(generations: Generations, problems: list[Problem]) -> list[Generation]:
    """Generations from the newest back; each manifest holds the hash of the one before it."""
    chain: list[Generation] = []
    try:
        number, digest = generations.head()
    except RodtradError as error:
        problems += error.problems
        return chain
    while number:
        try:
            generation = generations.read(number, digest)
        except RodtradError as error:
            problems += error.problems
            generation = _read_unchecked(generations, number)
        if generation is None:
            number, digest = number - 1, None
            continue
        chain.append(generation)
        number, digest = generation.parent, generation.parent_hash
    return chain


def _read_unchecked(generations: Generations, number: int) -> Generation | None:
    """What a damaged manifest still names is checked too, when it can be read at all."""
    try:
        return generations.read(number, None)
    except RodtradError:
        return None


def files_of(generation: Generation) -> list[tuple[str, str]]:
    """Name and ending of every ledger file that a generation names."""
    files = [(generation.vocabulary, GRAPH), (generation.derived, GRAPH)]
    for entry in generation.graphs.values():
        files += [(entry.data, GRAPH), *((name, OTHER) for name in entry.beside)]
    return [(name, ending) for name, ending in files if name]


def _check_derived(ledger: Ledger, current: Generation) -> list[Problem]:
    values: dict[str, object] = {"number": current.number}
    if current.derivations != rules_hash():
        return [Problem("derived-outdated", values=values, severity="info")]
    derived = derive(merged(load_parts(ledger, current)))
    return [] if name_of(derived) == current.derived else [Problem("derived-differs", values=values)]
