"""Which media type and which language a request asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from ..ontology.problems import Lang

_CHARSET = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)
HTML = "text/html"
JSON = "application/json"
PROBLEM = "application/problem+json"
TURTLE = "text/turtle"
N_TRIPLES = "application/n-triples"
JSON_LD = "application/ld+json"
SPARQL_JSON = "application/sparql-results+json"
SPARQL_XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

GRAPH_TYPES = (TURTLE, N_TRIPLES, JSON_LD)
SELECT_TYPES = (SPARQL_JSON, SPARQL_XML, CSV, TSV)
RESOURCE_TYPES = (HTML, *GRAPH_TYPES)

# Other names that clients use for the same thing.
ALIASES = {
    "application/json": (SPARQL_JSON, JSON_LD),
    "application/xhtml+xml": (HTML,),
    "application/xml": (SPARQL_XML,),
    "text/xml": (SPARQL_XML,),
    "application/x-turtle": (TURTLE,),
    "text/plain": (N_TRIPLES,),
    "text/n3": (TURTLE,),
}
SUFFIXES = {"html": HTML, "ttl": TURTLE, "nt": N_TRIPLES, "jsonld": JSON_LD}


@dataclass(frozen=True)
class _Range:
    media: str
    quality: float
    index: int

    @property
    def precision(self) -> int:
        return 0 if self.media == "*/*" else 1 if self.media.endswith("/*") else 2

    def matches(self, media: str) -> bool:
        if self.media in ("*/*", media):
            return True
        if self.media.endswith("/*"):
            return media.startswith(self.media[:-1])
        return media in ALIASES.get(self.media, ())


def best(accept: str | None, offered: Sequence[str]) -> str | None:
    """Return the offered media type that the ``Accept`` header likes most, or ``None`` when it takes none.

    Equal likings are settled by the order of ``offered``, which also answers a request without the header.

    >>> best("text/html;q=0.5, text/turtle", ["text/html", "text/turtle"])
    'text/turtle'
    >>> best("*/*", ["text/html", "text/turtle"])
    'text/html'
    """
    if not accept or not accept.strip():
        return offered[0]
    ranges = _ranges(accept)
    chosen, liking = None, 0.0
    for media in offered:
        fitting = max(
            (r for r in ranges if r.matches(media)), key=lambda r: (r.precision, -r.index), default=None
        )
        if fitting and fitting.quality > liking:
            chosen, liking = media, fitting.quality
    return chosen


def wants_html(accept: str | None) -> bool:
    """Whether a person with a browser is asking: HTML is named, and nothing else is liked more."""
    return "html" in (accept or "") and best(accept, (HTML, PROBLEM, JSON)) == HTML


def language(asked: str | None, accept_language: str | None) -> Lang:
    """The language of a page: the asked one, else by ``Accept-Language``, else Swedish.

    >>> language(None, "en-GB,en;q=0.8,sv;q=0.9")
    'en'
    """
    if asked in ("sv", "en"):
        return "sv" if asked == "sv" else "en"
    liked = {"sv": 0.0, "en": 0.0}
    for item in _ranges(accept_language or ""):
        name = item.media.partition("-")[0]
        if name in liked:
            liked[name] = max(liked[name], item.quality)
    return "en" if liked["en"] > liked["sv"] else "sv"


def _ranges(header: str) -> list[_Range]:
    found = []
    for index, part in enumerate(header[:4000].split(",")):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media:
            found.append(_Range(media, _quality(parameters), index))
    return found


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def is_utf8(request: Request) -> bool:
    """Whether the body is said to be UTF-8, or nothing is said about it."""
    found = _CHARSET.search(request.headers.get("content-type", ""))
    return found is None or found[1].lower() in ("utf-8", "utf8", "us-ascii")


def endpoint_of(request: Request) -> str:
    """The address that was asked, without its parameters: what relative IRIs are relative to."""
    return str(request.url.replace(query="", fragment=""))
