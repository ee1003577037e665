"""Targets of every kind, each with values and what the numbers say of it."""

from __future__ import annotations

from .conftest import FLOW, SEX, value

LOWER = FLOW + " ; rt:direction direction:lower"
HIGHER = FLOW + " ; rt:direction direction:higher"
SHARES = "rt:measureKind measure-kind:share ; rt:additivity additivity:non-additive ; rt:unit 'procent' ; rt:direction direction:higher"
BREAK = """
x:v1 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2000 ; rt:validTo 2021 .
x:v2 a rt:IndicatorVersion ; rt:versionOf i:a ; rt:validFrom 2022 ; rt:breakWithPrevious true .
"""


def target(kind: str, facts: str = "", place: str = "x:one", name: str = "t") -> str:
    said = f"rt:targetKind target-kind:{kind} ; " if kind else ""
    return f"x:{name} a rt:Target ; rt:indicator i:a ; rt:place {place} ; {said}{facts} rdfs:label 'Målvärde'@sv .\n"


def series(place: str, *numbers: object, since: int = 2020, group: str = "") -> str:
    more = f"; rt:breakdownCategory {group}" if group else ""
    return "".join(
        value(place, n, since + year, more=more) for year, n in enumerate(numbers) if n is not None
    )


def level(number: object, year: int | None = None, more: str = "") -> str:
    return f"rt:value {number} ; " + (f"rt:year {year} ; " if year else "") + more


