"""``/check``: a file is tried against the rules in the browser, and nothing of it is kept."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from ..loader import write_template
from ..ontology.problems import Problem, RodtradError
from .errors import answer as error_answer
from .negotiation import XLSX
from .rendering import language_of, render
from .reports import TIERS, findings, tried
from .texts import text
from .uploads import SUFFIXES

router = APIRouter(tags=["pages"])
MEDIA = {ending: media for media, ending in reversed(SUFFIXES.items()) if ending != ".parts"}
"""The media type of a file by the ending of its name: what a browser says of it cannot be relied on."""
_NAME_LENGTH = 200


@dataclass(frozen=True)
class Sent:
    """What a form carried: its plain fields, and its file."""

    fields: dict[str, str]
    name: str = ""
    content: bytes = b""


@router.get("/check", summary="Try a file without publishing it, for people")
def empty(request: Request) -> Response:
    """The form."""
    return _page(request, {})


@router.post("/check", summary="The findings on a file that is tried")
async def check(request: Request) -> Response:
    """A form with ``file``, ``tier``, and ``do``: show the findings, or download the marked copy."""
    media, body = request.headers.get("content-type", ""), await request.body()
    sent = await run_in_threadpool(read_form, body, media)
    tier = sent.fields.get("tier", "")
    if tier not in TIERS:
        raise RodtradError(Problem("unknown-tier", values={"tier": tier[:80], "tiers": ", ".join(TIERS)}))
    shown = {"tier": tier, "name": sent.name[:_NAME_LENGTH]}
    if not sent.content:
        return _page(request, shown, [Problem("form-unreadable")])
    ending = Path(sent.name).suffix.lower()
    if ending not in MEDIA:
        values = {"ending": ending[:20] or "–", "known": ", ".join(sorted(MEDIA))}
        return _page(request, shown, [Problem("form-file-unknown", values=values)])
    download = sent.fields.get("do") == "download"
    done = await tried(request, sent.content, MEDIA[ending], tier, "xlsx" if download else "page")
    if isinstance(done, RodtradError):
        if done.problems[0].http_status >= 500:
            return error_answer(request, done.problems)
        return _page(request, shown, done.problems)
    if download:
        headers = {"Content-Disposition": 'attachment; filename="marked.xlsx"'}
        return Response(done, headers=headers, media_type=XLSX)
    return _page(request, {**shown, "found": json.loads(done)})


@router.get("/template.xlsx", summary="An empty workbook to fill in")
def template(request: Request) -> Response:
    """The template in the language of the page."""
    lang = language_of(request)
    with tempfile.TemporaryDirectory(prefix="rodtrad-template-") as place:
        path = Path(place) / "template.xlsx"
        write_template(path, lang)
        content = path.read_bytes()
    headers = {
        "Content-Disposition": f'attachment; filename="rodtrad-{lang}.xlsx"',
        "Content-Language": lang,
        "Vary": "Accept-Language",
    }
    return Response(content, headers=headers, media_type=XLSX)


def read_form(body: bytes, media: str) -> Sent:
    """The parts of ``multipart/form-data``. Raises RodtradError ``form-unreadable``.

    The file is bytes of any kind, so the body is cut at the boundary and not read as mail.
    """
    kind, _, rest = media.partition(";")
    boundary = next(
        (
            value.strip().strip('"')
            for name, _, value in (one.partition("=") for one in rest.split(";"))
            if name.strip().lower() == "boundary"
        ),
        "",
    )
    if kind.strip().lower() != "multipart/form-data" or not boundary:
        raise RodtradError(Problem("form-unreadable"))
    fields: dict[str, str] = {}
    name, content = "", b""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode("latin-1"))[1:]:
        if part.startswith(b"--"):
            break
        head, parted, value = part.partition(b"\r\n\r\n")
        if not parted:
            raise RodtradError(Problem("form-unreadable"))
        told = _disposition(head.decode("utf-8", "replace"))
        if "filename" in told:
            name, content = Path(told["filename"].replace("\\", "/")).name, value
        elif "name" in told:
            fields[told["name"]] = value.decode("utf-8", "replace")
    return Sent(fields, name, content)


def _disposition(head: str) -> dict[str, str]:
    line = next((one for one in head.split("\r\n") if one.lower().startswith("content-disposition:")), "")
    found = {}
    for part in line.split(";")[1:]:
        key, _, value = part.partition("=")
        found[key.strip().lower()] = value.strip().strip('"').replace("%22", '"')
    return found


def _page(request: Request, shown: dict[str, Any], problems: list[Problem] | None = None) -> Response:
    lang, found = language_of(request), shown.get("found")
    values = {
        "title": text("check", lang),
        "tier": shown.get("tier") or TIERS[0],
        "tiers": TIERS,
        "endings": ",".join(sorted(MEDIA)),
        "media": json.dumps(MEDIA),
        "name": shown.get("name", ""),
        "faults": [{"message": one.message(lang), "hint": one.hint(lang)} for one in problems or []],
        "found": found,
        "marked_media": XLSX,
        "address": str(request.base_url),
        **(findings(request, found) if found else {}),
    }
    return render(request, "check.html", values, status=problems[0].http_status if problems else 200)
