"""Identifiers that answer: a page for people, RDF for programs, by ``Accept`` or by suffix."""

from __future__ import annotations

import re

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from rdflib import Graph

from ..loader import write_jsonld
from ..ontology.names import PREFIXES
from ..ontology.problems import Problem, RodtradError, Where
from . import freshness
from .class_pages import more_values
from .errors import answer as error_answer
from .links import switched
from .moment import PARAMETER, as_of, backend_of
from .negotiation import HTML, JSON_LD, N_TRIPLES, RESOURCE_TYPES, SUFFIXES, best
from .ontology_pages import CONTEXT_LINK, answer, module_named, page
from .rendering import has_template, language_of, links_of, render
from .resources import suggestions, view
from .term_docs import documented
from .thread_page import is_in_chain
from .words import Labels, last_part

router = APIRouter(tags=["linked data"])
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_CLASS_TEMPLATE = re.compile(r"[A-Za-z][A-Za-z0-9]*")

# A resource with the nodes that belong to it, such as participations and links.
_DATA = """PREFIX rt: <{rt}>
CONSTRUCT {{ ?resource ?property ?value . ?part ?inner ?content . ?link ?said ?what . }} WHERE {{
  VALUES ?resource {{ {iri} }}
  {{ ?resource ?property ?value . }}
  UNION {{ ?resource rt:participation ?part . ?part ?inner ?content . }}
  UNION {{ ?link rt:cause|rt:effect ?resource . ?link ?said ?what . }}
}}"""


@router.get("/id/{path:path}", summary="A thing: page or RDF")
def thing(request: Request, path: str) -> Response:
    """Any thing that a publication tells of, and the places and actors of the registers.

    A thing is not its description: the answer is 303 to the description in the format that is liked most.
    """
    stem, dot, suffix = path.rpartition(".")
    if dot and suffix in SUFFIXES:
        return respond(request, f"{_base(request)}id/{stem}", SUFFIXES[suffix])
    return _description_of(request, f"{_base(request)}id/{path}")


@router.get("/ns/{path:path}", summary="A term of the vocabulary: page or RDF")
def term(request: Request, path: str) -> Response:
    """A class or property of the vocabulary."""
    return _ours(request, f"ns/{path}")


@router.get("/form/{path:path}", summary="A term of the forms: page or RDF")
def form_term(request: Request, path: str) -> Response:
    """A class or property that the declarations of the workbook are made with."""
    return _ours(request, f"form/{path}")


@router.get("/ontology/{path:path}", summary="A module of the vocabulary: page or RDF")
def module(request: Request, path: str) -> Response:
    """A module, with or without its present version, or a thing that a module names under itself."""
    stem, _, suffix = path.rpartition(".")
    for rest, media in ((path, None), (stem, SUFFIXES.get(suffix))):
        found = module_named(f"ontology/{rest}")
        if found and (media or rest == path):
            return answer(request, found, media)
    return _ours(request, f"ontology/{path}")


@router.get("/scheme/{path:path}", summary="A code list or one of its values: page or RDF")
def scheme(request: Request, path: str) -> Response:
    """A concept scheme or a concept."""
    return _ours(request, f"scheme/{path}")


@router.get("/graph/{path:path}", summary="A publication: page or RDF")
def graph(request: Request, path: str) -> Response:
    """A publication, which is named by its graph."""
    return _ours(request, f"graph/{path}")


@router.get("/resource", summary="Any IRI: page or RDF")
def resource(request: Request, iri: str, format: str | None = None) -> Response:
    """What is said about any IRI. ``format`` is html, ttl, nt or jsonld."""
    if format is not None and format not in SUFFIXES:
        raise RodtradError(
            Problem("not-acceptable", values={"accept": format, "offered": ", ".join(SUFFIXES)})
        )
    return respond(request, iri, SUFFIXES.get(format or ""))


def _base(request: Request) -> str:
    return request.app.state.settings.public_base


def _description_of(request: Request, iri: str) -> Response:
    chosen = _chosen(request, iri)
    if not _known(request, _node(iri)):
        return _unknown(request, iri)
    suffix = next(name for name, media in SUFFIXES.items() if media == chosen)
    address, kept = links_of(request).data(iri, suffix), request.url.query
    headers = {
        "Location": address + ("&" if "?" in address else "?") * bool(kept) + kept,
        "Link": _alternates(request, iri),
        "Vary": "Accept",
        "Cache-Control": "no-cache",
    }
    return Response(status_code=303, headers=headers)


def _chosen(request: Request, iri: str, media: str | None = None) -> str:
    accept = request.headers.get("accept")
    chosen = media or best(accept, RESOURCE_TYPES)
    if chosen is None:
        values = {"accept": accept or "", "offered": ", ".join(RESOURCE_TYPES)}
        raise RodtradError(Problem("not-acceptable", Where(iri=iri), values))
    return chosen


