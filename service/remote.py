"""Publishing to a service elsewhere: one PUT with a token."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ..ontology.problems import Problem, RodtradError
from .publishing import as_received
from .uploads import SUFFIXES

_TIMEOUT_S = 300
_MAX_ANSWER = 64 * 1024 * 1024


def put(
    path: Path, to: str, token: str, *, tier: str, confirm_removal: bool, dry_run: bool
) -> tuple[int, dict[str, Any]]:
    """Send a file, or a folder as a zip file, and return status and answer; the content names its graph.

    Raises RodtradError ``remote-failed`` when there is no answer of ours.
    """
    asked = {"tier": tier}
    asked |= ({"confirm": "removal"} if confirm_removal else {}) | ({"dry-run": "true"} if dry_run else {})
    address = f"{to.rstrip('/')}/graphs?{urlencode(asked, quote_via=quote)}"
    suffix = ".zip" if path.is_dir() else path.suffix.lower()
    media = next((name for name, ending in SUFFIXES.items() if ending == suffix), "application/octet-stream")
    if urlsplit(address).scheme not in ("http", "https"):
        raise _failed(to, "http(s)")
    request = urllib.request.Request(address, as_received(path), method="PUT")  # noqa: S310
    request.add_header("Content-Type", media)
    request.add_header("Accept", "application/json")
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT_S) as answer:
            return answer.status, json.loads(answer.read(_MAX_ANSWER))
    except urllib.error.HTTPError as error:
        try:
            return error.code, json.loads(error.read(_MAX_ANSWER))
        except ValueError:
            raise _failed(to, f"HTTP {error.code}") from None
    except (OSError, ValueError) as error:
        raise _failed(to, getattr(error, "reason", error)) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token goes to the address that was given and nowhere else."""

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any) -> None:
        return None


def _failed(to: str, reason: object) -> RodtradError:
    return RodtradError(Problem("remote-failed", values={"address": to, "reason": reason}))
