"""A client of somebody else's making reads our endpoint."""

from __future__ import annotations

import pytest
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

RT = "PREFIX rt: <https://w3id.org/rodtrad/ns/> "
COUNT = RT + "SELECT (COUNT(?lesson) AS ?n) WHERE { ?lesson a rt:Lesson ; rt:about ?county }"
LESSONS = 52
"""Of the evaluation; the made-up county is about no county."""


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("request_method", ["urlencoded", "postdirectly"])
def test_select_as_json(address: str, method: str, request_method: str) -> None:
    client = SPARQLWrapper(address + "/sparql")
    client.setMethod(method)
    client.setRequestMethod(request_method if method == "POST" else "urlencoded")
    client.setReturnFormat(JSON)
    client.setQuery(COUNT)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert [int(row["n"]["value"]) for row in rows] == [LESSONS]


def test_select_as_xml_and_csv(address: str) -> None:
    client = SPARQLWrapper(address + "/sparql")
    client.setQuery(COUNT)
    client.setReturnFormat(XML)
    assert [node.firstChild.data for node in client.queryAndConvert().getElementsByTagName("literal")] == [
        str(LESSONS)
    ]
    client.setReturnFormat(CSV)
    assert client.queryAndConvert().decode().split() == ["n", str(LESSONS)]


def test_construct_as_turtle(address: str) -> None:
    client = SPARQLWrapper(address + "/sparql")
    client.setReturnFormat(TURTLE)
    client.setQuery(RT + "CONSTRUCT { ?l a rt:Lesson } WHERE { ?l a rt:Lesson }")
    assert b"Lesson" in client.queryAndConvert()
