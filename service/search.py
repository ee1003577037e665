"""The full-text index of each generation that is asked for, and what a search answers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from ..ontology.names import PREFIXES, RT, VOCABULARY_GRAPH
from ..ontology.problems import Lang, Problem, RodtradError
from ..queries.catalogue import catalogue
from ..queries.search import FACETS, Entry, Found, SearchIndex, Segment, entries
from ..shapes.validation import rules
from ..store import Store
from .links import Links
from .texts import text
from .words import Words, last_part, readable

QUESTION = PREFIXES["sh"] + "SPARQLSelectExecutable"
RULE = str(RT.Rule)
MAX_LIMIT = 100
MAX_OFFSET = 10_000
_OWN_TYPES = {QUESTION: "search_question", RULE: "search_rule"}
_KEPT = 2
_RETRY_AFTER_S = 5


class Searches:
    """The indexes of the generations asked for last; each is built once, outside the request."""

    def __init__(self, store: Store, wait_s: float = 20) -> None:
        """``wait_s``: how long a request waits for an index that is being built, in seconds."""
        self._store = store
        self._wait_s = wait_s
        self._found: OrderedDict[int, Future[SearchIndex]] = OrderedDict()
        self._choosing = threading.Lock()

    def of(self, generation: int) -> SearchIndex:
        """The index of a generation.

        Raises RodtradError: ``search-loading`` while it is being built, and what reading the generation
        raises.
        """
        with self._choosing:
            found = self._found.get(generation)
            if found is None or (found.done() and found.exception()):
                found = self._found[generation] = Future()
                name = f"search-{generation}"
                threading.Thread(target=self._build, args=(generation, found), name=name, daemon=True).start()
            self._found.move_to_end(generation)
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        try:
            return found.result(self._wait_s)
        except TimeoutError:
            raise RodtradError(Problem("search-loading", values={"retry_after_s": _RETRY_AFTER_S})) from None

    def _build(self, generation: int, promise: Future[SearchIndex]) -> None:
        try:
            promise.set_result(build(self._store, generation))
        except BaseException as error:
            promise.set_exception(error)


def build(store: Store, generation: int) -> SearchIndex:
    """Index the texts of a generation, the questions and the rules."""
    read = store.generation(generation) if generation else None
    graphs = [*read.graphs, *([str(VOCABULARY_GRAPH)] if read.vocabulary else [])] if read else []
    data = (store.graph(iri, generation) for iri in graphs)
    return SearchIndex([*entries(data), *_questions(), *_rules()])


@dataclass(frozen=True)
class Choice:
    """A value that a search can be narrowed by, as shown."""

    value: str
    words: Words
    count: int
    chosen: bool


@dataclass(frozen=True)
class ShownHit:
    """A found thing as shown: where its page is, and its texts in stretches."""

    iri: str
    address: str
    types: tuple[Words, ...]
    facets: Mapping[str, tuple[Words, ...]]
    name: tuple[Segment, ...]
    name_lang: str
    excerpt: tuple[Segment, ...]
    excerpt_lang: str
    publications: tuple[str, ...]
    constructed: bool


@dataclass(frozen=True)
class Search:
    """What was asked and what was found."""

    asked: str
    generation: int
    total: int
    offset: int
    every_word: bool
    hits: tuple[ShownHit, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    chosen: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The answer for programs."""
        return {
            "q": self.asked,
            "generation": self.generation,
            "total": self.total,
            "offset": self.offset,
            "every_word": self.every_word,
            "hits": [_hit_as_dict(one) for one in self.hits],
            "facets": {
                name: [
                    {"value": one.value, "label": one.words.text, "count": one.count, "chosen": one.chosen}
                    for one in choices
                ]
                for name, choices in self.facets.items()
            },
        }


