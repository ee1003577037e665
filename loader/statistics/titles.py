"""What the title of a Kolada indicator tells by itself: its unit, and from that the kind of measure.

Only what the title says is used. How values may be put together is not in a title and stays unsaid.
"""

from __future__ import annotations

import re

_PERCENT = re.compile(r"\(%\)|\bandel\b.*%|procent", re.I)
_UNIT_AT_END = re.compile(r",\s*([^,]+)$")
_PLAIN_UNIT = r"(antal|index|mkr|tkr|kronor|kr|ha|hektar|km|MWh|GWh|ton|år|minuter|dagar)"
_PER = re.compile(
    r"(kr/inv\w*|kr/invånare|1000 kr/invånare|kg/inv\w*|kg/person|MWh/inv\w*|ton CO2[^,]*/inv\w*"
    r"|antal[^,/]*/[\d ]+ ?\w+|antal/inv\w*)",
    re.I,
)


def unit_of(title: str) -> str | None:
    """The unit in a title as it stands there, "procent" for per cent; ``None`` when there is none.

    >>> unit_of("Sysselsättningsgrad 20-64 år, andel (%)"), unit_of("Intäkter kulturverksamhet, kr/inv")
    ('procent', 'kr/inv')
    """
    if _PERCENT.search(title):
        return "procent"
    if match := _PER.search(title):
        return match[1]
    if match := _UNIT_AT_END.search(title):
        word = match[1].strip()
        if re.fullmatch(
            r"(antal|index|mkr|tkr|kronor|kr|ha|hektar|km|MWh|GWh|ton|år|minuter|dagar)", word, re.I
        ):
            return word
    return None


def told_by(title: str) -> dict[str, str]:
    """The columns of an indicator that its title fills."""
    unit = unit_of(title)
    return {"Enhet": unit} if unit else {}


_AGES = re.compile(r"\b(\d{1,3})\s*[-–]\s*(\d{1,3})(?:\s*år|\b(?=[ ,]))|\b(\d{1,3})\s*\+|\båk\s*(\d)", re.I)


def population_of(title: str) -> str | None:
    """The age span in a title, as one form of words; ``None`` when it names none.

    >>> population_of("Långtidsarbetslöshet 25-64 år, andel (%)"), population_of("Nettoinkomst 20+")
    ('25–64 år', '20 år och äldre')
    """
    match = _AGES.search(title)
    if match is None:
        return None
    if match[1]:
        return f"{int(match[1])}–{int(match[2])} år"
    return f"{int(match[3])} år och äldre" if match[3] else f"årskurs {match[4]}"


_AVERAGED = re.compile(r"\b(\d+|två|tre|fyra|fem)[- ]?(?:års?m(?:edelvärde)?)\b", re.I)
_WORDS = {"två": "2", "tre": "3", "fyra": "4", "fem": "5"}


def averaged_over(title: str) -> str | None:
    """Over how many years the title says that values are averaged; ``None`` when it says nothing.

    >>> averaged_over("Skadade i slutenvård, 3-årsm, antal"), averaged_over("Infarkter, fyraårsmedelvärde")
    ('3', '4')
    """
    match = _AVERAGED.search(title)
    return None if match is None else _WORDS.get(match[1].casefold(), match[1])
