"""``/ns``, ``/ontology/…``: the documentation of the vocabulary, its data, and its JSON-LD context."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from rdflib import RDF, Graph, Literal, URIRef

from .. import __version__
from ..loader import our_context, write_jsonld
from ..ontology import vocabulary, vocabulary_graph
from ..ontology.names import DERIVED_GRAPH, PREFIXES, ROOT, RT
from ..ontology.problems import Lang, Problem, RodtradError, Where
from ..shapes.library import library
from . import freshness
from .backend import Backend
from .moment import backend_of
from .negotiation import HTML, JSON_LD, N_TRIPLES, RESOURCE_TYPES, SUFFIXES, best
from .rendering import language_of, links_of, render
from .term_diagram import arrows, draw
from .term_docs import TermDoc, describe, documented, module_graph, modules, schemes
from .texts import text
from .words import iri_of

router = APIRouter(tags=["vocabulary"])
Href = Callable[[str], str | None]
_TEMPLATES = {"module": "ontology_module.html", "scheme": "ontology_scheme.html"}
_EXAMPLE_LINES = 40
CONTEXT_PATH = "/ns/context.jsonld"

_ONE = """SELECT ?x WHERE {{ GRAPH ?g {{ ?x a <{cls}> }} }} ORDER BY ?x LIMIT 1"""
_SAID = """CONSTRUCT {{ <{x}> ?p ?o }} WHERE {{ GRAPH ?g {{ <{x}> ?p ?o }} FILTER(?g != <{derived}>) }}"""


@router.get(CONTEXT_PATH, summary="The JSON-LD context of the vocabulary")
def context() -> Response:
    """The words of the vocabulary as keys of JSON-LD."""
    return Response(
        json.dumps(our_context(), ensure_ascii=False, indent=1),
        media_type=JSON_LD,
        headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"},
    )


@router.get("/ns", summary="The vocabulary: its modules, code lists and data")
@router.get("/ns/", include_in_schema=False)
def index(request: Request, format: str | None = None) -> Response:
    """The documentation of the whole vocabulary, or the vocabulary itself as RDF."""
    return answer(request, str(RT), SUFFIXES.get(format or ""))


@router.get("/ns.{suffix}", summary="The vocabulary as a file", include_in_schema=False)
def whole(request: Request, suffix: str) -> Response:
    """The whole vocabulary as ttl, nt, jsonld or html."""
    if suffix not in SUFFIXES:
        values = {"accept": suffix, "offered": ", ".join(SUFFIXES)}
        raise RodtradError(Problem("not-acceptable", values=values))
    return answer(request, str(RT), SUFFIXES[suffix])


def module_named(rest: str) -> str | None:
    """The module that an identifier names, with or without its present version; ``None`` when none does."""
    iri = ROOT + rest
    above, _, version = iri.rpartition("/")
    if documented().get(above) == "module" and describe(above, "en").version == version:
        iri = above
    return iri if documented().get(iri) == "module" else None


def answer(request: Request, iri: str, media: str | None) -> Response:
    """A module, or with the namespace as ``iri`` the whole vocabulary, as a page or as RDF.

    Raises RodtradError ``not-acceptable``.
    """
    chosen = media or best(request.headers.get("accept"), RESOURCE_TYPES)
    if chosen is None:
        values = {"accept": request.headers.get("accept", ""), "offered": ", ".join(RESOURCE_TYPES)}
        raise RodtradError(Problem("not-acceptable", Where(iri=iri), values))
    unchanged = freshness.unchanged(request, chosen)
    if unchanged:
        return unchanged
    path = "/ns" if iri == str(RT) else "/" + iri.removeprefix(ROOT)
    links = [f'<{path}.{name}>; rel="alternate"; type="{kind}"' for name, kind in SUFFIXES.items()]
    headers = {**freshness.headers(request, chosen), "Link": ", ".join([*links, CONTEXT_LINK])}
    if chosen != HTML:
        return Response(as_data(iri, chosen), media_type=chosen, headers=headers)
    return page(request, iri, headers)


CONTEXT_LINK = f'<{CONTEXT_PATH}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD}"'


@cache
def as_data(iri: str, media: str) -> bytes:
    """A module, or with the namespace as ``iri`` the whole vocabulary, as RDF."""
    if iri == str(RT) and media == N_TRIPLES:
        return vocabulary()
    graph: Graph = vocabulary_graph() if iri == str(RT) else module_graph(iri)
    if media == JSON_LD:
        return write_jsonld(graph)
    return graph.serialize(format="nt" if media == N_TRIPLES else "turtle", encoding="utf-8")


def page(request: Request, iri: str, headers: dict[str, str]) -> Response:
    """The page of a documented term, code list or module, or of the whole vocabulary."""
    links = links_of(request)

    def href(target: str) -> str | None:
        known = target in documented() or target.startswith(ROOT)
        return links.resource(target) if known else None

    template, values = contents(iri, language_of(request), href, backend_of(request))
    rest = {"": "/ns"}.get(iri.removeprefix(str(RT)), "/" + iri.removeprefix(ROOT))
    alternates = [(media, f"{rest}.{name}") for name, media in SUFFIXES.items() if name != "html"]
    places = {
        "layout": "base.html",
        "alternates": alternates,
        "rule_href": lambda one: links.page(f"/rules/{one}"),
        "query_href": lambda one: links.page(f"/questions/{one}"),
        "context_href": CONTEXT_PATH,
    }
    return render(request, template, {**values, **places}, headers=headers)


def contents(iri: str, lang: Lang, href: Href, backend: Backend) -> tuple[str, dict[str, Any]]:
    """The template of a page and what stands on it; ``href`` gives the address of a term that has a page."""
    if iri == str(RT):
        values = {"modules": modules(lang), "schemes": schemes(lang), "title": text("onto_title", lang)}
        return "ontology_index.html", {**values, "term_href": href, "program": __version__}
    one = describe(iri, lang)
    values = {"title": one.label, "one": one, "term_href": href}
    if one.kind == "module":
        return _TEMPLATES["module"], {
            **values,
            "diagram": draw(one, lang, href),
            "arrows": arrows(one, lang),
        }
    if one.kind == "scheme":
        return _TEMPLATES["scheme"], values
    example = (example_of(one, backend) or example_in_shapes(one)) if one.kind == "class" else None
    home = describe(one.module.iri, lang) if one.module and one.kind == "class" else None
    diagram = draw(home, lang, href) if home else ""
    return "ontology_term.html", {**values, "example": example, "home": home, "diagram": diagram}


def example_of(cls: TermDoc, backend: Backend) -> tuple[str, str, str] | None:
    """An instance of a class, else of a subclass, in Turtle: its IRI, the class that it is of, the text."""
    waiting = [cls.iri]
    for one in waiting:
        rows = backend.rows(_ONE.format(cls=one))
        if rows:
            found = iri_of(rows[0]["x"])
            return found, one, _turtle(backend, found)
        below = describe(one, "en").links if one in documented() else None
        waiting += [ref.iri for ref in (below or {}).get("subs", ()) if ref.iri not in waiting]
    return None


def example_in_shapes(cls: TermDoc) -> tuple[str, str, str] | None:
    """The same for what no publication holds, but the declarations do: a rule, a sheet."""
    whole = library().graph
    found = min(
        (one for one in whole.subjects(RDF.type, URIRef(cls.iri)) if isinstance(one, URIRef)), default=None
    )
    if found is None:
        return None
    made = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        made.bind(prefix, namespace)
    for prop, value in whole.predicate_objects(found):
        if isinstance(value, (URIRef, Literal)):
            made.add((found, prop, value))
    return str(found), cls.iri, made.serialize().strip()


def _turtle(backend: Backend, iri: str) -> str:
    lines = backend.query(_SAID.format(x=iri, derived=DERIVED_GRAPH), N_TRIPLES)
    triples = sorted({quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)}, key=str)
    # A thing that very much points to, such as a county, is cut: it is an example.
    written = ox.serialize(triples[:_EXAMPLE_LINES], format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    body = [line for line in (written or b"").decode().splitlines() if not line.startswith("@prefix")]
    used = [f"@prefix {p}: <{n}> ." for p, n in PREFIXES.items() if any(f"{p}:" in line for line in body)]
    return "\n".join([*used, "", *body])
