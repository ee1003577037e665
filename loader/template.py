"""The empty workbook that a publisher fills in, made from the declarations."""

from __future__ import annotations

from pathlib import Path

from ..shapes.form import Forms, load_forms
from .layout import headings
from .workbook_writer import Content, write_sheets


def write_template(path: Path, lang: str = "sv", forms: Forms | None = None) -> None:
    """Write the template in one language, "sv" or "en".

    Args:
        forms: The declarations to write; ``None`` = those of the package.
    """
    sheets = (forms or load_forms()).sheets
    write_sheets(path, lang, [Content(sheet, headings(sheet, lang)) for sheet in sheets])