def _ours(request: Request, rest: str) -> Response:
    stem, dot, suffix = rest.rpartition(".")
    base = request.app.state.settings.public_base
    if dot and suffix in SUFFIXES:
        return respond(request, base + stem, SUFFIXES[suffix])
    return respond(request, base + rest)


def respond(request: Request, iri: str, media: str | None = None) -> Response:
    """Answer for one IRI in ``media``, or in what the request likes most.

    Raises RodtradError: ``not-an-iri``, ``not-acceptable``, ``unknown-resource``.
    """
    node = _node(iri)
    chosen = _chosen(request, iri, media)
    unchanged = freshness.unchanged(request, chosen)
    if unchanged:
        return unchanged
    headers = {**freshness.headers(request, chosen), "Link": _alternates(request, iri)}
    if chosen == HTML:
        told = iri in documented()
        return page(request, iri, headers) if told else _page(request, iri, headers)
    written = N_TRIPLES if chosen == JSON_LD else chosen
    body = backend_of(request).query(_DATA.format(rt=PREFIXES["rt"], iri=node), written)
    if not body.strip() or not _known(request, node):
        return _unknown(request, iri)
    if chosen == JSON_LD:
        body = write_jsonld(Graph().parse(data=body, format="nt"))
        headers["Link"] += f", {CONTEXT_LINK}"
    return Response(
        body, headers=headers, media_type=chosen + ("; charset=utf-8" if "turtle" in chosen else "")
    )


def _node(iri: str) -> ox.NamedNode:
    try:
        if not _ABSOLUTE.fullmatch(iri):
            raise ValueError(iri)
        return ox.NamedNode(iri)
    except ValueError:
        raise RodtradError(Problem("not-an-iri", values={"given": iri[:300]})) from None


def _known(request: Request, node: ox.NamedNode) -> bool:
    return bool(backend_of(request).rows(f"SELECT ?p WHERE {{ {node} ?p ?o }} ORDER BY ?p LIMIT 1"))


def _alternates(request: Request, iri: str) -> str:
    links = links_of(request)
    found = [
        f'<{links.data(iri, name)}>; rel="alternate"; type="{media}"' for name, media in SUFFIXES.items()
    ]
    # Header values are Latin-1 on the wire; an IRI beyond ASCII is written as a URI.
    return ", ".join([*found, f'<{links.data(iri, "ttl")}>; rel="describedby"'])


def _page(request: Request, iri: str, headers: dict[str, str]) -> Response:
    lang = language_of(request)
    found = view(backend_of(request), iri, lang)
    if found is None:
        return _unknown(request, iri)
    links = links_of(request)
    values = {
        "title": found.label.text,
        "title_lang": found.label.lang,
        "view": found,
        "in_chain": is_in_chain(one.iri or "" for one in found.types),
        "alternates": [(media, links.data(iri, name)) for name, media in SUFFIXES.items() if name != "html"],
        "shown": request.app.state.settings.page_rows,
        "reported": _has_report(request, iri),
    }
    template = _template([one.iri or "" for one in found.types])
    return render(request, template, {**values, **more_values(template, request, iri)}, headers=headers)


def _has_report(request: Request, iri: str) -> bool:
    entry = request.app.state.store.current().graphs.get(iri)
    return entry is not None and bool(entry.report)


def _template(types: list[str]) -> str:
    """The page of a class: a template named for it where there is one, else the generic page."""
    for name in (last_part(one) for one in types):
        if _CLASS_TEMPLATE.fullmatch(name) and has_template(f"classes/{name}.html"):
            return f"classes/{name}.html"
    return "resource.html"


def _unknown(request: Request, iri: str) -> Response:
    gone = None if as_of(request) else request.app.state.retired.find(iri)
    if gone is not None:
        before = gone.generation - 1
        values = {
            "iri": iri,
            "date": gone.day,
            "generation": gone.generation,
            "graph": gone.graph,
            "before": before,
        }
        address = switched(request.url.path, dict(request.query_params), PARAMETER, str(before))
        return error_answer(
            request,
            [Problem("resource-retired", Where(iri=iri), values)],
            headers={"Link": f'<{address}>; rel="predecessor-version"'},
            suggestions=[(address, f"{iri} ({before})")],
        )
    backend, links = backend_of(request), links_of(request)
    near = suggestions(backend, iri)
    labels = Labels(backend, near, language_of(request))
    pairs = [(links.resource(one), labels.words(one).text) for one in near]
    return error_answer(
        request, [Problem("unknown-resource", Where(iri=iri), {"iri": iri})], suggestions=pairs
    )
