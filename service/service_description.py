"""What the SPARQL endpoint offers, as SPARQL 1.1 Service Description."""

from __future__ import annotations

import pyoxigraph as ox
from fastapi import Request, Response

from ..ontology.names import PREFIXES
from ..ontology.problems import Problem, RodtradError
from .moment import backend_of
from .negotiation import GRAPH_TYPES, JSON_LD, TURTLE, best

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = {TURTLE: ox.RdfFormat.TURTLE, JSON_LD: ox.RdfFormat.JSON_LD}

_DESCRIPTION = """@prefix sd: <{sd}> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix format: <http://www.w3.org/ns/formats/> .
@prefix dcterms: <http://purl.org/dc/terms/> .

<{endpoint}> a sd:Service ;
    sd:endpoint <{endpoint}> ;
    sd:supportedLanguage sd:SPARQL11Query ;
    sd:resultFormat format:SPARQL_Results_JSON , format:SPARQL_Results_XML , format:SPARQL_Results_CSV ,
        format:SPARQL_Results_TSV , format:Turtle , format:N-Triples , format:JSON-LD ;
    sd:defaultDataset <{endpoint}#dataset> .

<{endpoint}#dataset> a sd:Dataset ;
    dcterms:title "Röda tråden"@sv ;
    {named}sd:defaultGraph <{endpoint}#merged> .

<{endpoint}#merged> a sd:Graph ;
    dcterms:description "Allt som är publicerat nu, sammanlagt: varje påstående en gång."@sv ,
        "All that is published now, merged: each statement once."@en ;
    void:triples {triples} .
"""
_NAMED = """sd:namedGraph [ a sd:NamedGraph ; sd:name <{iri}> ;
        sd:graph [ a sd:Graph ; void:triples {triples} ] ] ;
    """


def describe(request: Request) -> Response:
    """The description, for a request without a query. Raises RodtradError ``not-acceptable``."""
    accept = request.headers.get("accept")
    media = best(accept, GRAPH_TYPES)
    if media is None:
        values = {"accept": accept or "", "offered": ", ".join(GRAPH_TYPES)}
        raise RodtradError(Problem("not-acceptable", values=values))
    backend = backend_of(request)
    endpoint = str(request.url.replace(query="", fragment=""))
    graphs = backend.store.generation(backend.generation).graphs if backend.generation else {}
    named = "".join(_NAMED.format(iri=iri, triples=entry.triples) for iri, entry in graphs.items())
    counted = backend.rows("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
    triples = getattr(counted[0]["n"], "value", "0") if counted else "0"
    text = _DESCRIPTION.format(sd=_SD, endpoint=endpoint, named=named, triples=triples)
    found = (quad.triple for quad in ox.parse(text.encode(), ox.RdfFormat.TURTLE))
    form = _FORMATS.get(media, ox.RdfFormat.N_TRIPLES)
    prefixes = {**PREFIXES, "sd": _SD, "void": "http://rdfs.org/ns/void#"} if media == TURTLE else {}
    body = ox.serialize(found, format=form, prefixes=prefixes) or b""
    headers = {"Vary": "Accept", "X-Generation": str(backend.generation)}
    return Response(body, headers=headers, media_type=media + ("; charset=utf-8" if media == TURTLE else ""))
