"""The list of settings as a document, made from the settings: the source of ``docs/settings.*.md``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from ..ontology.problems import Lang
from .settings import Settings

_HEADS = {
    "sv": "# Inställningar\n\nVarje inställning läses ur miljön.\n\n"
    "| Variabel | Värde när den inte anges | Vad den gör |\n",
    "en": "# Settings\n\nEach setting is read from the environment.\n\n"
    "| Variable | Value when it is not given | What it does |\n",
}


@cache
def descriptions() -> dict[str, dict[str, str]]:
    """What each setting does, by name and language."""
    swedish = yaml.safe_load((Path(__file__).parent / "settings.yaml").read_text("utf-8"))
    return {
        name: {"sv": swedish[name], "en": field.description or ""}
        for name, field in Settings.model_fields.items()
    }


def reference(lang: Lang) -> str:
    """The document in one language, Markdown."""
    rows = [
        f"| `RODTRAD_{name.upper()}` | {_value(Settings.model_fields[name].default)} | {words[lang]} |"
        for name, words in descriptions().items()
    ]
    return _HEADS[lang] + "|--|--|--|\n" + "\n".join(rows) + "\n"


def _value(default: object) -> str:
    return "–" if default in (None, "") else f"`{default}`"
