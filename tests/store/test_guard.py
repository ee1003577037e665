"""Texts that never reach the engine, and texts that only look as if they should not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rodtrad.ontology.problems import RodtradError
from rodtrad.store.guard import MAX_CHAIN, check

IRI = "<http://127.0.0.1:1/sparql>"
PREFIXES = """PREFIX : <http://127.0.0.1:1/> PREFIX ex: <http://127.0.0.1:1/>
PREFIX service: <http://127.0.0.1:1/> PREFIX load: <http://127.0.0.1:1/>
"""

CALLS = {
    "plain": f"SELECT * {{ SERVICE {IRI} {{ ?s ?p ?o }} }}",
    "lower case": f"SELECT * {{ service {IRI} {{ ?s ?p ?o }} }}",
    "mixed case": f"SELECT * {{ SeRvIcE {IRI} {{ ?s ?p ?o }} }}",
    "silent": f"SELECT * {{ SERVICE SILENT {IRI} {{ ?s ?p ?o }} }}",
    "no space": f"SELECT*{{SERVICE{IRI}{{?s ?p ?o}}}}",
    "silent, no space": f"SELECT*{{SERVICESILENT{IRI}{{?s ?p ?o}}}}",
    "name, no space": "SELECT * { SERVICEex:x { ?s ?p ?o } }",
    "silent name, no space": "SELECT * { SERVICESILENTex:x { ?s ?p ?o } }",
    "empty prefix, no space": "SELECT * { service:x { ?s ?p ?o } }",
    "after a number": f"SELECT * {{ ?s ?p 1SERVICE{IRI}{{}} }}",
    "after a boolean": f"SELECT * {{ ?s ?p trueSERVICE{IRI}{{}} }}",
    "after a boolean, name": "SELECT * { ?s ?p trueSERVICE:x{} }",
    "after a group": f"SELECT*{{OPTIONAL{{}}SERVICE{IRI}{{}}}}",
    "after a filter": f"SELECT*{{FILTER(true)SERVICE{IRI}{{}}}}",
    "comment between": f"SELECT * {{ SERVICE# not here\n{IRI} {{ ?s ?p ?o }} }}",
    "comment before the group": "SELECT * { SERVICEex:x # {\n { ?s ?p ?o } }",
    "after a comment mark in an IRI": f"SELECT * {{ <http://e/#> ?p ?o . SERVICE {IRI} {{}} }}",
    "after a quote in a comment": f"SELECT * {{ # it's\n SERVICE {IRI} {{}} # it's\n }}",
    "after an escaped mark in a name": f"SELECT * {{ ?s a ex:a\\#b . SERVICE {IRI} {{}} }}",
    "after an escaped quote": f'SELECT * {{ ?s ?p "\\"" . SERVICE {IRI} {{}} # "\n}}',
    "after a long string": f'SELECT * {{ ?s ?p """a"b""" . SERVICE {IRI} {{}} }}',
    "variable": f"SELECT * {{ VALUES ?x {{ {IRI} }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "in exists": f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {IRI} {{ ?s ?p ?o }} }} }}",
    "in a sub-select": f"SELECT * {{ {{ SELECT * {{ SERVICE {IRI} {{ ?s ?p ?o }} }} }} }}",
    "in ask": f"ASK{{SERVICE{IRI}{{}}}}",
    "in construct": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {IRI} {{ ?s ?p ?o }} }}",
}
HIDDEN = {
    "string behind a less-than": f"SELECT*{{VALUES ?a{{1}} FILTER(?a<'x>')SERVICE{IRI}{{}} FILTER(?a<'y>')}}",
    "comment behind a less-than": "SELECT*{VALUES(?a ?b){(1 2)}FILTER(?a<?b#>'''\n)"
    f"SERVICE{IRI}{{}}#'''\n}}",
    "bracket behind a less-than": "SELECT*{VALUES ?a{1}FILTER(?a<((1>1)&&?a<'x>'))"
    f"SERVICE{IRI}{{}}FILTER(?a<'y>')}}",
    "direction of a language": f'SELECT * {{ ?s ?p "a"@en--ltrSERVICE{IRI}{{}} }}',
}


def refusal(text: str) -> str:
    with pytest.raises(RodtradError) as error:
        check(text)
    return error.value.problems[0].code


