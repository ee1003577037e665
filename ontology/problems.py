"""Every error and remark that a user can meet, with its words in ``problems.yaml``.

RodtradError (cannot do it; exit 2) carries one or more Problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Lang = Literal["sv", "en"]
LANGS: tuple[Lang, Lang] = ("sv", "en")


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """All codes: title, message and hint per language, and the HTTP status that they answer with."""
    with (Path(__file__).parent / "problems.yaml").open(encoding="utf-8") as file:
        return yaml.safe_load(file)


@dataclass(frozen=True)
class Where:
    """The place of a problem; what does not apply is ``None``."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    iri: str | None = None

    def __str__(self) -> str:
        place = "!".join(part for part in (self.sheet, self.cell) if part)
        return " ".join(part for part in (self.file, place or None, self.iri) if part)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a code of the catalogue, where, and the values that its words name."""

    code: str
    where: Where = Where()
    values: Mapping[str, object] = field(default_factory=dict)
    severity: Literal["violation", "warning", "info"] = "violation"

    def title(self, lang: Lang) -> str:
        return self._words("title", lang)

    def message(self, lang: Lang) -> str:
        return self._words("message", lang)

    def hint(self, lang: Lang) -> str:
        return self._words("hint", lang)

    @property
    def http_status(self) -> int:
        return int(catalogue()[self.code].get("status", 400))

    def as_dict(self) -> dict[str, object]:
        """The form used by the command line, the API and stored reports alike."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": {k: v for k, v in vars(self.where).items() if v is not None},
            "value": {k: str(v) for k, v in self.values.items()},
            **{f"message_{lang}": self.message(lang) for lang in LANGS},
            **{f"hint_{lang}": self.hint(lang) for lang in LANGS},
        }

    def _words(self, part: str, lang: Lang) -> str:
        return str(catalogue()[self.code][part][lang]).format_map({k: str(v) for k, v in self.values.items()})


class RodtradError(Exception):
    """The asked-for thing cannot be done; ``problems`` say why, each with its place."""

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("; ".join(problem.message("en") for problem in self.problems))
