"""What an answer says of itself: the weight it covers, its members as RDF, and words in one language at a time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from rdflib import PROV, Graph
from rdflib.namespace import DCTERMS, QB, RDF
from rodtrad.ontology.names import RT, SCHEME
from rodtrad.queries.rollup import comparability, rollup, to_turtle

from .conftest import FLOW, IN_WHOLE, MEDIAN, SHARE, STOCK, A, everywhere, indicator, value

OBSERVATION = "https://w3id.org/rodtrad/id/ref/observation/"


def test_the_share_of_the_weight_is_told_beside_the_share_of_the_places(nation: Callable) -> None:
    """One place of two, but nine tenths of the people."""
    weights = [indicator(STOCK, "w"), value("x:one", 900, of="w"), value("x:two", 100, of="w")]
    data = [indicator(SHARE + " ; rt:weightIndicator i:w"), value("x:one", 50), *weights]
    answer = rollup(nation(*data), A, "region", place=IN_WHOLE, years="2023")
    assert (answer.result.verdict, answer.result.share) == ("partial", Decimal("0.5"))
    assert answer.result.weight_covered == Decimal("0.9")
    assert answer.covered(answer.result) == "1 av 2 (90 procent av vikten)"
    assert answer.as_dict()["results"][0]["coverage"]["weight_share"] == "0.9000"


def test_without_the_weight_of_every_place_no_share_of_it_is_told(nation: Callable) -> None:
    weights = [indicator(STOCK, "w"), value("x:one", 900, of="w")]
    data = [indicator(SHARE + " ; rt:weightIndicator i:w"), value("x:one", 50), *weights]
    answer = rollup(nation(*data), A, "region", place=IN_WHOLE, years="2023")
    assert answer.result.weight_covered is None and answer.covered(answer.result) == "1 av 2"


def test_the_answer_as_rdf_is_derived_from_every_member_and_is_no_measured_value(nation: Callable) -> None:
    data = [value("x:one", 3, id="m1"), value("x:two", 4, id="m2")]
    answer = rollup(nation(indicator(FLOW), *data), A, "region", place=IN_WHOLE, years="2023")
    graph = Graph().parse(data=to_turtle(answer), format="turtle")
    (node,) = graph.subjects(RDF.type, QB.Observation)
    assert {str(one) for one in graph.objects(node, PROV.wasDerivedFrom)} == {
        OBSERVATION + "m1",
        OBSERVATION + "m2",
    }
    assert graph.value(node, RT.value).toPython() == 7
    assert (str(graph.value(node, RT.place)), graph.value(node, RT.year).toPython()) == (IN_WHOLE, 2023)
    assert graph.value(node, DCTERMS.type) == SCHEME["rollup-verdict/exact"]
    assert SCHEME["aggregation-rule/a11"] in set(graph.objects(node, DCTERMS.conformsTo))
    assert not list(graph.subjects(RDF.type, RT.Observation))


def test_a_refusal_as_rdf_has_members_and_no_value(nation: Callable) -> None:
    data = [value("x:one", 3, id="m1"), value("x:two", 4, id="m2")]
    answer = rollup(nation(indicator(MEDIAN), *data), A, "region", place=IN_WHOLE, years="2023")
    graph = Graph().parse(data=to_turtle(answer), format="turtle")
    (node,) = graph.subjects(DCTERMS.type, SCHEME["rollup-verdict/refused"])
    assert graph.value(node, RT.value) is None and len(set(graph.objects(node, PROV.wasDerivedFrom))) == 2


def test_concepts_are_named_in_the_language_of_the_sentence(nation: Callable) -> None:
    mixed = nation(indicator(STOCK), value("x:one", 1), value("x:two", 2, "2023-02"))
    answer = rollup(mixed, A, "region,time", place=IN_WHOLE, years="2023")
    result = answer.result
    assert result.refusal is not None and result.refusal.code == "periods-differ"
    assert "månad" in result.refusal.sentence("sv") and "month" not in result.refusal.sentence("sv")
    assert "month" in result.refusal.sentence("en") and "månad" not in result.refusal.sentence("en")
    both = nation(indicator(STOCK), indicator(FLOW + " ; xkos:specializes i:a", "b"))
    (reason,) = comparability(both, A).definitional.reasons
    assert {"bestånd", "flöde"} <= set(
        reason.finding.sentence("sv").replace(".", "").replace(",", "").split()
    )
    assert {"stock", "flow"} <= set(reason.finding.sentence("en").replace(".", "").replace(",", "").split())


def test_the_middle_of_a_year_stands_beside_a_calendar_year_only_when_asked_to(nation: Callable) -> None:
    half = " ; rt:periodType period-type:midyear ; xkos:specializes i:a ; rt:restricts restriction:place"
    whole = indicator(STOCK + " ; rt:periodType period-type:year")
    data = [whole, indicator(STOCK + half, "b"), value("x:one", 3), value("x:two", 4, of="b")]
    apart = rollup(nation(*data), A, "region", place=IN_WHOLE, years="2023").results
    assert sorted((one.value, one.verdict) for one in apart) == [(3, "partial"), (4, "partial")]
    told = rollup(nation(*data), A, "region", place=IN_WHOLE, years="2023", mid_year=True)
    assert (told.result.value, told.result.verdict) == (7, "approximate")
    assert "A7" in told.result.rules and "Två har årets mitt" in told.explanation(told.result, "sv")


def test_places_are_named_in_the_language_of_the_sentence_whatever_the_question_was_asked_in(
    nation: Callable,
) -> None:
    for lang in ("sv", "en"):
        answer = rollup(nation(indicator(FLOW), everywhere(2, but=("09",))), A, "region", lang=lang)
        (missing,) = [one for one in answer.result.findings if one.code == "missing"]
        assert "Saknas: Gotlands län" in missing.sentence("sv")
        assert "Missing: Gotland County" in missing.sentence("en")
