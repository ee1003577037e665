"""What there is, told to catalogues and programs: ``/catalog`` is DCAT-AP-SE, ``/.well-known/void`` VoID."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from rdflib import DCAT, DCTERMS, FOAF, RDF, VOID, XSD, Namespace, URIRef

from ..ontology.names import PREFIXES
from ..ontology.problems import LANGS, Problem, RodtradError
from ..store import Generation, Store
from . import freshness
from .backend import Row, ask
from .dumps import CURRENT, KINDS
from .moment import backend_of
from .negotiation import JSON_LD, N_TRIPLES, TURTLE, best
from .publication_days import PublicationDays
from .publications import sizes_by_class
from .texts import text
from .words import Labels, iri_of

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
router = APIRouter(tags=["linked data"])
_OFFERED = {
    TURTLE: ox.RdfFormat.TURTLE,
    N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    JSON_LD: ox.RdfFormat.JSON_LD,
}
_SUFFIXES = {"ttl": TURTLE, "nt": N_TRIPLES, "jsonld": JSON_LD}
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/"
_PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_THEMES = "http://publications.europa.eu/resource/authority/data-theme"
_THEME = f"{_THEMES}/"
_AVAILABLE = "http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE"
_SWEDEN = "http://sws.geonames.org/2661886"
_METADATA_LICENSE = "http://creativecommons.org/publicdomain/zero/1.0/"
"""DCAT-AP-SE allows no other for the catalogue itself, whatever the data are under."""
_PROTOCOL = "https://www.w3.org/TR/sparql11-protocol/"
_RESULTS = "application/sparql-results+json"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_FORMATS = "http://www.w3.org/ns/formats/"
_FORMAT_NAMES = ("Turtle", "N-Triples", "JSON-LD")
_NAMED = ("publisher", "region", "completeness")
Term = ox.NamedNode | ox.Literal


@router.get("/catalog", summary="The catalogue of all publications, DCAT-AP-SE")
def catalogue(request: Request) -> Response:
    """Turtle, N-Triples or JSON-LD, by ``Accept``."""
    return _written(request, None, _Catalogue)


@router.get("/catalog.{suffix}", summary="The catalogue in one format: ttl, nt or jsonld")
def catalogue_as(request: Request, suffix: str) -> Response:
    """As ``/catalog``."""
    if suffix not in _SUFFIXES:
        raise RodtradError(Problem("page-not-found", values={"path": request.url.path}))
    return _written(request, _SUFFIXES[suffix], _Catalogue)


@router.get("/.well-known/void", summary="What the dataset holds, VoID")
def void(request: Request) -> Response:
    """Size, endpoint, downloads, vocabularies, and how many things of each class."""
    return _written(request, None, _Void)


def _written(request: Request, media: str | None, describe: type[_Description]) -> Response:
    chosen = media or best(request.headers.get("accept"), tuple(_OFFERED))
    if chosen is None:
        values = {"accept": request.headers.get("accept", ""), "offered": ", ".join(_OFFERED)}
        raise RodtradError(Problem("not-acceptable", values=values))
    unchanged = freshness.unchanged(request, chosen)
    if unchanged:
        return unchanged
    prefixes = {**PREFIXES, "dcat": str(DCAT), "foaf": str(FOAF), "vcard": str(VCARD), "void": str(VOID)}
    prefixes["dcatap"] = str(DCATAP)
    body = ox.serialize(describe(request).triples(), format=_OFFERED[chosen], prefixes=prefixes)
    charset = "; charset=utf-8" if chosen == TURTLE else ""
    return Response(body, headers=freshness.headers(request, chosen), media_type=chosen + charset)


class _Description(ABC):
    """What both descriptions say about publications."""

    def __init__(self, request: Request) -> None:
        self.settings = request.app.state.settings
        self.backend = backend_of(request)
        self.here = str(request.base_url)
        store: Store = request.app.state.store
        self.current: Generation = store.generation(self.backend.generation)
        self.rows: dict[str, Row] = {}
        self.titles: dict[str, list[ox.Literal]] = {}
        for row in ask(self.backend, "publications"):
            graph = iri_of(row["publication"])
            self.rows.setdefault(graph, row)
            label = row["label"]
            if isinstance(label, ox.Literal) and label not in self.titles.setdefault(graph, []):
                self.titles[graph].append(label)
        named = {iri_of(row[key]) for row in self.rows.values() for key in _NAMED if key in row}
        self.labels = {lang: Labels(self.backend, sorted(named), lang) for lang in LANGS}

    @abstractmethod
    def triples(self) -> Iterator[ox.Triple]:
        """What the description says."""

    def name(self, row: Row, key: str, lang: str) -> str:
        return self.labels["en" if lang == "en" else "sv"].words(iri_of(row[key])).text if key in row else "–"

    def modified(self) -> Term:
        return _day((self.current.created or "1970-01-01")[:10])

    def downloads(self, graph: str) -> Iterator[tuple[str, str]]:
        """Address and kind of each download of one publication, or of everything when it is ``""``."""
        stem = graph.removeprefix(f"{self.settings.public_base}graph/") if graph else CURRENT
        for kind in KINDS:
            yield f"{self.here}dumps/{stem}.{kind}.zst", kind


class _Catalogue(_Description):
    """A catalogue with a dataset per publication and the endpoint as a service."""

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self.store: Store = request.app.state.store
        self.days: PublicationDays = request.app.state.publication_days
        self.covered: dict[str, dict[str, list[Term]]] = {graph: {} for graph in self.rows}
        for row in ask(self.backend, "catalog-publications"):
            held = self.covered.setdefault(iri_of(row.pop("publication")), {})
            for name, term in row.items():
                if isinstance(term, Term) and term not in held.setdefault(name, []):
                    held[name].append(term)

    def triples(self) -> Iterator[ox.Triple]:
        catalogue, endpoint = f"{self.settings.public_base}catalog", f"{self.here}sparql"
        owner = f"{catalogue}#operator"
        yield from _said(catalogue, RDF.type, _iri(DCAT.Catalog))
        yield from _said(catalogue, DCTERMS.title, *_texts("catalog_title"))
        yield from _said(catalogue, DCTERMS.description, *_texts("catalog_description"))
        yield from _said(catalogue, DCTERMS.publisher, _iri(owner))
        yield from _said(catalogue, DCTERMS.license, _iri(_METADATA_LICENSE))
        yield from _said(catalogue, DCTERMS.issued, _day(self.store.generation(1).created[:10]))
        yield from _said(catalogue, DCTERMS.spatial, _iri(_SWEDEN))
        yield from _said(catalogue, DCAT.themeTaxonomy, _iri(_THEMES))
        yield from _said(catalogue, DCTERMS.language, _iri(_LANGUAGE + "SWE"), _iri(_LANGUAGE + "ENG"))
        yield from _said(catalogue, DCTERMS.modified, self.modified())
        yield from _said(catalogue, FOAF.homepage, _iri(self.here))
        yield from _said(catalogue, DCAT.service, _iri(endpoint))
        yield from self._operator(owner)
        yield from self._service(endpoint, owner)
        for graph, row in self.rows.items():
            yield from _said(catalogue, DCAT.dataset, _iri(graph))
            yield from self._dataset(graph, row, owner)

    def _operator(self, owner: str) -> Iterator[ox.Triple]:
        name = ox.Literal(self.settings.operator_name or text("site_name", "sv"))
        yield from _said(owner, RDF.type, _iri(FOAF.Agent))
        yield from _said(owner, FOAF.name, name)
        yield from _said(owner, DCTERMS.type, _iri(self.settings.operator_type))
        contact = f"{owner}-contact"
        yield from _said(contact, RDF.type, _iri(VCARD.Organization))
        yield from _said(contact, VCARD.fn, name)
        if "@" in self.settings.contact:
            yield from _said(contact, VCARD.hasEmail, _iri("mailto:" + self.settings.contact.strip()))

    def _service(self, endpoint: str, owner: str) -> Iterator[ox.Triple]:
        yield from _said(endpoint, RDF.type, _iri(DCAT.DataService))
        yield from _said(endpoint, DCTERMS.title, *_texts("catalog_endpoint"))
        yield from _said(endpoint, DCTERMS.publisher, _iri(owner))
        yield from _said(endpoint, DCAT.contactPoint, _iri(f"{owner}-contact"))
        yield from _said(endpoint, DCAT.endpointURL, _iri(endpoint))
        yield from _said(endpoint, DCAT.endpointDescription, _iri(f"{self.here}openapi.json"))
        yield from _said(endpoint, DCTERMS.license, _iri(self.settings.data_license))
        yield from _said(endpoint, DCTERMS["format"], ox.Literal(_RESULTS))
        yield from _said(endpoint, DCTERMS.conformsTo, _iri(_PROTOCOL))
        yield from _said(endpoint, DCAT.keyword, *_keywords())
        yield from _said(endpoint, DCTERMS.accessRights, _iri(_PUBLIC))
        yield from _said(endpoint, DCAT.servesDataset, *(_iri(graph) for graph in self.rows))

    def _dataset(self, graph: str, row: Row, owner: str) -> Iterator[ox.Triple]:
        publisher = iri_of(row["publisher"]) if "publisher" in row else owner
        yield from _said(graph, RDF.type, _iri(DCAT.Dataset))
        yield from _said(graph, DCTERMS.title, *self.titles[graph])
        for lang in LANGS:
            names = {key: self.name(row, key, lang) for key in _NAMED}
            about = "catalog_dataset" if "region" in row else "catalog_dataset_nation"
            told = ox.Literal(text(about, lang, **names), language=lang)
            yield from _said(graph, DCTERMS.description, told)
        yield from _said(graph, DCTERMS.publisher, _iri(publisher))
        if "publisher" in row:
            yield from _said(publisher, RDF.type, _iri(FOAF.Agent))
            yield from _said(publisher, FOAF.name, ox.Literal(self.name(row, "publisher", "sv")))
            # What has no counterpart there, such as a project, is of the kind that answers for it here.
            kinds = self.covered[graph].get("publisherKind") or [_iri(self.settings.operator_type)]
            yield from _said(publisher, DCTERMS.type, kinds[0])
        yield from self._coverage(graph)
        yield from _said(graph, DCAT.contactPoint, _iri(f"{owner}-contact"))
        yield from _said(graph, DCTERMS.identifier, ox.Literal(graph))
        yield from _said(graph, DCTERMS.accessRights, _iri(_PUBLIC))
        yield from _said(graph, DCTERMS.license, _iri(self.settings.data_license))
        yield from _said(graph, DCAT.theme, _iri(_THEME + "EDUC"), _iri(_THEME + "REGI"))
        yield from _said(graph, DCAT.keyword, *_keywords())
        yield from _said(graph, DCTERMS.conformsTo, _iri(PREFIXES["rt"]))
        yield from _said(graph, DCAT.landingPage, _iri(graph))
        yield from self._distributions(graph)

    def _coverage(self, graph: str) -> Iterator[ox.Triple]:
        """Place and time of the content, and when it came and was last changed."""
        covered = self.covered[graph]
        yield from _said(graph, DCTERMS.spatial, *(covered.get("place") or [_iri(_SWEDEN)]))
        if days := self.days.of(graph, self.current.number):
            yield from _said(graph, DCTERMS.issued, _day(days[0]))
            yield from _said(graph, DCTERMS.modified, _day(days[1]))
        years = (("firstYear", DCAT.startDate), ("lastYear", DCAT.endDate))
        if not any(covered.get(name) for name, _ in years):
            return
        period = f"{graph}#period"
        yield from _said(graph, DCTERMS.temporal, _iri(period))
        yield from _said(period, RDF.type, _iri(DCTERMS.PeriodOfTime))
        for name, predicate in years:
            found = (one for one in covered.get(name, ()) if isinstance(one, ox.Literal))
            yield from _said(period, predicate, *(_literal(one.value, XSD.gYear) for one in found))

    def _distributions(self, graph: str) -> Iterator[ox.Triple]:
        for address, kind in self.downloads(graph):
            told = [
                ox.Literal(text("catalog_download", lang, format=KINDS[kind]), language=lang)
                for lang in LANGS
            ]
            yield from _said(graph, DCAT.distribution, _iri(address))
            yield from _said(address, DCTERMS.description, *told)
            yield from _said(address, DCTERMS["format"], ox.Literal(KINDS[kind]))
            yield from _said(address, DCATAP.availability, _iri(_AVAILABLE))
            yield from _said(address, RDF.type, _iri(DCAT.Distribution))
            yield from _said(address, DCAT.accessURL, _iri(address))
            yield from _said(address, DCAT.downloadURL, _iri(address))
            yield from _said(address, DCAT.mediaType, _iri(_MEDIA + KINDS[kind]))
            yield from _said(address, DCAT.compressFormat, _iri(_MEDIA + "application/zstd"))
            yield from _said(address, DCTERMS.license, _iri(self.settings.data_license))


class _Void(_Description):
    """The whole as one dataset with a subset per publication."""

    def triples(self) -> Iterator[ox.Triple]:
        whole = f"{self.settings.public_base}.well-known/void#dataset"
        yield from _said(whole, RDF.type, _iri(VOID.Dataset))
        yield from _said(whole, DCTERMS.title, *_texts("catalog_title"))
        yield from _said(whole, DCTERMS.description, *_texts("catalog_description"))
        yield from _said(whole, DCTERMS.license, _iri(self.settings.data_license))
        yield from _said(whole, DCTERMS.modified, self.modified())
        yield from _said(whole, VOID.sparqlEndpoint, _iri(f"{self.here}sparql"))
        yield from _said(whole, VOID.dataDump, *(_iri(address) for address, _ in self.downloads("")))
        yield from _said(whole, VOID.uriSpace, ox.Literal(f"{self.settings.public_base}id/"))
        yield from _said(whole, VOID.vocabulary, _iri(PREFIXES["rt"]), _iri(PREFIXES["skos"]))
        yield from _said(whole, VOID.triples, _number(self.current.triples))
        yield from _said(whole, VOID.feature, *(_iri(_FORMATS + one) for one in _FORMAT_NAMES))
        counts: dict[str, int] = {}
        for graph, classes in sizes_by_class(self.backend).items():
            yield from _said(graph, VOID.entities, _number(sum(classes.values())))
            for name, count in classes.items():
                counts[name] = counts.get(name, 0) + count
        for name, count in sorted(counts.items()):
            part = f"{whole}-{name}"
            yield from _said(whole, VOID.classPartition, _iri(part))
            yield from _said(part, VOID["class"], _iri(PREFIXES["rt"] + name))
            yield from _said(part, VOID.entities, _number(count))
        for graph in self.rows:
            yield from _said(whole, VOID.subset, _iri(graph))
            yield from _said(graph, RDF.type, _iri(VOID.Dataset))
            yield from _said(graph, DCTERMS.title, *self.titles[graph])
            yield from _said(graph, VOID.dataDump, *(_iri(address) for address, _ in self.downloads(graph)))
            if graph in self.current.graphs:
                yield from _said(graph, VOID.triples, _number(self.current.graphs[graph].triples))


def _said(about: str, predicate: URIRef, *objects: Term) -> Iterator[ox.Triple]:
    for one in objects:
        yield ox.Triple(ox.NamedNode(about), ox.NamedNode(str(predicate)), one)


def _iri(value: str) -> ox.NamedNode:
    return ox.NamedNode(str(value))


def _literal(value: str, datatype: URIRef) -> ox.Literal:
    return ox.Literal(value, datatype=ox.NamedNode(str(datatype)))


def _day(value: str) -> ox.Literal:
    return _literal(value, XSD.date)


def _keywords() -> list[Term]:
    words = {lang: text("catalog_keywords", lang).split("; ") for lang in LANGS}
    return [ox.Literal(word, language=lang) for lang in LANGS for word in words[lang]]


def _number(value: int) -> ox.Literal:
    return _literal(str(value), XSD.integer)


def _texts(key: str) -> list[Term]:
    return [ox.Literal(text(key, lang), language=lang) for lang in LANGS]
