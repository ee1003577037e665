"""What the service needs of the store: rows for pages, and bytes for those who write SPARQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from ..queries.catalogue import pages
from ..queries.parameters import with_iris

if TYPE_CHECKING:
    from ..store import Store
    from ..store.engine import Engine
    from ..store.host import QueryHost
    from .settings import Settings

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = dict[str, Term]


@dataclass(frozen=True)
class AdHocAnswer:
    """The bytes of an answer to a query that someone wrote, and the generation that gave it."""

    body: bytes
    content_type: str
    generation: int


class Backend(Protocol):
    """One current generation to read from."""

    @property
    def generation(self) -> int:
        """The number of the generation that answers now."""
        ...

    def query(self, text: str, accept: str, /) -> bytes:
        """Answer one of our own queries in the media type ``accept``."""
        ...

    def rows(self, text: str, /) -> list[Row]:
        """Answer one of our own SELECT queries as terms."""
        ...

    def ad_hoc(
        self, text: str, accept: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> AdHocAnswer:
        """Answer a query that anyone may have written, within the limits."""
        ...


class EngineBackend:
    """Everything from one engine in this process, without limits: for tests and one person's own data."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def generation(self) -> int:
        return self._engine.generation

    def query(self, text: str, accept: str) -> bytes:
        return self._engine.query(text, accept)

    def rows(self, text: str) -> list[Row]:
        return self._engine.rows(text)

    def ad_hoc(
        self, text: str, accept: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> AdHocAnswer:
        body = self._engine.query(text, accept, default_graphs=default_graphs, named_graphs=named_graphs)
        return AdHocAnswer(body, accept, self.generation)


class StoreBackend:
    """The newest generation of a store: pages and ready-made questions from an engine in this process, ad-hoc
    queries from processes that can be killed, started when the first one is asked."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._loading = threading.Lock()
        self._starting = threading.Lock()
        self._host: QueryHost | None = None

    @property
    def generation(self) -> int:
        return self._engine().generation

    def query(self, text: str, accept: str) -> bytes:
        return self._engine().query(text, accept)

    def rows(self, text: str) -> list[Row]:
        return self._engine().rows(text)

    def ad_hoc(
        self, text: str, accept: str, default_graphs: Sequence[str] = (), named_graphs: Sequence[str] = ()
    ) -> AdHocAnswer:
        host = self.host()
        result = host.query(text, accept, default_graphs=default_graphs, named_graphs=named_graphs)
        return AdHocAnswer(result.body, result.content_type, result.generation)

    def host(self) -> QueryHost:
        """The processes for ad-hoc queries, at the newest generation."""
        from ..store.host import QueryHost
        from ..store.limits import Limits

        with self._starting:
            if self._host is None:
                limits = Limits(
                    time_s=self._settings.query_timeout_s, result_rows=self._settings.max_result_rows
                )
                self._host = QueryHost(self._store, limits)
            elif self._host.generation != self.generation:
                self._host.reload()
            return self._host

    def close(self) -> None:
        """End the processes."""
        with self._starting:
            if self._host is not None:
                self._host.close()
                self._host = None

    def _engine(self) -> Engine:
        with self._loading:
            return self._store.engine()


@contextmanager
def backend_for(store: Store, settings: Settings) -> Iterator[StoreBackend]:
    """A backend for a store; its processes end with the block."""
    backend = StoreBackend(store, settings)
    try:
        yield backend
    finally:
        backend.close()


def ask(backend: Backend, query_id: str, **terms: str | Sequence[str]) -> list[Row]:
    """Ask a query of ``queries/pages`` with IRIs in place of its example values.

    A variable that is not given loses its line, so that it does not restrict the answer.
    Raises KeyError for an unknown query; ValueError for what is not an IRI.
    """
    return backend.rows(bound(query_id, terms))


def bound(query_id: str, terms: Mapping[str, str | Sequence[str]]) -> str:
    """The text of a page's query with its values replaced."""
    lists = {name: [given] if isinstance(given, str) else given for name, given in terms.items()}
    return with_iris(pages()[query_id].text, lists)
