"""The made-up county shows the way from what was followed up to what was decided, and keeps apart what differs."""

from __future__ import annotations

import pytest
from rdflib import DCTERMS, PROV, RDF, RDFS, URIRef
from rodtrad.examples import national
from rodtrad.loader import ntriples
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT
from rodtrad.shapes.form import load_forms
from rodtrad.shapes.validation import validate

VALIDATION = "Validering nära dig"
COUNSELLING = "Vägledning före valideringen halverade avhoppen"
AT_A_DISTANCE = "Vägledning på distans minskade inte avhoppen"
SYNTHESIS = "Vägledning öga mot öga före valideringen minskar avhoppen"
VERDICT = "Målet nås om takten håller i sig"


@pytest.fixture
def county(facts):
    return facts("bergslund")


def one(county, cls: str, label: str | None = None) -> URIRef:
    (found,) = [n for n in county.of(cls) if label is None or county.cell(n, RDFS.label) == label]
    return found


def labels(county, node: URIRef, path: URIRef) -> set[str | None]:
    return {
        county.cell(value, RDFS.label) or county.text(value) for value in county.graph.objects(node, path)
    }


def test_a_decision_says_what_it_changed_and_what_it_rests_on(county) -> None:
    decision = one(county, "Decision")
    assert labels(county, decision, RT.changes) == {VALIDATION}
    assert labels(county, decision, RT.basedOn) == {SYNTHESIS, VERDICT}
    assert county.cell(decision, "decisionKind") == "ändring"
    assert county.cell(decision, "forum") == "Regionala utvecklingsnämnden"
    assert county.cell(decision, "date") == "2025-04-02"


def test_a_synthesis_keeps_its_counter_example(county) -> None:
    synthesis = one(county, "Synthesis")
    assert labels(county, synthesis, PROV.wasDerivedFrom) == {COUNSELLING}
    assert labels(county, synthesis, RT.counterExample) == {AT_A_DISTANCE}


def test_a_lesson_is_coded_by_somebody_as_stated_or_interpreted(county) -> None:
    lesson = one(county, "Lesson", COUNSELLING)
    codings = {
        tuple(county.cell(coding, path) for path in ("lessonFactor", "factorEffect", "coder", "basis"))
        for coding in county.graph.objects(lesson, RT.coding)
    }
    assert codings == {
        ("vägledning", "hjälpte", "Region Bergslund", "angiven"),
        ("personal", "hjälpte", "Region Bergslund", "tolkad"),
    }
    assert county.cell(lesson, "liftedTo") == "andra regioner; ledningen"


def test_the_verdict_of_a_person_stands_beside_the_computed_one(county) -> None:
    verdict = one(county, "Assessment")
    row = [county.cell(verdict, path) for path in ("verdict", "computedVerdict", "confidence", "year")]
    assert row == ["delvis uppfyllt", "delvis uppfyllt", "medel", "2025"]
    assert county.cell(verdict, "assessor")
    assert labels(county, verdict, RT.supportedBy) == {"Kommunernas personalstatistik 2018–2025"}


def test_a_follow_up_held_tells_who_has_not_answered(county) -> None:
    held = one(county, "FollowUp", "Resultatsamtal om valideringen i mars 2025")
    asked, answered = (labels(county, held, path) for path in (RT.askedOf, RT.answeredBy))
    assert asked - answered == {"Tallnäs kommun"}
    assert labels(county, held, RT.reviews) == {VALIDATION}
    assert labels(county, held, RT.cycleStep) == {"Resultatsamtal"}
    assert labels(county, held, RT.answers) == {"Nåddes det som insatsen skulle nå?"}


def test_cycles_have_lengths_of_their_own(county) -> None:
    assert county.rows("Cycle", "minMonths", "maxMonths") == sorted(
        [
            ("arshjul-for-uppfoljning", "Årshjul för uppföljning", "12", "12"),
            ("larcykel-for-validering", "Lärcykel för validering", "18", None),
            ("mandatperioden", "Mandatperioden", "48", "48"),
        ],
        key=str,
    )


