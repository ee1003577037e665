"""A new version is judged with its neighbours only, and that finds the same as a run over everything."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rodtrad.ontology import vocabulary
from rodtrad.ontology.names import RT
from rodtrad.shapes.reach import Links, effects, judge
from rodtrad.shapes.report import Report
from rodtrad.shapes.validation import validate

DEEP = os.environ.get("RODTRAD_DEEP") == "1"
A = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
PART_OF = "http://purl.org/dc/terms/isPartOf"
SPECIALIZES = "http://rdf-vocabulary.ddialliance.org/xkos#specializes"
INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
SCHEME = "https://w3id.org/rodtrad/scheme"
BASE = "https://w3id.org/rodtrad"
WORDS = [
    b"".join(
        line
        for line in vocabulary().splitlines(keepends=True)
        if any(name in line for name in (b"subClassOf", b"atLevel", b"chainOrder", b"expectedOut"))
    )
]
PUBLISHERS = ("ref", "01", "20", "25")
KINDS = (
    "Activity",
    "Output",
    "Outcome",
    "Objective",
    "CausalLink",
    "Indicator",
    "Baseline",
    "JointInitiative",
)
LINKS = [
    f"{RT}{name}"
    for name in ("producedBy", "cause", "effect", "priority", "under", "serves", "follows", "indicator",
                 "indicatorFor", "indicatorUse", "partOfIntervention", "toldBy")
] + [PART_OF, SPECIALIZES]  # fmt: skip
VALUES = [
    (LABEL, '"Samma namn"@sv'),
    (LABEL, '"Når 70 procent"@sv'),
    (f"{RT}publisherId", '"N1"'),
    (f"{RT}state", f"<{SCHEME}/achievement-state/achieved>"),
    (f"{RT}status", f"<{SCHEME}/activity-status/planned>"),
    (f"{RT}caseId", '"2019/1"'),
    (f"{RT}fund", f"<{SCHEME}/fund/esf>"),
    (f"{RT}year", f'"2021"^^<{INTEGER}>'),
    (f"{RT}periodStart", f'"2023"^^<{INTEGER}>'),
    (f"{RT}measureKind", f"<{SCHEME}/measure-kind/count>"),
    (f"{RT}externalInfluence", f"<{SCHEME}/external-influence/high>"),
]


def node(publisher: str, kind: str) -> str:
    return f"<{BASE}/id/{publisher}/{kind.lower()}/1>"


def line(subject: str, predicate: str, thing: str) -> str:
    return f"{subject} <{predicate}> {thing} .\n"


def graph(publisher: str) -> str:
    return f"{BASE}/graph/{publisher}/data"


ANY = st.sampled_from([node(publisher, kind) for publisher in PUBLISHERS for kind in KINDS])


@st.composite
def publication(draw: st.DrawFn, publisher: str) -> bytes:
    kinds = draw(st.lists(st.sampled_from(KINDS), unique=True, min_size=1, max_size=5))
    own = [node(publisher, kind) for kind in kinds]
    lines = {line(one, A, f"<{RT}{kind}>") for one, kind in zip(own, kinds, strict=True)}
    lines |= {line(one, f"{RT}inPublication", f"<{graph(publisher)}>") for one in own}
    subjects = st.sampled_from(own)
    for subject, predicate, thing in draw(
        st.lists(st.tuples(subjects, st.sampled_from(LINKS), ANY), max_size=9)
    ):
        lines.add(line(subject, predicate, thing))
    for subject, (predicate, value) in draw(
        st.lists(st.tuples(subjects, st.sampled_from(VALUES)), max_size=6)
    ):
        lines.add(line(subject, predicate, value))
    if draw(st.booleans()):
        lines.add(line(draw(ANY), f"{RT}under", draw(ANY)))
    return "".join(sorted(lines)).encode()


@st.composite
def nation_and_edit(draw: st.DrawFn) -> tuple[dict[str, bytes], str, bytes]:
    """Publications, the one that changes, and what becomes of it; nothing = it is taken out."""
    old = {graph(one): draw(publication(one)) for one in PUBLISHERS}
    changed = draw(st.sampled_from(PUBLISHERS))
    lines = old[graph(changed)].splitlines(keepends=True)
    fewer = draw(st.lists(st.sampled_from(lines), unique=True))
    edit = draw(st.sampled_from(("fewer", "other", "none")))
    new = (
        b"".join(sorted(fewer)) if edit == "fewer" else draw(publication(changed)) if edit == "other" else b""
    )
    return old, graph(changed), new


def keys(report: Report) -> set[tuple[str | None, ...]]:
    return {
        (one.rule, one.severity, one.focus, one.path, one.value, one.messages["sv"], one.hints["en"])
        for one in report.findings
    }


def everything(one: str, publications: dict[str, bytes], tier: str) -> Report:
    return validate(
        publications[one], [*WORDS, *(data for other, data in publications.items() if other != one)], tier
    )


@settings(
    max_examples=300 if DEEP else 12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=not DEEP,
)
@given(nation_and_edit(), st.sampled_from(("bas", "kedja", "full", "full")))
def test_what_is_found_with_the_neighbours_is_what_is_found_with_everything(
    edit: tuple[dict[str, bytes], str, bytes], tier: str
) -> None:
    old, changed, data = edit
    new = {one: held for one, held in old.items() if one != changed} | ({changed: data} if data else {})
    if data:
        with_all, with_near = everything(changed, new, tier), judge(changed, new, WORDS, tier)
        assert keys(with_near) == keys(with_all)
        assert (with_near.blocks, with_near.counts) == (with_all.blocks, with_all.counts)
    told = {one.publication: one for one in effects(old, new, WORDS, dict.fromkeys(old, tier))}
    for other in old.keys() - {changed}:
        was, now = keys(everything(other, old, tier)), keys(everything(other, new, tier))
        found = told.get(other)
        identity = (
            {key[:5] for key in now} - {key[:5] for key in was},
            {key[:5] for key in was} - {key[:5] for key in now},
        )
        assert found is not None or identity == (set(), set()), other
        if found is not None:
            assert (
                tuple(
                    {(one.rule, one.severity, one.focus, one.path, one.value) for one in part}
                    for part in (found.new, found.gone)
                )
                == identity
            )


OBJECTIVE, ACTIVITY = node("ref", "Objective"), node("20", "Activity")


def held(publisher: str, *lines: str) -> bytes:
    inside = sorted({one.split(" ", 1)[0] for one in lines})
    claims = [line(one, f"{RT}inPublication", f"<{graph(publisher)}>") for one in inside]
    return "".join(sorted([*lines, *claims])).encode()


def test_the_owner_of_an_objective_is_told_when_its_only_indicator_goes() -> None:
    use = node("20", "Indicatoruse")
    old = {
        graph("ref"): held("ref", line(OBJECTIVE, A, f"<{RT}Objective>"), line(OBJECTIVE, LABEL, '"Mål"@sv')),
        graph("20"): held("20", line(use, A, f"<{RT}IndicatorUse>"), line(use, f"{RT}follows", OBJECTIVE)),
        graph("01"): held("01", line(node("01", "Activity"), A, f"<{RT}Activity>")),
    }
    new = {one: data for one, data in old.items() if one != graph("20")}
    (effect,) = effects(old, new, WORDS, dict.fromkeys(old, "full"))
    assert effect.publication == graph("ref")
    assert [one.rule for one in effect.new] == ["RT-F-003"]
    assert effect.as_dict()["resources"] == [OBJECTIVE.strip("<>")]
    (back,) = effects(new, old, WORDS, dict.fromkeys(old, "full"))
    assert ([one.rule for one in back.gone], back.new) == (["RT-F-003"], ())


def test_a_publication_that_nothing_ties_to_the_changed_one_is_told_by_rules_over_the_nation() -> None:
    one, other = node("01", "JointInitiative"), node("20", "JointInitiative")
    told = [
        line(this, A, f"<{RT}JointInitiative>") + line(this, LABEL, '"Valideringsprojektet"@sv')
        for this in (one, other)
    ]
    old = {graph("01"): held("01", told[0])}
    new = old | {graph("20"): held("20", told[1])}
    assert Links(new).neighbours(graph("01")) == frozenset()
    (effect,) = effects(old, new, WORDS, {graph("01"): "kedja"})
    assert (effect.publication, {found.rule for found in effect.new}) == (graph("01"), {"RT-K-029"})


def test_only_what_a_publisher_claims_can_hold_its_publication_back() -> None:
    theirs = held("ref", line(OBJECTIVE, A, f"<{RT}Objective>"))
    added = line(OBJECTIVE, f"{RT}year", '"många"').encode()
    found = validate(added, [*WORDS, theirs], "bas")
    assert [one.severity for one in found.findings].count("violation") > 0
    assert not found.blocks
    assert validate(theirs + added, WORDS, "bas").blocks


def test_neighbours_are_what_is_referred_to_who_refers_and_what_they_refer_to() -> None:
    def refers(publisher: str, to: str) -> bytes:
        return held(publisher, line(node(publisher, "Activity"), f"{RT}priority", node(to, "Activity")))

    nation = {graph("a"): refers("a", "b"), graph("b"): refers("b", "c"), graph("c"): refers("c", "c")}
    nation |= {graph("d"): refers("d", "b"), graph("e"): refers("e", "d"), graph("f"): refers("f", "f")}
    assert Links(nation).neighbours(graph("a")) == {graph("b"), graph("c")}
    assert Links(nation).neighbours(graph("d")) == {graph("b"), graph("c"), graph("e")}
    assert Links(nation).neighbours(graph("f")) == frozenset()