@pytest.mark.parametrize("name", CALLS)
def test_every_spelling_of_a_call_is_refused(name: str) -> None:
    assert refusal(PREFIXES + CALLS[name]) == "query-service-refused"


@pytest.mark.parametrize("name", HIDDEN)
def test_a_call_cannot_hide_behind_an_ambiguous_sign(name: str) -> None:
    assert refusal(PREFIXES + HIDDEN[name]) in ("query-service-refused", "query-unclear")


PIECES = [
    *(
        "?a",
        "1",
        "true",
        "'x'",
        '"y"',
        "'x>'",
        "'y>'",
        '"""z"""',
        "a",
        "ex:p",
        ":p",
        "service:x",
        "ex:SERVICE",
        "_:b",
    ),
    *(
        IRI,
        "<urn:x#y>",
        "<'>",
        "<#>",
        "<?b#>",
        "<(",
        ">",
        "<",
        "#",
        "'",
        "'''",
        "\\'",
        "\n",
        " ",
        " ",
        " ",
        ".",
    ),
    *(
        "SERVICE",
        f"SERVICE{IRI}{{}}",
        "SERVICE:x{}",
        "SERVICESILENT",
        "FILTER(",
        "FILTER",
        "(",
        ")",
        "{",
        "}",
        "{}",
    ),
    *(
        "&&",
        "||",
        "<=",
        "@en",
        "@en--ltr",
        "VALUES ?a{",
        "BIND(",
        "AS",
        "OPTIONAL{",
        "UNION",
        ",",
        ";",
        "/",
        "^",
    ),
]
CALLED = "not allowed for HTTP"


def calls_out(text: str) -> bool:
    """Whether the engine, asked directly, tries to reach the other service."""
    try:
        list(ox.Store().query(text))  # type: ignore[arg-type]
    except OSError as error:
        return CALLED in str(error)
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return False


def passes(text: str) -> bool:
    try:
        check(text)
    except RodtradError:
        return False
    return True


@pytest.mark.parametrize("name", ["plain", "empty prefix, no space", "after a quote in a comment"])
def test_the_engine_does_call_out(name: str) -> None:
    assert calls_out(PREFIXES + CALLS[name])


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14), st.lists(st.sampled_from(PIECES), max_size=10))
def test_no_mix_of_pieces_gets_a_call_past_the_guard(before: list[str], after: list[str]) -> None:
    for call in (f"SERVICE{IRI}{{}}", "SERVICE:x{}", "service:x{}"):
        text = PREFIXES + "SELECT*{" + "".join(before) + call + "".join(after) + "}"
        assert not (passes(text) and calls_out(text))


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <http://e/> {}" }',
        "SELECT * { ?s ?p '''it's a\nSERVICE''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://e/> {}",
        "SELECT * { ?s <http://e/SERVICE> <http://e/#service> }",
        "SELECT ?service { ?service ?p $service }",
        "SELECT * { ?s ex:service ex:load . _:service ?p ?o }",
        "SELECT * { ?s a service:Thing ; service:of ?o . }",
        "SELECT * { GRAPH service:g { ?s ?p ?o } }",
        "SELECT * FROM service:g { ?s ?p ?o }",
        'SELECT * { ?s ?p "x"@service }',
        "SELECT * { ?s ?p ?insert FILTER(?insert < 3 && 4 > ?insert) }",
        "SELECT * { VALUES (?a ?b) { (<http://e/#a> <http://e/#b>) (<urn:a> <urn:b>) } }",
        "SELECT * { ?s (<http://e/p>|^<http://e/q>)+/<#r> ?o . ?s <#p> <#o> }",
        "BASE <http://e/> PREFIX insert: <http://e/i#> SELECT * { ?s insert:delete ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING (COUNT(*) > 1) ORDER BY DESC(?n) LIMIT 3",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE <http://e/>",
    ],
)
def test_what_only_looks_dangerous_passes_here_and_in_the_engine(text: str) -> None:
    check(PREFIXES + text)
    store = ox.Store()
    base = "http://e/"
    answer = store.query(PREFIXES + text, base_iri=base)
    assert isinstance(answer, ox.QuerySolutions | ox.QueryTriples)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://e/a> <http://e/b> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR ALL",
        "DROP GRAPH <http://e/g>",
        "CREATE GRAPH <http://e/g>",
        "COPY DEFAULT TO <http://e/g>",
        "WITH <http://e/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "# SELECT\nDROP ALL",
    ],
)
def test_updates_are_refused(text: str) -> None:
    assert refusal(PREFIXES + text) == "query-update-refused"


