"""What the rules say of files that nobody publishes, in the form that was asked for.

``tried`` is called in a process with limits. See ``store/sandbox.py``.
"""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from pathlib import Path

from ..loader.marked_copy import Remark, marked_copy
from ..ontology.problems import Lang, Problem, RodtradError
from ..shapes.exports import to_turtle, to_xlsx
from ..shapes.report import summary, to_json
from ..store import Store
from .publishing import Context, Submission, check
from .report_pages import standalone
from .texts import text
from .uploads import SUFFIXES, written

_ON_PAGE_BYTES = 3_000_000
_UNOPENED = ("file-", "rdf-", "folder-", "csv-")


def tried(body: bytes, *, folder: str, media: str, tier: str, lang: Lang, form: str) -> bytes:
    """Read and judge an upload beside what the store holds; ``form`` html gives JSON too, for the page.

    ``page`` gives JSON that holds the marked workbook as well, when it is not too large for a page.
    """
    suffix = SUFFIXES[media.partition(";")[0].strip().lower()]
    with tempfile.TemporaryDirectory(prefix="rodtrad-upload-") as place:
        path = written(body, Path(place), suffix, media)
        submission = check(path, Context.of(Store(Path(folder))), tier)
        if form == "page":
            return _for_page(submission, lang)
        return as_file(submission, "json" if form == "html" else form, lang)


def _for_page(submission: Submission, lang: Lang) -> bytes:
    found = as_dict(submission)
    if _has_cells(submission):
        marked = as_file(submission, "xlsx", lang)
        if len(marked) <= _ON_PAGE_BYTES:
            found["marked"] = b64encode(marked).decode()
    return json.dumps(found, ensure_ascii=False).encode()


def as_dict(submission: Submission) -> dict[str, object]:
    """What was read and judged of one file, as JSON values."""
    return {
        "file": submission.path.name,
        "publishable": submission.publishable,
        "conforms": submission.conforms,
        "reading": [problem.as_dict() for problem in submission.reading.problems],
        "report": json.loads(to_json(submission.report)) if submission.report else None,
    }


def as_file(submission: Submission, form: str, lang: Lang) -> bytes:
    """The report as json, html, ttl or xlsx; the latter marks the cells of what was submitted, if it has any.

    Raises:
        RodtradError: What was wrong with a file that could not be read, where the form cannot hold it;
            ``format-not-possible``.
    """
    report = submission.report
    if form == "json":
        return (json.dumps(as_dict(submission), ensure_ascii=False, indent=1) + "\n").encode()
    if form == "html":
        return standalone(submission, lang).encode()
    if form == "xlsx" and _has_cells(submission):
        told = summary(report, lang) if report else text("report_unread", lang)
        return marked_copy(submission.path, remarks(submission, lang), lang, told)
    if report is None:
        raise RodtradError(list(submission.reading.problems))
    if form == "ttl":
        return to_turtle(report).encode()
    if form == "xlsx":
        return to_xlsx(report, lang)
    raise RodtradError(Problem("format-not-possible", values={"format": form}))


def remarks(submission: Submission, lang: Lang) -> list[Remark]:
    """Everything that was said of the cells, by the reader and by the rules."""
    read = [
        Remark(one.where, one.code, one.severity, one.message(lang), one.hint(lang))
        for one in submission.reading.problems
    ]
    found = [
        Remark(one.where, one.rule, one.severity, one.messages.get(lang, ""), one.hints.get(lang, ""))
        for one in (submission.report.findings if submission.report else ())
        if one.where is not None
    ]
    return read + found


def _has_cells(submission: Submission) -> bool:
    path, problems = submission.path, submission.reading.problems
    sheets = path.suffix == ".xlsx" or (path.is_dir() and any(path.glob("*.csv")))
    return sheets and not any(one.code.startswith(_UNOPENED) for one in problems)
