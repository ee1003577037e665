"""The query editor: its files as ``make setup`` installed them, served from this host."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from ..ontology.problems import Problem, RodtradError
from .settings import Settings

router = APIRouter(include_in_schema=False)
FILES = {"yasqe.min.js": "text/javascript", "yasqe.min.css": "text/css"}
_BESIDE = Path(__file__).parents[1]


def editor_folder(settings: Settings) -> Path:
    """Where the files of the editor are looked for."""
    return _BESIDE / settings.editor_folder


def editor_files(settings: Settings) -> list[str]:
    """The addresses of the editor's files; none when it is not installed."""
    folder = editor_folder(settings)
    there = all((folder / name).is_file() for name in FILES)
    return [f"/static/vendor/{name}" for name in FILES] if there else []


@router.get("/static/vendor/{name}", name="editor")
def file(request: Request, name: str) -> FileResponse:
    """One of the two files; nothing else of the folder is given out."""
    path = editor_folder(request.app.state.settings) / name
    if name not in FILES or not path.is_file():
        raise RodtradError(Problem("page-not-found", values={"path": f"/static/vendor/{name[:80]}"}))
    return FileResponse(path, media_type=FILES[name], headers={"Cache-Control": "no-cache"})