@pytest.mark.parametrize("update", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:1/>",
        "load silent <http://127.0.0.1:1/> into graph <http://e/g>",
        "INSERT DATA { GRAPH <http://e/g> { <http://e/a> <http://e/b> 1 } } ; LOAD <file:///etc/passwd>",
    ],
)
def test_fetching_is_refused_also_in_updates(text: str, update: bool) -> None:
    writes_first = text.startswith("INSERT") and not update
    with pytest.raises(RodtradError) as error:
        check(PREFIXES + text, update=update)
    expected = "query-update-refused" if writes_first else "query-load-refused"
    assert error.value.problems[0].code == expected


def test_the_word_load_is_no_reason_to_refuse() -> None:
    check(PREFIXES + 'SELECT ?load { ?load <http://e/load> "LOAD" } # LOAD', update=False)


def test_the_place_of_a_call_is_told() -> None:
    with pytest.raises(RodtradError) as error:
        check("SELECT *\n{ ?s ?p ?o .\n  SERVICE <http://e/> {} }")
    assert error.value.problems[0].values == {"line": 3, "column": 3}


@pytest.mark.parametrize(
    ("opening", "closing"), [("{ SELECT * {", "}}"), ("{", "}"), ("FILTER(" + "(" * 10, ")" * 11)]
)
def test_deep_nesting_is_refused(opening: str, closing: str) -> None:
    assert refusal("SELECT * {" + opening * 1100 + "?s ?p ?o" + closing * 1100 + "}") == "query-too-deep"


def test_a_hundred_levels_pass_and_one_more_does_not() -> None:
    check("SELECT * " + "{" * 100 + "?s ?p ?o" + "}" * 100)
    assert refusal("SELECT * " + "{" * 101 + "?s ?p ?o" + "}" * 101) == "query-too-deep"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s " + "/".join(["<http://e/p>"] * (MAX_CHAIN + 2)) + " ?o }",
        "SELECT * { ?s " + "|".join(["a"] * (MAX_CHAIN + 2)) + " ?o }",
        "SELECT * { ?s ?p ?o FILTER(" + "!" * (MAX_CHAIN + 1) + "?o) }",
        "SELECT * { ?s ?p ?o FILTER(" + " || ".join(["?o = 1"] * (MAX_CHAIN + 2)) + ") }",
        "SELECT * { ?s ?p ?o BIND(" + "+".join(["1"] * (MAX_CHAIN + 2)) + " AS ?x) }",
        "SELECT * {" + " UNION ".join(["{ ?s ?p ?o }"] * (MAX_CHAIN + 2)) + "}",
        "SELECT * {" + "OPTIONAL { ?s ?p ?o }" * (MAX_CHAIN + 2) + "}",
        "SELECT * {" + "FILTER(?s)" * (MAX_CHAIN + 2) + "}",
    ],
    ids=["path", "alternative", "not", "or", "plus", "union", "optional", "filter"],
)
def test_long_chains_are_refused(text: str) -> None:
    assert refusal(text) == "query-chain-too-long"


def test_long_lists_and_many_statements_are_no_chain() -> None:
    many = MAX_CHAIN * 3
    check("SELECT * { VALUES ?x {" + " ".join(f"<http://e/{n}>" for n in range(many)) + "} }")
    check("SELECT * { ?s ?p ?o FILTER(?o IN (" + ",".join(str(n) for n in range(many)) + ")) }")
    check("SELECT * { " + " ".join(f"?s{n} <http://e/p>/<http://e/q> ?o{n} ." for n in range(many)) + " }")
    check("SELECT * { " + " ".join(f"?s{n} ex:p/ex:q ex:o{n}." for n in range(many)) + " }")


def test_a_long_text_is_refused_before_it_is_read() -> None:
    assert refusal("SELECT * { ?s ?p '" + "å" * 600_000 + "' }") == "query-too-long"


@pytest.mark.parametrize("text", ["", "(" * 3, "'''", '"""a""', "SELECT * { ?s ?p 'a", "}}}}", "\x00", "<<<"])
def test_broken_texts_are_left_to_the_engine(text: str) -> None:
    check(text)
