"""Copied texts ask the same as the page: curl and Python are run, R is read if it is there."""

from __future__ import annotations

import ast
import csv
import io
import re
import shutil
import subprocess
import sys
from html import unescape

import httpx2 as httpx
import pytest
from rodtrad.service.copy_as import snippets

AWKWARD = (
    '# it\'s "quoted"\r\n'
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "SELECT ?name ?said WHERE {\n"
    '  VALUES (?name ?said) { ("å \'ä\' \\"ö\\" \\\\ $HOME `id` %s" \'\'\'a\n"b"\'\'\') ("""c""" \'d&e+f\') }\n'
    '} ORDER BY ?name # ends in "'
)
"""Quotes of every kind, backslashes, line ends, signs of the shell and of addresses."""
ROWS = {("å 'ä' \"ö\" \\ $HOME `id` %s", 'a\n"b"'), ("c", "d&e+f")}


def run(command: list[str], text: str) -> str:
    return subprocess.run(command, input=text, capture_output=True, check=True, text=True).stdout


def by_name(address: str, query: str, form: str = "SELECT") -> dict[str, str]:
    return {one.id: one.text for one in snippets(address + "/sparql", query, form)}


def test_curl_gets_the_rows_that_the_page_shows(live) -> None:
    rows = list(csv.reader(io.StringIO(run(["bash"], by_name(live.address, AWKWARD)["curl"]), newline="")))
    assert rows[0] == ["name", "said"]
    assert {tuple(row) for row in rows[1:]} == ROWS


def test_python_gets_the_rows_that_the_page_shows(live) -> None:
    lines = run([sys.executable, "-"], by_name(live.address, AWKWARD)["python"]).splitlines()
    found = [ast.literal_eval(line) for line in lines]
    assert {(row["name"], row["said"]) for row in found} == ROWS


@pytest.mark.parametrize("form", ["ASK", "CONSTRUCT"])
def test_other_forms_of_query_answer_too(live, form: str) -> None:
    query = {"ASK": "ASK { ?s ?p ?o }", "CONSTRUCT": "CONSTRUCT { <urn:a> <urn:b> 1 } WHERE { }"}[form]
    wanted = {"ASK": "true", "CONSTRUCT": "urn:a"}[form]
    texts = by_name(live.address, query, form)
    assert wanted in run(["bash"], texts["curl"]).lower()
    assert wanted in run([sys.executable, "-"], texts["python"]).lower()


@pytest.mark.parametrize(
    "text", ['"', '"""', '""""', "\\", '\\"', 'a\n"""b"""', 'a\nb"', "a\nb\\", 'a\n""""']
)
def test_python_literals_hold_the_query_as_it_is(text: str) -> None:
    code = by_name("http://x", text)["python"]
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    given = next(one for one in calls if getattr(one.func, "attr", "") == "setQuery").args[0]
    assert isinstance(given, ast.Constant) and given.value == text


def r_string(code: str) -> str:
    """The first string of an R program, by R's own rule: a backslash takes the next sign with it."""
    found = re.match(r'query <- "((?:[^"\\]|\\.)*)"\n', code, re.DOTALL)
    assert found is not None
    return re.sub(r"\\(.)", r"\1", found[1], flags=re.DOTALL)


def test_r_literals_hold_the_query_as_it_is() -> None:
    code = by_name("http://x", AWKWARD)["r"]
    assert r_string(code) == AWKWARD.replace("\r\n", "\n")
    if shutil.which("Rscript"):
        run(["Rscript", "-e", "invisible(parse(file('stdin')))"], code)


def test_page_of_a_question_holds_texts_that_give_its_rows(live) -> None:
    path = "/questions/cq08-documents-under-the-strategy"
    page = httpx.get(live.address + path, headers={"Accept": "text/html"}, timeout=30).text
    code = unescape(re.search(r'<code id="copy-curl">(.*?)</code>', page, re.DOTALL)[1])
    rows = list(csv.reader(io.StringIO(run(["bash"], code), newline="")))
    query = re.search(r"--data-urlencode 'query=(.*)'$", code, re.DOTALL)[1].replace("'\"'\"'", "'")
    direct = httpx.post(live.address + "/sparql", data={"query": query}, timeout=30).json()
    assert rows[0] == direct["head"]["vars"]
    assert len(rows) - 1 == len(direct["results"]["bindings"])


def test_moment_of_the_page_is_kept(live) -> None:
    query = "SELECT ?s WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3"
    page = httpx.get(
        live.address + "/sparql",
        params={"query": query, "asOf": 1},
        headers={"Accept": "text/html"},
        timeout=60,
    ).text
    code = unescape(re.search(r'<code id="copy-curl">(.*?)</code>', page, re.DOTALL)[1])
    assert "/sparql?asOf=1" in code
    assert len(run(["bash"], code).splitlines()) == 4
