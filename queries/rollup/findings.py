"""What a calculation met, what that leaves of the answer, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

from rdflib import URIRef

from ...ontology import label
from ...ontology.names import SCHEME
from ...ontology.problems import Lang
from .members import PlaceName
from .tables import EXACT, FindingKind, finding_kinds, precedence

_AXES = {
    "place": {"sv": "plats", "en": "place"},
    "time": {"sv": "tid", "en": "time"},
    "breakdown": {"sv": "uppdelning", "en": "breakdown"},
}
_MAX_NAMES = 30


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


@dataclass(frozen=True)
class Finding:
    """One thing that the calculation met; ``values`` fill in its sentence."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def kind(self) -> FindingKind:
        return finding_kinds()[self.code]

    def sentence(self, lang: Lang) -> str:
        """What the answer says of it."""
        return self.kind.sentences[lang].format_map(self._words(lang))

    def alternative(self, lang: Lang) -> str:
        """What can be answered instead, or an empty text."""
        return self.kind.alternatives.get(lang, "").format_map(self._words(lang))

    def _words(self, lang: Lang) -> _Blank:
        words = _Blank(range_sv="", range_en="")
        for name, value in self.values.items():
            words[name] = shown(value, lang)
            if name == "axis":
                words |= {f"axis_{one}": _AXES[str(value)][one] for one in ("sv", "en")}
            elif name in {"status", "kind"}:
                scheme = "observation-status" if name == "status" else "measure-kind"
                words |= {f"{name}_{one}": label(SCHEME[f"{scheme}/{value}"], one) for one in ("sv", "en")}
            elif name == "which":
                words |= {
                    f"which_{one}": label(SCHEME[f"aggregation-function/{value}"], one)
                    for one in ("sv", "en")
                }
        if "lowest" in self.values:
            low, high = words["lowest"], words["highest"]
            words |= {
                "range_sv": f"; de går från {low} till {high}",
                "range_en": f"; they go from {low} to {high}",
            }
        return words


class Refused(Exception):
    """The values must not be put together; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.code)


def refuse(code: str, **values: object) -> Refused:
    """The refusal for a finding."""
    return Refused(Finding(code, values))


def verdict_of(findings: Iterable[Finding]) -> str:
    """The verdict that the findings leave: the heaviest; a bound both ways is no bound but approximate."""
    order = precedence("rollup-verdict")
    given = {finding.kind.verdict for finding in findings} | {EXACT}
    heaviest = max(given, key=lambda one: order[one])
    if heaviest == "lower-bound" and "upper-bound" in given:
        return "approximate"
    return heaviest


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, each once; those of one code from several steps stand by their first."""
    found: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        found.setdefault((finding.code, str(sorted(finding.values.items(), key=str))), finding)
    return tuple(found.values())


def shown(value: object, lang: Lang) -> str:
    """A value for reading: decimal comma in Swedish, four decimals, concepts by name, long lists cut."""
    if isinstance(value, Decimal):
        rounded = value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN) if abs(value) < 10**20 else value
        text = f"{rounded:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace(".", ",") if lang == "sv" else text
    if isinstance(value, URIRef):
        return label(value, lang)
    if isinstance(value, PlaceName):
        known = label(value.iri, lang)
        return known if known != value.iri.rpartition("/")[2] else str(value)
    if isinstance(value, (list, tuple)):
        more = len(value) - _MAX_NAMES
        names = ", ".join(shown(one, lang) for one in value[:_MAX_NAMES])
        return f"{names} +{more}" if more > 0 else names
    return "–" if value is None else str(value)