def test_a_result_answers_the_five_questions(county) -> None:
    result = one(county, "Result")
    (link,) = county.graph.subjects(RT.effect, result)
    assert county.cell(result, RDFS.label)
    assert labels(county, link, RT.cause) == {"Deltagare som fått intyg på sitt vårdkunnande"}
    assert county.cell(result, "otherFactor") == "brist på sökande; nytt kollektivavtal 2021"
    assert labels(county, result, RT.addresses)
    assert county.cell(result, "establishedBy") == "Intervjuer med arbetsgivare 2022"
    assert county.cell(result, "year") == "2022"


def test_a_link_names_its_evidence_and_what_else_may_explain_it(county) -> None:
    effect = one(county, "ShortTermEffect")
    (link,) = county.graph.subjects(RT.effect, effect)
    (evidence,) = county.graph.objects(link, RT.supportedBy)
    assert county.cell(evidence, "evidenceKind") == "enkät"
    assert labels(county, link, RT.externalFactor) == {"Nytt kollektivavtal för vård och omsorg"}


def test_a_strategy_replaces_its_former_version(county) -> None:
    strategy = one(county, "GoverningDocument", "Bergslund 2030")
    (former,) = county.graph.objects(strategy, PROV.wasRevisionOf)
    assert county.cell(former, RDFS.label) == "Bergslund 2022"
    assert county.cell(former, "processStatus") == "ersatt"


def test_money_planned_and_put_in_granted_and_paid_are_kept_apart(county) -> None:
    intervention = one(county, "Intervention")
    assert [county.cell(intervention, path) for path in ("granted", "paid", "status")] == [
        "2500000",
        "2350000",
        "genomförd",
    ]
    counsellors = one(county, "Resource", "Vägledare i valideringen")
    assert [county.cell(counsellors, path) for path in ("plannedValue", "value")] == ["3", "2"]


def test_what_an_intervention_wants_is_not_what_it_reached(county) -> None:
    intervention = one(county, "Intervention")
    assert labels(county, intervention, RT.aimsAt) == {"Deltagarna har intyg på det de kan"}
    assert not list(county.graph.objects(intervention, RT.serves))


def test_a_proposed_match_leaves_two_actors(county) -> None:
    local = one(county, "Actor", "Granviks folkhögskolas lärcentrum")
    assert labels(county, local, RT.proposedMatch) == {"Granviks folkhögskola"}
    assert len(county.of("Actor")) == 5


def test_it_meets_the_strictest_tier_but_for_its_known_gaps(county, readings) -> None:
    context = [vocabulary(), *(ntriples(readings[path.name].graph) for path in national())]
    report = validate(ntriples(county.graph), context, "full")
    told = sorted((finding.severity, finding.focus.rsplit("/", 1)[-1]) for finding in report.findings)
    assert told == [
        ("info", "motesplats-for-besoksnaringens-arbetsgivare"),
        ("info", "rapport-om-helarsarbete-i-besoksnaringen"),
        ("warning", "fler-helarsjobb-i-besoksnaringen"),
    ]


def test_every_class_that_can_be_filled_in_is_shown_by_an_example(readings) -> None:
    shown = {cls for reading in readings.values() for cls in reading.graph.objects(None, RDF.type)}
    forms = [form for sheet in load_forms().sheets for form in sheet.forms]
    assert len(forms) > 35
    assert {form.target_class for form in forms} - shown == set()


def test_a_language_is_swedish_or_english(county) -> None:
    stated = f'<{county.reading.graph_iri}> <{DCTERMS.language}> "sv" .'.encode()
    data = ntriples(county.graph)
    assert stated in data
    wrong = data.replace(stated, stated.replace(b'"sv"', b'"svenska"'))
    told = {finding.path for finding in validate(wrong, [vocabulary()], "bas").findings}
    assert str(DCTERMS.language) in told
    assert str(DCTERMS.language) not in {f.path for f in validate(data, [vocabulary()], "bas").findings}
