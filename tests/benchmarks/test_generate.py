"""The generated nation is the same for the same seed, of the asked-for size, and made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDFS, Graph
from rodtrad.ontology.names import RT

from benchmarks.generate import COUNTIES, counties, county_names

PLACES = Path(__file__).parents[2] / "ontology" / "places" / "counties.ttl"


def lines(quads: int, seed: int = 7) -> list[str]:
    return [line for county in counties(quads, seed) for line in county.quads()]


def test_the_same_seed_gives_the_same_lines_and_another_seed_others() -> None:
    assert lines(20_000) == lines(20_000)
    assert lines(20_000) != lines(20_000, seed=8)


@pytest.mark.parametrize("quads", [50_000, 100_000])
def test_the_size_is_near_what_was_asked_for_and_no_line_stands_twice(quads: int) -> None:
    made = lines(quads)
    assert abs(len(made) - quads) < 0.1 * quads
    assert len(set(made)) == len(made)


def test_no_county_has_a_real_name() -> None:
    real = {str(name) for name in Graph().parse(PLACES).objects(None, RDFS.label)}
    names = county_names(7)
    assert len(set(names)) == COUNTIES
    assert not real & set(names)


def test_some_chains_are_broken_and_each_county_has_a_loop() -> None:
    made = lines(100_000)
    outputs = sum(f"/output/{n}> <{RT.producedBy}>" in line for line in made for n in ("0", "1"))
    assert outputs == 2 * COUNTIES
    linked = {line.split(" ")[2] for line in made if f"<{RT.cause}>" in line and "/output/" in line}
    produced = {line.split(" ")[0] for line in made if f"<{RT.producedBy}>" in line}
    assert 0.02 < len(produced - linked) / len(produced) < 0.1
    assert sum("/link/loop-0> " in line and f"<{RT.effect}>" in line for line in made) == COUNTIES
