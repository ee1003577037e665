"""Writes CSV sheets: a form of a publication that can be reviewed line by line."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from ..ontology.names import slug
from .workbook_writer import Content


def write_csv_sheets(folder: Path, lang: str, contents: Sequence[Content]) -> None:
    """Write each sheet that has rows as ``N-name.csv`` in UTF-8, without the columns that are empty.

    Sheets of an earlier writing that now have no rows are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(contents, 1):
        file = folder / f"{number}-{slug(content.sheet.names[lang])}.csv"
        if not content.rows:
            file.unlink(missing_ok=True)
            continue
        used = [j for j in range(len(content.headings)) if any(row[j] for row in content.rows)]
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(content.headings[j].text for j in used)
            writer.writerows([row[j] for j in used] for row in content.rows)