WHOLE = "rt:comparedWith x:whole ; "
BASE = "x:b a rt:Baseline ; rt:indicator i:a ; rt:place x:one ; rt:year 2015 ; rt:value 200 .\n"
# name: definition, target, values, the verdict and a finding that must be among those told.
CASES: dict[str, tuple[str, str, str, str, str]] = {
    "level met": (HIGHER, target("absolute", level(5, 2022)), series("x:one", 1, 2, 5), "met", "compared"),
    "level not met": (
        HIGHER,
        target("absolute", level(5, 2022)),
        series("x:one", 1, 9, 4),
        "unmet",
        "compared",
    ),
    "lower is better": (
        LOWER,
        target("absolute", level(5, 2022)),
        series("x:one", 1, 9, 4),
        "met",
        "compared",
    ),
    "zero, lower is better": (
        LOWER,
        target("absolute", level(0, 2022)),
        series("x:one", 1, 9, 0),
        "met",
        "compared",
    ),
    "zero missed": (LOWER, target("absolute", level(0, 2022)), series("x:one", 0, 0, 1), "unmet", "compared"),
    "before its year": (
        HIGHER,
        target("absolute", level(5, 2030)),
        series("x:one", 1, 6),
        "reached-so-far",
        "compared",
    ),
    "not before its year": (
        HIGHER,
        target("absolute", level(5, 2030)),
        series("x:one", 9, 4),
        "not-yet",
        "compared",
    ),
    "its year not measured": (
        *(
            HIGHER,
            target("absolute", level(5, 2021)),
            series("x:one", 4, None, 9),
            "unknown",
            "year-not-measured",
        ),
    ),
    "no value so early": (
        *(HIGHER, target("absolute", level(5, 2010)), series("x:one", 4), "unknown", "year-not-measured"),
    ),
    "range": (
        FLOW,
        target("absolute", level(5, 2022, "rt:valueMax 7 ; ")),
        *(series("x:one", 1, 9, 6), "met", "compared-range"),
    ),
    "out of range": (
        FLOW,
        target("absolute", level(5, 2022, "rt:valueMax 7 ; ")),
        *(series("x:one", 1, 6, 8), "unmet", "compared-range"),
    ),
    "no direction": (
        FLOW,
        target("absolute", level(5, 2022)),
        series("x:one", 1, 2, 6),
        "unknown",
        "no-direction",
    ),
    "thousands": (
        HIGHER.replace("'antal'", "'kr'"),
        target("absolute", level(5, 2022, "rt:unit 'tkr' ; ")),
        *(series("x:one", 1, 2, 5000), "met", "compared"),
    ),
    "another unit": (
        HIGHER.replace("'antal'", "'kr'"),
        target("absolute", level(5, 2022, "rt:unit 'hektar' ; ")),
        *(series("x:one", 1, 2, 5000), "unknown", "target-unit-differs"),
    ),
    "no value": (HIGHER, target("absolute", level(5, 2022)), series("x:two", 9), "unknown", "no-values"),
    "no number": (
        HIGHER,
        target("absolute", "rt:year 2022 ; "),
        series("x:one", 9),
        "unknown",
        "statement-missing",
    ),
    "no kind": (HIGHER, target("", level(5, 2022)), series("x:one", 9), "unknown", "kind-missing"),
    "two values": (
        HIGHER,
        target("absolute", level(5, 2020)),
        *(series("x:one", 9) + value("x:one", 8, 2020, id="again"), "unknown", "values-conflict"),
    ),
    "limit met": (HIGHER, target("threshold", level(5)), series("x:one", 4, 5, 6), "met", "each-time"),
    "limit missed": (HIGHER, target("threshold", level(5)), series("x:one", 4, 5, 4), "unmet", "each-time"),
    "limit of a year": (
        LOWER,
        target("threshold", level(5, 2021)),
        series("x:one", 4, 6),
        "unmet",
        "compared",
    ),
    "change in per cent": (
        LOWER,
        target("change", level(-40, 2022, "rt:unit 'procent' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 100, 90, 60), "met", "changed"),
    ),
    "too little change": (
        LOWER,
        target("change", level(-40, 2022, "rt:unit 'procent' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 100, 90, 61), "unmet", "changed"),
    ),
    "change from a baseline": (
        LOWER,
        target("change", level(-40, 2022, "rt:unit 'procent' ; ")) + BASE,
        *(series("x:one", 100, 90, 119), "met", "changed"),
    ),
    "doubled": (
        HIGHER,
        target("change", level(2, 2022, "rt:unit 'gånger' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 10, 15, 20), "met", "changed"),
    ),
    "change in number": (
        HIGHER,
        target("change", level(5000, 2022, "rt:unit 'antal' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 100, 15, 5099), "unmet", "changed"),
    ),
    "no change for the worse": (
        LOWER,
        target("change", level(0, 2021, "rt:baselineYear 2020 ; ")),
        *(series("x:one", 7, 7), "met", "changed"),
    ),
    "no baseline": (
        LOWER,
        target("change", level(-40, 2022, "rt:unit 'procent' ; ")),
        *(series("x:one", 100, 90, 10), "unknown", "no-baseline"),
    ),
    "per cent of zero": (
        HIGHER,
        target("change", level(40, 2022, "rt:unit 'procent' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 0, 1, 2), "unknown", "baseline-zero"),
    ),
    "per cent of per cent": (
        SHARES,
        target("change", level(4, 2022, "rt:unit 'procent' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 50, 51, 54), "unknown", "change-ambiguous"),
    ),
    "percentage points": (
        SHARES,
        target("change", level(4, 2022, "rt:unit 'procentenheter' ; rt:baselineYear 2020 ; ")),
        *(series("x:one", 50, 51, 54), "met", "changed"),
    ),
    "across a break": (
        HIGHER,
        target("change", level(1, 2022, "rt:baselineYear 2020 ; ")) + BREAK,
        *(series("x:one", 1, 2, 3), "unknown", "target-across-break"),
    ),
    "direction": (
        LOWER,
        target("direction-only", "rt:year 2022 ; "),
        series("x:one", 9, 3, 8),
        "met",
        "from-first",
    ),
    "wrong direction": (LOWER, target("direction-only"), series("x:one", 3, 9), "unmet", "changed"),
    "standing still": (HIGHER, target("direction-only"), series("x:one", 3, 3), "unmet", "changed"),
    "one value": (LOWER, target("direction-only"), series("x:one", 3), "unknown", "one-value"),
    "better than the country": (
        *(LOWER, target("relative", WHOLE), series("x:one", 9, 4) + series("x:whole", 8, 5)),
        *("met", "beside-others"),
    ),
    "worse than the country": (
        *(HIGHER, target("relative", WHOLE), series("x:one", 9, 4) + series("x:whole", 8, 5)),
        *("unmet", "beside-others"),
    ),
    "the country not measured": (
        *(HIGHER, target("relative", WHOLE), series("x:one", 9, 4) + series("x:whole", 8)),
        *("unknown", "others-missing"),
    ),
    "nobody to compare with": (
        HIGHER,
        target("relative"),
        series("x:one", 9),
        "unknown",
        "statement-missing",
    ),
    "better than some": (
        HIGHER,
        target("relative", "rt:comparedWith x:whole , x:two ; "),
        *(series("x:one", 5) + series("x:two", 4) + series("x:whole", 6), "unknown", "others-divided"),
    ),
    "better than both": (
        HIGHER,
        target("relative", "rt:comparedWith x:whole , x:two ; "),
        *(series("x:one", 7) + series("x:two", 4) + series("x:whole", 6), "met", "beside-others"),
    ),
    "two better than the country": (
        HIGHER,
        target("relative", WHOLE + "rt:value 2 ; "),
        *(series("x:one", 7) + series("x:whole", 6), "unmet", "beside-others"),
    ),
    "falls more than the country": (
        LOWER,
        target("relative", WHOLE + "rt:comparison comparison:change ; "),
        *(series("x:one", 100, 80) + series("x:whole", 1000, 900), "met", "change-beside-others"),
    ),
    "falls less than the country": (
        LOWER,
        target("relative", WHOLE + "rt:comparison comparison:change ; "),
        *(series("x:one", 100, 95) + series("x:whole", 1000, 900), "unmet", "change-beside-others"),
    ),
    "comes closer": (
        HIGHER,
        target("relative", WHOLE + "rt:comparison comparison:distance ; "),
        *(series("x:one", 4, 6) + series("x:whole", 9, 10), "met", "distance-beside-others"),
    ),
    "goes away": (
        HIGHER,
        target("relative", WHOLE + "rt:comparison comparison:distance ; "),
        *(series("x:one", 4, 5) + series("x:whole", 9, 11), "unmet", "distance-beside-others"),
    ),
    "second of two": (
        HIGHER,
        target("rank", WHOLE + "rt:value 1 ; "),
        *(series("x:one", 4) + series("x:two", 9), "unmet", "order"),
    ),
    "first of two": (
        HIGHER,
        target("rank", WHOLE + "rt:value 1 ; "),
        *(series("x:one", 9) + series("x:two", 4), "met", "order"),
    ),
    "order open": (
        HIGHER,
        target("rank", WHOLE + "rt:value 1 ; "),
        series("x:one", 9),
        "unknown",
        "order-open",
    ),
    "order certain though a value lacks": (
        *(HIGHER, target("rank", WHOLE + "rt:value 2 ; "), series("x:one", 9), "met", "order"),
    ),
    "gap shrinks": (
        HIGHER,
        target("gap", "rt:gapBetween k:k , k:m ; ") + SEX,
        *(series("x:one", 10, 12, group="k:k") + series("x:one", 20, 21, group="k:m"), "met", "gap-then"),
    ),
    "gap grows": (
        HIGHER,
        target("gap", "rt:gapBetween k:k , k:m ; ") + SEX,
        *(series("x:one", 10, 12, group="k:k") + series("x:one", 20, 23, group="k:m"), "unmet", "gap-then"),
    ),
    "gap of at most two": (
        HIGHER,
        target("gap", "rt:gapBetween k:k , k:m ; rt:value 2 ; ") + SEX,
        *(series("x:one", 19, group="k:k") + series("x:one", 20, group="k:m"), "met", "gap-now"),
    ),
    "one group": (
        HIGHER,
        target("gap", "rt:gapBetween k:k , k:m ; ") + SEX,
        *(series("x:one", 10, 12, group="k:k"), "unknown", "groups-missing"),
    ),
    "the indicator is the gap": (LOWER, target("gap"), series("x:one", 10, 8), "met", "changed"),
    "path reached": (LOWER, target("pathway", level(4, 2021)), series("x:one", 8, 4), "met", "compared"),
    "path missed": (LOWER, target("pathway", level(4, 2021)), series("x:one", 8, 5), "unmet", "compared"),
    "on the path": (LOWER, target("pathway", level(4, 2024)), series("x:one", 8, 6, 5), "not-yet", "on-path"),
    "behind the path": (
        LOWER,
        target("pathway", level(4, 2024)),
        series("x:one", 8, 8, 7),
        "not-yet",
        "behind-path",
    ),
    "depends on the path": (
        *(LOWER, target("pathway", level(4, 2024)), series("x:one", 8, 7, "5.8"), "not-yet", "path-depends"),
    ),
    "path to zero": (
        LOWER,
        target("pathway", level(0, 2024)),
        series("x:one", 8, 6, 4),
        "not-yet",
        "on-path",
    ),
    "path without direction": (
        FLOW,
        target("pathway", level(9, 2024)),
        series("x:one", 1, 5),
        "not-yet",
        "on-path",
    ),
    "path without a year": (
        LOWER,
        target("pathway", level(4)),
        series("x:one", 8),
        "unknown",
        "statement-missing",
    ),
}
