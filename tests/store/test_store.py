"""Publishing, retiring, looking back and going back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rodtrad.ontology.problems import RodtradError
from rodtrad.store import Store, Upload
from rodtrad.store.index import DERIVED, VOCABULARY

G20 = "https://w3id.org/rodtrad/graph/20/insatser"
G08 = "https://w3id.org/rodtrad/graph/08/insatser"
Numbered = Callable[..., bytes]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def code(error: pytest.ExceptionInfo[RodtradError]) -> str:
    return error.value.problems[0].code


def test_what_is_published_comes_back_sorted_with_its_own_words(numbered: Numbered) -> None:
    store = Store()
    data = b'<http://e/b> <http://e/p> "01.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    store.publish(
        G20, data + numbered(1) + data, by="20", origins=b"cells", received=("a.xlsx", b"PK"), report=b"{}"
    )
    assert store.graph(G20) == data + numbered(1)
    assert (store.origins(G20), store.received(G20), store.report(G20)) == (
        b"cells",
        ("a.xlsx", b"PK"),
        b"{}",
    )


def test_a_literal_with_a_strange_line_break_stays_one_statement() -> None:
    store = Store()
    data = '<http://e/a> <http://e/p> "rad ett\u2028rad två\u0085rad tre" .\n'.encode()
    generation = store.publish(G20, data, by="20")
    assert generation.graphs[G20].triples == 1
    assert store.graph(G20) == data


def test_a_generation_says_who_when_and_what(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(10), by="20")
    generation = store.publish(G20, numbered(10, first=1), by="Anna", validation={"tier": "bas"})
    assert (generation.number, generation.parent, generation.by) == (2, 1, "Anna")
    assert generation.created.endswith("+00:00")
    (change,) = generation.changes
    assert (change.kind, change.graph) == ("replace", G20)
    assert (change.triples_added, change.triples_removed) == (1, 1)
    assert (change.resources_added, change.resources_removed) == (1, 1)
    assert generation.graphs[G20].validation == {"tier": "bas"}
    assert generation.publisher(G20) == "20"
    assert store.generations()[1] == generation


def test_the_same_content_makes_no_generation(numbered: Numbered) -> None:
    store = Store()
    first = store.publish(G20, numbered(5), by="20", received=("a.xlsx", b"packed"))
    lines = numbered(5).splitlines(keepends=True)
    again = store.publish(G20, b"".join(reversed(lines)), by="20", received=("a.xlsx", b"packed anew"))
    assert again == first
    assert [generation.number for generation in store.generations()] == [1]


def test_the_same_summary_is_no_news_whatever_types_it_came_in(numbered: Numbered) -> None:
    store = Store()
    for rules in (("RT-K-001",), ["RT-K-001"]):
        generation = store.publish(G20, numbered(5), by="20", validation={"tier": "bas", "rules": rules})
        assert generation.number == 1


def test_new_origins_of_the_same_statements_are_kept(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(5), by="20", origins=b"row 2")
    assert store.publish(G20, numbered(5), by="20", origins=b"row 3").number == 2
    assert store.origins(G20) == b"row 3"
    assert store.origins(G20, generation=1) == b"row 2"


def test_much_removal_has_to_be_confirmed(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(10), by="20")
    with pytest.raises(RodtradError) as error:
        store.publish(G20, numbered(7), by="20")
    (problem,) = error.value.problems
    assert (problem.code, problem.http_status) == ("removes-much", 409)
    assert problem.values["iris"] == "http://example.org/r7 http://example.org/r8 http://example.org/r9"
    assert "3" in problem.message("sv") and "10" in problem.message("sv")
    assert store.current().number == 1
    assert store.publish(G20, numbered(7), by="20", confirm_removal=True).number == 2


def test_a_fifth_may_go_unconfirmed(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(10), by="20")
    assert store.publish(G20, numbered(8), by="20").number == 2


def test_blank_nodes_are_refused_with_the_line() -> None:
    store = Store()
    with pytest.raises(RodtradError) as error:
        store.publish(G20, b'<http://e/a> <http://e/p> _:x .\n<http://e/a> <http://e/q> "_:y" .\n', by="20")
    assert code(error) == "blank-node"
    assert "<http://e/a> <http://e/p> _:" in error.value.problems[0].message("en")
    assert store.current().number == 0


def test_text_that_looks_like_a_blank_node_is_text() -> None:
    assert Store().publish(G20, b'<http://e/a> <http://e/q> "_:y" .\n', by="20").number == 1


@pytest.mark.parametrize("graph", [VOCABULARY, DERIVED, "https://w3id.org/rodtrad/graph/current"])
def test_computed_graphs_cannot_be_published(graph: str, numbered: Numbered) -> None:
    with pytest.raises(RodtradError) as error:
        Store().publish(graph, numbered(1), by="20")
    assert code(error) == "graph-reserved"


@pytest.mark.parametrize(
    "graph", ["", "insatser", "http://e/a b", "http://e/\r\nx", "http://e/> } ; DROP ALL"]
)
def test_a_graph_name_has_to_be_an_iri(graph: str, numbered: Numbered) -> None:
    with pytest.raises(RodtradError) as error:
        Store().publish(graph, numbered(1), by="20")
    assert code(error) == "graph-invalid"


def test_unreadable_data_names_the_place(numbered: Numbered) -> None:
    with pytest.raises(RodtradError) as error:
        Store().publish(G20, numbered(2) + b"<http://e/a> nonsense\n", by="20")
    assert code(error) == "data-unreadable"
    assert "line 3" in error.value.problems[0].message("en")


def test_one_bad_graph_of_many_publishes_none(numbered: Numbered) -> None:
    store = Store()
    with pytest.raises(RodtradError):
        store.publish_many([Upload(G20, numbered(2)), Upload(G08, b"_:a <http://e/p> _:b .\n")], by="x")
    assert store.current().number == 0
    assert store.publish_many([Upload(G20, numbered(2)), Upload(G08, numbered(2))], by="x").number == 1


def test_a_dry_run_tells_and_changes_nothing(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(10), by="20")
    files = sorted(store.folder.rglob("*"))
    planned = store.publish(G20, numbered(12), by="20", dry_run=True)
    assert planned.number == 2
    assert [(change.kind, change.resources_added) for change in planned.changes] == [("replace", 2)]
    assert store.current().number == 1
    assert sorted(store.folder.rglob("*")) == files
    assert store.publish(G20, numbered(10), by="20", dry_run=True).number == 1
    with pytest.raises(RodtradError):
        store.publish(G20, numbered(2), by="20", dry_run=True)


def test_a_statement_made_twice_stands_once_in_the_view_and_leaves_last(numbered: Numbered) -> None:
    store = Store()
    store.publish_many([Upload(G20, numbered(3)), Upload(G08, numbered(3, first=2))], by="x")
    assert store.engine().rows(COUNT)[0]["n"].value == "5"
    store.retire(G08, by="x")
    assert store.engine().rows(COUNT)[0]["n"].value == "3"
    assert store.engine().rows(f"SELECT * {{ GRAPH <{G08}> {{ ?s ?p ?o }} }}") == []


def test_retiring_keeps_history(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(3), by="20")
    retired = store.retire(G20, by="20")
    assert [(change.kind, change.triples_removed) for change in retired.changes] == [("retire", 3)]
    assert store.graph(G20, generation=1) == numbered(3)
    for ask in (store.graph, store.origins, lambda iri: store.retire(iri, by="20")):
        with pytest.raises(RodtradError) as error:
            ask(G20)
        assert code(error) == "unknown-graph"


def test_diff_tells_what_came_and_went_by_resource(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(6), by="20")
    store.publish(
        G20, numbered(6, first=1) + b"<http://example.org/r3> <http://e/q> <http://e/o> .\n", by="20"
    )
    diff = store.diff(1, 2)
    assert (diff.added, diff.removed) == (2, 1)
    by_resource = diff.graphs[G20].by_resource()
    assert by_resource["http://example.org/r0"].removed == (
        '<http://example.org/r0> <http://example.org/p> "0" .',
    )
    assert by_resource["http://example.org/r3"].added == (
        "<http://example.org/r3> <http://e/q> <http://e/o> .",
    )
    assert set(by_resource) == {"http://example.org/r0", "http://example.org/r3", "http://example.org/r6"}
    assert store.diff(2, 1).added == 1
    assert store.diff(2, 2).graphs == {}


def test_diff_knows_graphs_that_came_or_went(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(2), by="20")
    store.publish(G08, numbered(1), by="08")
    store.retire(G20, by="20")
    assert {iri: len(graph.removed) for iri, graph in store.diff(1, 3).graphs.items()} == {G20: 2, G08: 0}


def test_rollback_is_a_new_generation_that_equals_the_old(numbered: Numbered) -> None:
    store = Store()
    store.set_vocabulary(b"<http://e/C> <http://e/is> <http://e/Class> .\n")
    first = store.publish(G20, numbered(3), by="20")
    store.publish(G08, numbered(3, first=9), by="08")
    back = store.rollback(first.number, by="admin")
    assert (back.number, back.parent, back.restored) == (4, 3, 2)
    assert (back.graphs, back.vocabulary, back.derived) == (first.graphs, first.vocabulary, first.derived)
    assert store.diff(first.number, back.number).graphs == {}
    assert store.engine().rows(COUNT)[0]["n"].value == "4"
    assert store.rollback(first.number, by="admin").number == 4
    assert store.publish(G20, numbered(4), by="20").restored == 0
    with pytest.raises(RodtradError) as error:
        store.rollback(77, by="admin")
    assert code(error) == "unknown-generation"


def test_the_vocabulary_is_in_the_view_and_in_its_graph() -> None:
    store = Store()
    words = b"<http://e/C> <http://e/is> <http://e/Class> .\n"
    assert store.set_vocabulary(words).number == 1
    assert store.set_vocabulary(words).number == 1
    assert len(store.engine().rows("SELECT * { <http://e/C> ?p ?o }")) == 1
    assert len(store.engine().rows(f"SELECT * {{ GRAPH <{VOCABULARY}> {{ ?s ?p ?o }} }}")) == 1


def test_an_engine_in_hand_stays_at_its_generation(numbered: Numbered) -> None:
    store = Store()
    store.publish(G20, numbered(3), by="20")
    before = store.engine()
    store.publish(G20, numbered(4), by="20")
    assert (before.generation, before.rows(COUNT)[0]["n"].value) == (1, "3")
    assert (store.engine().generation, store.engine().rows(COUNT)[0]["n"].value) == (2, "4")


def test_a_folder_opened_again_holds_the_same(tmp_path, numbered: Numbered) -> None:
    store = Store(tmp_path / "data")
    store.publish(G20, numbered(3), by="20")
    again = Store(tmp_path / "data")
    assert again.current() == store.current()
    assert again.engine().rows(COUNT)[0]["n"].value == "3"
    assert again.engine() is again.engine()


def test_an_empty_folder_reads_as_generation_zero(tmp_path) -> None:
    store = Store(tmp_path / "none")
    assert (store.current().number, store.generations(), store.verify()) == (0, [], [])
    assert store.engine().rows("SELECT * { ?s ?p ?o }") == []
    assert not (tmp_path / "none").exists()
