"""Entity tags: an answer is the same as long as generation, program, media type and language are."""

from __future__ import annotations

from fastapi import Request, Response

from .. import __version__
from .moment import backend_of
from .rendering import language_of


def tag(request: Request, media: str, lang: str | None = None, also: str = "") -> str:
    """The entity tag of an answer to this request in this media type; ``also`` is what else it hangs on."""
    generation = backend_of(request).generation
    kind = media.partition(";")[0].rpartition("/")[2]
    rest = f"-{also}" if also else ""
    return f'W/"{generation}-{__version__}-{kind}-{lang or language_of(request)}{rest}"'


def unchanged(request: Request, media: str, also: str = "") -> Response | None:
    """An empty 304 when the asker already has this answer, else ``None``."""
    wanted = tag(request, media, also=also)
    known = [part.strip() for part in request.headers.get("if-none-match", "").split(",")]
    if wanted in known or "*" in known:
        return Response(status_code=304, headers=headers(request, media, also))
    return None


def headers(request: Request, media: str, also: str = "") -> dict[str, str]:
    """What lets a browser keep an answer and ask again whether it still holds."""
    return {
        "ETag": tag(request, media, also=also),
        "Cache-Control": "no-cache",
        "Vary": "Accept, Accept-Language",
    }
