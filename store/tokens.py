"""Who may write: bearer tokens, of which only the hash is kept.

The file ``access/tokens.json`` of the store's folder is readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import threading
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ..ontology.problems import Problem, RodtradError

PREFIX = "rtr_"
"""Lets secret scanners know our tokens."""
_BITS = 256


@dataclass(frozen=True)
class Token:
    """What is kept of a token: never the token."""

    id: str
    digest: str
    """SHA-256, hexadecimal. A random secret of 256 bits needs no slow hash, which would be a burden."""
    publisher: str
    """The publisher whose graphs it may write; empty for an administrator."""
    created: str
    expires: str = ""
    """Last day that it holds, ISO 8601; empty without end."""
    revoked: str = ""
    used: str = ""
    """Last day of use: a day is enough to find what nobody needs, and tells less than a moment."""
    note: str = ""

    @property
    def admin(self) -> bool:
        return not self.publisher

    def holds(self, today: date) -> bool:
        """Whether it may be used today."""
        return not self.revoked and (not self.expires or today <= date.fromisoformat(self.expires))

    def owns(self, graph_publisher: str) -> bool:
        """Whether it may write the graphs of a publisher."""
        return self.admin or self.publisher == graph_publisher


class Tokens:
    """The tokens of one store."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "access" / "tokens.json"
        self._lock = threading.Lock()
        self._read: tuple[int, tuple[Token, ...]] = (0, ())

    def create(self, publisher: str, *, days: int | None = None, note: str = "") -> str:
        """Return a new token for a publisher, or for an administrator when ``publisher`` is empty.

        This is the only time that the token is seen. ``days`` is how long it holds, today included.
        """
        secret = PREFIX + secrets.token_urlsafe(_BITS // 8)
        today = datetime.now(UTC).date()
        last = (today + timedelta(days - 1)).isoformat() if days is not None else ""
        made = Token(secrets.token_hex(4), _digest(secret), publisher, today.isoformat(), last, note=note)
        with self._lock:
            self._write((*self.all(), made))
        return secret

    def all(self) -> tuple[Token, ...]:
        """All tokens, oldest first, revoked ones too."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return ()
        stamp, known = self._read
        if stamp != status.st_mtime_ns:
            known = tuple(Token(**entry) for entry in json.loads(self._path.read_text("utf-8")))
            self._read = status.st_mtime_ns, known
        return known

    def revoke(self, token_id: str) -> Token:
        """End a token for good. Raises RodtradError ``unknown-token``."""
        with self._lock:
            found = self._find(token_id)
            ended = replace(found, revoked=found.revoked or datetime.now(UTC).date().isoformat())
            self._write(tuple(ended if one.id == token_id else one for one in self.all()))
        return ended

    def check(self, secret: str) -> Token:
        """The token that this is. Raises RodtradError ``token-invalid``, whatever the reason."""
        digest, today = _digest(secret), datetime.now(UTC).date()
        # All are compared, and in constant time, so that the time taken tells nothing.
        found = [one for one in self.all() if hmac.compare_digest(one.digest, digest)]
        if not found or not found[0].holds(today):
            raise RodtradError(Problem("token-invalid"))
        self._used(found[0], today.isoformat())
        return found[0]

    def _used(self, token: Token, day: str) -> None:
        if token.used == day:
            return
        with self._lock:
            self._write(tuple(replace(one, used=day) if one.id == token.id else one for one in self.all()))

    def _find(self, token_id: str) -> Token:
        for one in self.all():
            if one.id == token_id:
                return one
        raise RodtradError(Problem("unknown-token", values={"token": token_id}))

    def _write(self, tokens: tuple[Token, ...]) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump([asdict(one) for one in tokens], file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
