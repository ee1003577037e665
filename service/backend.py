"""What the service needs of the store: rows for pages, and bytes for those who write SPARQL."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from ..ontology.problems import Problem, RodtradError
from ..queries.catalogue import pages
from ..queries.parameters import with_iris
from ..store.gate import Lane
from ..store.host import Asker, QueryHost
from ..store.limits import Limits

if TYPE_CHECKING:
    from ..store import Store
    from ..store.engine import Engine
    from .settings import Settings

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = dict[str, Term]
_PAST = 2
_AS_OF_WAIT_S = 0.5
_RETRY_AFTER_S = 3
_WATCH_S = 1.0


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

    @property
    def store(self) -> Store:
        """Where the generations are."""
        ...

    def refresh(self) -> int:
        """Answer from the newest generation from now on, and return its number."""
        ...

    def query(self, text: str, accept: str, /) -> bytes:
        """Answer one of our own queries in the media type ``accept``."""
        ...

    def rows(self, text: str, /) -> list[Row]:
        """Answer one of our own SELECT queries as terms."""
        ...

    def ad_hoc(
        self,
        text: str,
        accept: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        asker: Asker | None = None,
        base: str | None = None,
    ) -> AdHocAnswer:
        """Answer a query that anyone may have written, within the limits."""
        ...

    def as_of(self, number: int, /) -> Backend:
        """The same for a generation of the past. Raises RodtradError ``unknown-generation``."""
        ...

    def generation_at(self, moment: datetime, /) -> int:
        """The generation that held at a moment; 0 when none did."""
        ...

    def lanes(self) -> Mapping[str, Lane]:
        """What runs, waits and was ended, by lane; empty where nothing is bounded."""
        ...


class EngineBackend:
    """Everything from one engine in this process, without limits: for tests and one person's own data."""

    def __init__(self, store: Store, engine: Engine | None = None) -> None:
        """``engine`` takes the place of the newest generation."""
        self.store = store
        self._engine = engine or store.engine()

    def refresh(self) -> int:
        self._engine = self.store.engine()
        return self.generation

    @property
    def generation(self) -> int:
        return self._engine.generation

    def query(self, text: str, accept: str) -> bytes:
        return self._engine.query(text, accept)

    def rows(self, text: str) -> list[Row]:
        return self._engine.rows(text)

    def ad_hoc(
        self,
        text: str,
        accept: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        asker: Asker | None = None,
        base: str | None = None,
    ) -> AdHocAnswer:
        body = self._engine.query(
            text, accept, default_graphs=default_graphs, named_graphs=named_graphs, base=base
        )
        return AdHocAnswer(body, accept, self.generation)

    def as_of(self, number: int) -> EngineBackend:
        if number == self.generation:
            return self
        past = EngineBackend(self.store)
        past._engine = self.store.engine_of(number)
        return past

    def generation_at(self, moment: datetime) -> int:
        return self.store.generation_at(moment)

    def lanes(self) -> Mapping[str, Lane]:
        return {}


class HostBackend:
    """One generation, answered by processes that can be killed; nothing is evaluated in this process."""

    def __init__(self, host: QueryHost, store: Store, newest: StoreBackend | None = None) -> None:
        """``newest`` is asked for other generations."""
        self.store = store
        self._host = host
        self._newest = newest

    def refresh(self) -> int:
        return self.generation

    @property
    def generation(self) -> int:
        return self._host.generation

    def query(self, text: str, accept: str) -> bytes:
        return self._host.catalogue(text, accept).body

    def rows(self, text: str) -> list[Row]:
        found = ox.parse_query_results(self._host.catalogue(text).body, format=ox.QueryResultsFormat.JSON)
        if not isinstance(found, ox.QuerySolutions):
            raise RodtradError(Problem("query-format", values={"accept": "rows", "formats": "SELECT"}))
        names = [variable.value for variable in found.variables]
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None}
            for row in found
        ]

    def ad_hoc(
        self,
        text: str,
        accept: str,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        asker: Asker | None = None,
        base: str | None = None,
    ) -> AdHocAnswer:
        result = self._host.query(
            text,
            accept,
            default_graphs=default_graphs,
            named_graphs=named_graphs,
            base=base,
            asker=asker,
        )
        return AdHocAnswer(result.body, result.content_type, result.generation)

    def as_of(self, number: int) -> Backend:
        if number == self.generation or self._newest is None:
            return self
        return self._newest.as_of(number)

    def generation_at(self, moment: datetime) -> int:
        return self.store.generation_at(moment)

    def lanes(self) -> Mapping[str, Lane]:
        return self._host.lanes()


class StoreBackend(HostBackend):
    """The newest generation of a store, and at most two earlier ones beside it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        """Start the processes and wait until they are ready."""
        self._limits = Limits(
            time_s=settings.query_timeout_s,
            memory_mb=settings.query_memory_mb,
            result_bytes=settings.max_result_bytes,
            result_rows=settings.max_result_rows,
            running=settings.queries_running,
            waiting=settings.queries_waiting,
        )
        self._reloading = threading.Lock()
        self._past: OrderedDict[int, Future[QueryHost]] = OrderedDict()
        self._looking_back = threading.Lock()
        self._closed = threading.Event()
        super().__init__(QueryHost(store, self._limits), store)
        threading.Thread(target=self._watch, name="store-watch", daemon=True).start()

    def refresh(self) -> int:
        """Answer from the newest generation from now on, and return its number."""
        with self._reloading:
            return self._host.reload()

    def generation_at(self, moment: datetime) -> int:
        return self.store.generation_at(moment)

    def as_of(self, number: int) -> HostBackend:
        """A backend for a generation of the past.

        Raises RodtradError: ``unknown-generation``, ``generation-purged``, and ``as-of-loading`` while it
        is being loaded.
        """
        if number == self.generation:
            return self
        self.store.readable(number)
        with self._looking_back:
            found = self._past.get(number)
            if found is None:
                found = self._past[number] = self._load(number)
                self._forget(but=number)
            self._past.move_to_end(number)
        try:
            return HostBackend(found.result(_AS_OF_WAIT_S), self.store, self)
        except TimeoutError:
            values = {"generation": number, "retry_after_s": _RETRY_AFTER_S}
            raise RodtradError(Problem("as-of-loading", values=values)) from None
        except RodtradError:
            with self._looking_back:
                self._past.pop(number, None)
            raise

    def close(self) -> None:
        """End the processes."""
        self._closed.set()
        self._host.close()
        with self._looking_back:
            for found in self._past.values():
                found.add_done_callback(_close)
            self._past.clear()

    def _load(self, number: int) -> Future[QueryHost]:
        loaded: Future[QueryHost] = Future()

        def load() -> None:
            try:
                loaded.set_result(QueryHost(self.store, self._limits, number))
            except RodtradError as error:
                loaded.set_exception(error)

        threading.Thread(target=load, name=f"as-of-{number}", daemon=True).start()
        return loaded

    def _forget(self, but: int) -> None:
        while len(self._past) > _PAST:
            oldest = next(one for one in self._past if one != but)
            self._past.pop(oldest).add_done_callback(_close)

    def _watch(self) -> None:
        """Notice what other programs publish to the same store."""
        while not self._closed.wait(_WATCH_S):
            try:
                if self.store.current().number != self.generation:
                    self.refresh()
            except RodtradError:
                continue  # A damaged store goes on being answered from what is loaded; verify tells why.


def _close(loaded: Future[QueryHost]) -> None:
    if loaded.exception() is None:
        loaded.result().close()


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
