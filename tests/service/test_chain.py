"""The picture of a chain: nothing overlaps, nothing is drawn through anything, and it stays quick."""

from __future__ import annotations

import random
import time
from itertools import combinations
from xml.etree import ElementTree

import pytest
from rodtrad.service.chain import NODE_WIDTH, Chain, Column, Element, Link, lay_out, wrap
from rodtrad.service.chain_svg import Caption, arrange, draw
from rodtrad.service.words import Words

COLUMNS = tuple(Column(f"Led {index}", "inget") for index in range(6))


def chain(size: int, seed: int) -> Chain:
    """A chain with links on, over columns, within columns, backwards and in circles."""
    chance = random.Random(seed)
    elements = tuple(
        Element(f"urn:{index}", Words("ord " * chance.randint(1, 30), "sv"), chance.randrange(6), "slag")
        for index in range(size)
    )
    names = [element.iri for element in elements]
    links = {
        (left, right): Link(
            left, right, "leder till", chance.random() < 0.7, chance.choice(("stated", "interpreted"))
        )
        for left, right in ((chance.choice(names), chance.choice(names)) for _ in range(size * 2))
    }
    return Chain(COLUMNS, elements, tuple(links.values()))


@pytest.mark.parametrize("seed", range(6))
def test_no_boxes_overlap_and_no_link_passes_through_a_box(seed: int) -> None:
    layout = lay_out(chain(60, seed), 70)
    by_column: dict[int, list] = {}
    for box in layout.boxes.values():
        assert box.y >= 70 and box.y + box.height <= layout.height
        assert box.x >= 0 and box.x + NODE_WIDTH <= layout.width
        by_column.setdefault(box.element.column, []).append(box)
    for boxes in by_column.values():
        for one, other in combinations(boxes, 2):
            assert one.y + one.height <= other.y or other.y + other.height <= one.y
    for passages in layout.passages.values():
        for passage in passages:
            for box in layout.boxes.values():
                if box.x < passage.end and passage.start < box.x + NODE_WIDTH:
                    assert not box.y < passage.y < box.y + box.height


def test_elements_are_read_column_by_column_and_outlines_from_above() -> None:
    elements = tuple(Element(iri, Words(iri), 0, "styrdokument") for iri in ("c", "a", "b"))
    links = (Link("a", "b", "", False), Link("b", "c", "", False))
    layout = lay_out(Chain(COLUMNS, elements, links), 70)
    assert list(layout.boxes) == ["a", "b", "c"]
    indents = [box.x for box in layout.boxes.values()]
    assert indents == sorted(indents) and len(set(indents)) == 3


def test_circle_and_link_to_itself_are_drawn() -> None:
    elements = tuple(Element(iri, Words(iri), 2, "") for iri in ("a", "b"))
    links = (Link("a", "b", "", True), Link("b", "a", "", True), Link("a", "a", "", True))
    layout = lay_out(Chain(COLUMNS, elements, links), 70)
    assert set(layout.boxes) == {"a", "b"}


def test_svg_is_well_formed_and_says_in_words_what_it_draws() -> None:
    hostile = Element(
        "urn:x", Words('<b> & "quotes" \x07', "sv"), 2, "aktivitet", "genomförd", gap="slutar här"
    )
    one = Chain(COLUMNS, (hostile,), ())
    svg = draw(arrange(one), Caption("Titel", "Beskrivning", "en"), lambda iri: f"/?a=1&iri={iri}")
    tree = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert [tree[0].text, tree[1].text] == ["Titel", "Beskrivning"]
    link = tree.find(f"{space}a")
    assert link is not None and link.get("href") == "/?a=1&iri=urn:x"
    title, label = link.find(f"{space}title"), link.find(f"{space}text")
    assert title is not None and title.text == '<b> & "quotes"  (aktivitet · genomförd). slutar här'
    assert label is not None and label.get("lang") == "sv"
    assert "style=" not in svg


@pytest.mark.parametrize("size", [0, 1, 5, 300])
def test_any_size_is_laid_out_quickly(size: int) -> None:
    one = chain(size, 1) if size else Chain(COLUMNS, (), ())
    start = time.perf_counter()
    svg = draw(arrange(one), Caption("", "", "sv"), str)
    assert time.perf_counter() - start < 2
    assert svg.count("<a ") == size


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ("–",)),
        ("kort", ("kort",)),
        ("ett två tre", ("ett två", "tre")),
        ("kompetensförsörjning", ("kompeten-", "sförsörj-", "ning")),
        ("a " * 40, ("a a a a", "a a a a a", "a a a a a")),
    ],
)
def test_wrap_keeps_within_the_width(text: str, lines: tuple[str, ...]) -> None:
    found = wrap(text, 9, 3)
    assert all(len(line) <= 9 for line in found) and len(found) <= 3
    if len(text) < 40:
        assert found == lines
    else:
        assert found[-1].endswith("…")