def search(
    index: SearchIndex,
    asked: str,
    given: Mapping[str, str],
    *,
    generation: int,
    lang: Lang,
    links: Links,
    limit: int = 20,
    offset: int = 0,
) -> Search:
    """Search for words; ``given`` narrows by facet with an IRI, a notation or a name.

    Raises RodtradError ``unknown-parameter-value``.
    """
    chosen = {
        name: _value(index, name, value.strip(), lang) for name, value in given.items() if value.strip()
    }
    limit, offset = max(1, min(limit, MAX_LIMIT)), max(0, min(offset, MAX_OFFSET))
    found = index.search(asked, chosen, lang=lang, limit=limit, offset=offset)
    return Search(
        asked=asked,
        generation=generation,
        total=found.total,
        offset=offset,
        every_word=found.every_word,
        hits=tuple(_shown(found, index, lang, links)),
        facets={
            name: tuple(
                Choice(one.value, named(index, one.value, lang), one.count, chosen.get(name) == one.value)
                for one in choices
            )
            for name, choices in found.facets.items()
        },
        chosen=chosen,
    )


def named(index: SearchIndex, iri: str, lang: Lang) -> Words:
    """The name of a value of a facet, in the reader's language or the other."""
    if iri in _OWN_TYPES:
        return Words(text(_OWN_TYPES[iri], lang), lang)
    names = index.names_of(iri)
    written = next((one for one in (lang, "sv", "en", *names) if one in names), None)
    return Words(readable(iri), lang) if written is None else Words(names[written], written)


def _value(index: SearchIndex, facet: str, given: str, lang: Lang) -> str:
    values = index.values(facet)
    folded = " ".join(given.split()).casefold()
    called = [
        one.value
        for one in values
        if given == one.value
        or folded == last_part(one.value).casefold()
        or folded in {name.casefold() for name in one.names.values()}
    ]
    if len(called) == 1:
        return called[0]
    shown = [
        f"{named(index, one, lang)} ({last_part(one)})" for one in called or [one.value for one in values]
    ]
    problem = {"name": facet, "given": given[:100], "candidates": "; ".join(shown[:40]) or "–"}
    raise RodtradError(Problem("unknown-parameter-value", values=problem))


def _shown(found: Found, index: SearchIndex, lang: Lang, links: Links) -> Iterator[ShownHit]:
    for hit in found.hits:
        entry = hit.entry
        yield ShownHit(
            iri=entry.iri,
            address=links.page(entry.address) if entry.address else links.resource(entry.iri),
            types=tuple(named(index, one, lang) for one in entry.facets.get("type", ())),
            facets={
                name: tuple(named(index, one, lang) for one in entry.facets.get(name, ()))
                for name in FACETS
                if name != "type"
            },
            name=hit.name,
            name_lang=hit.name_lang,
            excerpt=hit.excerpt,
            excerpt_lang=hit.excerpt_lang,
            publications=tuple(entry.publications),
            constructed=entry.constructed,
        )


def _hit_as_dict(hit: ShownHit) -> dict[str, Any]:
    return {
        "iri": hit.iri,
        "page": hit.address,
        "label": "".join(one.text for one in hit.name),
        "lang": hit.name_lang or None,
        "types": [one.text for one in hit.types],
        **{name: [one.text for one in several] for name, several in hit.facets.items()},
        "publications": list(hit.publications),
        "constructed": hit.constructed,
        "name": _segments(hit.name),
        "excerpt": _segments(hit.excerpt),
    }


def _segments(segments: tuple[Segment, ...]) -> list[dict[str, Any]]:
    return [{"text": one.text, "match": one.match} for one in segments]


def _questions() -> Iterator[Entry]:
    for one in catalogue().values():
        texts = [(lang, words) for lang in one.title for words in (one.question[lang], one.coverage[lang])]
        page = f"/questions/{one.id}"
        texts += [("", number) for number in one.cq]
        yield Entry(
            page,
            {str(lang): title for lang, title in one.title.items()},
            texts,
            {"type": [QUESTION]},
            address=page,
        )


def _rules() -> Iterator[Entry]:
    for one in rules():
        names = {lang: f"{one.id}: {title}" for lang, title in one.titles.items()} or {"": one.id}
        texts = [
            (lang, words) for part in (one.messages, one.hints, one.reason) for lang, words in part.items()
        ]
        yield Entry(str(one.iri), names, texts, {"type": [RULE]}, address=f"/rules/{one.id}")
