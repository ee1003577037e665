"""Parts of a chain: what belongs to an area, a priority or some years, and what stands around one element.

Nothing is judged here: an element keeps the break that it has in the whole chain, also where its neighbours
are left out of the part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from .chain import Chain, Element, Link

# Areas are objectives where any is stated, else what stands closest to one.
_AREA_CLASSES = ("Objective", "Priority", "MandatePart", "GoverningDocument")
NO_AREA = ""


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see of a chain; empty where all is wanted.

    Attributes:
        area: IRI of an area, or ``none`` for what belongs to none. level: Index of a column.
        first: First year, and ``last``: last year. What states no year is always kept.
    """

    region: str = ""
    priority: str = ""
    area: str = ""
    level: int | None = None
    first: int | None = None
    last: int | None = None

    def __bool__(self) -> bool:
        return self != Wanted()


class Areas:
    """The objective area of each element: an objective that it serves or is governed by, at any distance."""

    def __init__(self, chain: Chain) -> None:
        elements = {one.iri: one for one in chain.elements}
        governed = _sides(link for link in chain.links if not link.causal)[0]
        self.class_name = ""
        self.of: Mapping[str, frozenset[str]] = {iri: frozenset() for iri in elements}
        for name in _AREA_CLASSES:
            direct = _direct(elements, chain.links, governed, name)
            if any(direct.values()):
                self.class_name = name
                own = {iri for iri, one in elements.items() if one.class_name == name}
                causes, effects = _sides(
                    link for link in chain.links if link.causal and not own & {link.left, link.right}
                )
                up, down = _spread(direct, effects), _spread(direct, causes)
                self.of = {iri: up[iri] | down[iri] for iri in elements}
                break
        found = {area for several in self.of.values() for area in several}
        self.all = tuple(one.iri for one in chain.elements if one.iri in found)

    def at(self, iri: str) -> Collection[str]:
        """The areas of an element; one empty name where it has none."""
        return self.of[iri] or (NO_AREA,)

    def counted(self, chain: Chain) -> dict[tuple[str, int], list[Element]]:
        """The elements by area and level; one that belongs to several areas stands in each."""
        found: dict[tuple[str, int], list[Element]] = defaultdict(list)
        for one in chain.elements:
            for area in self.at(one.iri):
                found[area, one.column].append(one)
        return found


def _sides(links: Iterable[Link]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What stands before each element, and what stands after it."""
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for link in links:
        before[link.right].append(link.left)
        after[link.left].append(link.right)
    return before, after


def _direct(
    elements: Mapping[str, Element], links: Iterable[Link], governed: Mapping[str, list[str]], name: str
) -> dict[str, frozenset[str]]:
    """The areas that each element names itself, or that stand above what governs it."""
    above: dict[str, frozenset[str]] = {}
    for iri in elements:
        line = reached([iri], governed)
        own = {one for one in line if one in elements and elements[one].class_name == name}
        top = {one for one in own if not (set(reached([one], governed)) - {one}) & own}
        above[iri] = frozenset(top or own)
    found = dict(above)
    for link in links:
        if link.causal and link.right in elements and elements[link.right].class_name == name:
            found[link.left] = found[link.left] | above[link.right]
    return found


def _spread(
    direct: Mapping[str, frozenset[str]], onwards: Mapping[str, list[str]]
) -> dict[str, frozenset[str]]:
    """Hand what each element has on to those that follow it, until nothing is new."""
    found = dict(direct)
    waiting = [iri for iri, several in direct.items() if several]
    while waiting:
        iri = waiting.pop()
        for other in onwards.get(iri, ()):
            if other in found and not found[iri] <= found[other]:
                found[other] |= found[iri]
                waiting.append(other)
    return found


def reached(start: Iterable[str], onwards: Mapping[str, list[str]]) -> dict[str, None]:
    """All that is reached, what it began with included, nearest first."""
    found = dict.fromkeys(start)
    frontier = list(found)
    while frontier:
        frontier = list(dict.fromkeys(b for a in frontier for b in onwards.get(a, ()) if b not in found))
        found.update(dict.fromkeys(frontier))
    return found


def narrowed(chain: Chain, wanted: Wanted, areas: Areas) -> Chain:
    """The elements that fit all that is wanted, and the links between them."""
    if not wanted:
        return chain
    kept = {one.iri for one in chain.elements if _fits(one, wanted, areas)}
    if wanted.priority:
        kept &= _under(chain, wanted.priority)
    return _only(chain, kept)


def _fits(one: Element, wanted: Wanted, areas: Areas) -> bool:
    if wanted.region and one.regions and wanted.region not in one.regions:
        return False
    if wanted.level is not None and one.column != wanted.level:
        return False
    if wanted.area:
        own = areas.of[one.iri]
        if (wanted.area == "none" and own) or (wanted.area != "none" and wanted.area not in own):
            return False
    if one.years:
        first, last = one.years
        return (wanted.last is None or first <= wanted.last) and (
            wanted.first is None or last >= wanted.first
        )
    return True


def _under(chain: Chain, priority: str) -> set[str]:
    """A priority, what stands above it, what it governs, what that leads to, and what that is paid by."""
    causes, effects = _sides(link for link in chain.links if link.causal)
    above, governed = _sides(link for link in chain.links if not link.causal)
    work = reached([priority], governed)
    return {*reached([priority], above), *reached(work, effects), *reached(work, causes)}


def around(chain: Chain, focus: str, steps: int, most: int) -> Chain:
    """One element and what stands some steps before and after it; ``hidden`` counts what did not fit."""
    causes, effects = _sides(link for link in chain.links if link.causal)
    above, governed = _sides(link for link in chain.links if not link.causal)
    far = _line(focus, governed, effects, steps)
    for iri, distance in _line(focus, causes, above, steps).items():
        far[iri] = min(distance, far.get(iri, distance))
    near = sorted(far, key=far.__getitem__)
    part = _only(chain, set(near[:most]))
    marked = tuple(replace(one, focus=one.iri == focus) for one in part.elements)
    return replace(part, elements=marked, hidden=max(0, len(near) - most))


def _line(
    start: str, first: Mapping[str, list[str]], then: Mapping[str, list[str]], steps: int
) -> dict[str, int]:
    """How many steps away each is. A line that has gone over to ``then`` does not turn back to ``first``:
    what else an objective governs is not led to by the work that serves it."""
    found = {(start, False): 0}
    waiting = [(start, False)]
    for iri, turned in waiting:
        distance = found[iri, turned] + 1
        onwards = [(one, True) for one in then.get(iri, ())]
        onwards += [] if turned else [(one, False) for one in first.get(iri, ())]
        for state in onwards if distance <= steps else ():
            if state not in found:
                found[state] = distance
                waiting.append(state)
    return {iri: min(found.get((iri, True), steps), found.get((iri, False), steps)) for iri, _ in found}


def _only(chain: Chain, kept: set[str]) -> Chain:
    return replace(
        chain,
        elements=tuple(one for one in chain.elements if one.iri in kept),
        links=tuple(one for one in chain.links if one.left in kept and one.right in kept),
    )
