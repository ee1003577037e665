"""A thread to take along: the picture as SVG that stands alone, the tables as CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from ..ontology.problems import Lang
from .chain import Chain, Element
from .chain_svg import Caption, arrange, draw
from .texts import text
from .thread import leaving

_SHEET = Path(__file__).parent / "static" / "style.css"
# What a spreadsheet would read as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@cache
def style(of: str = "svg.chain") -> str:
    """The rules of the style sheet that a kind of picture needs, in its light colours."""
    sheet = _SHEET.read_text("utf-8")
    colours = re.search(r":root \{(.*?)\}", sheet, re.DOTALL)
    rules = [line for line in sheet.splitlines() if line.startswith(of) and ":hover" not in line]
    held = " ".join(colours[1].split()).replace("color-scheme: light dark;", "") if colours else ""
    return "\n".join([f"{of} {{{held} background: var(--paper); }}", *rules])


def as_svg(chain: Chain, caption: Caption, href: Callable[[str], str]) -> str:
    """The picture with its own style, readable outside the service."""
    return draw(arrange(chain), caption, href, style())


def elements_csv(chain: Chain, reading: Iterable[Element], lang: Lang) -> str:
    """The elements in reading order, one a row."""
    heads = ("level", "name", "kind", "state", "period", "section", "break")
    rows = (
        [
            chain.columns[one.column].heading,
            one.label.text,
            one.kind,
            one.state,
            years(one),
            one.source,
            one.gap,
            one.iri,
        ]
        for one in reading
    )
    return _written([*(text(f"column_{head}", lang) for head in heads), "IRI"], rows)


def links_csv(chain: Chain, reading: Iterable[Element], lang: Lang) -> str:
    """The links in the reading order of what they leave, one a row."""
    heads = ("from", "relation", "to", "basis", "state", "section")
    elements, after = {one.iri: one for one in chain.elements}, leaving(chain)
    rows = (
        [
            one.label.text,
            link.relation,
            elements[link.right].label.text,
            link.basis_words,
            link.state_words if link.causal else "",
            link.source,
            link.left,
            link.right,
        ]
        for one in reading
        for link in after[one.iri]
    )
    ends = [f"{text(f'column_{end}', lang)} IRI" for end in ("from", "to")]
    return _written([*(text(f"column_{head}", lang) for head in heads), *ends], rows)


def years(one: Element) -> str:
    """The years of an element as people write them."""
    return "–".join(str(year) for year in dict.fromkeys(one.years))


def _written(heads: list[str], rows: Iterable[list[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row] for row in rows)
    return "\ufeff" + buffer.getvalue()
