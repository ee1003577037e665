"""The index of one generation: built once, asked by many threads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from ...ontology.problems import LANGS, Lang
from .entries import FACETS, Entry
from .stems import folded, stem, words

MAX_TEXT = 300
MAX_WORDS = 12
_HEAP_BYTES = 30_000_000
_VALUES, _ALL_VALUES = 60, 10_000
_EXCERPT = 220
_LEAST_PART = 5
_NAME, _TEXT, _UNMARKED, _PART = 4.0, 1.0, 0.6, 0.3


@dataclass(frozen=True)
class Segment:
    """A stretch of a text; ``match`` where it is one of the words that were asked for."""

    text: str
    match: bool


@dataclass(frozen=True)
class Hit:
    """One thing that was found; ``name`` and ``excerpt`` are stretches to show, each with its language."""

    entry: Entry
    name: tuple[Segment, ...]
    name_lang: str
    excerpt: tuple[Segment, ...]
    excerpt_lang: str


@dataclass(frozen=True)
class Facet:
    """One value that the found things can be narrowed by, its names by language, and how many have it."""

    value: str
    names: Mapping[str, str]
    count: int


@dataclass(frozen=True)
class Found:
    """What a search gave.

    Attributes:
        total: How many things were found; ``hits`` are those of the page asked for.
        every_word: Every word was found in each; else no thing has them all, and each has some of them.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[Facet, ...]]
    every_word: bool = True


class SearchIndex:
    """The texts of one generation, kept in memory. Every method may be called by many threads at once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Index the entries; those that score alike are found in the order they are given."""
        values = {value for entry in entries for several in entry.facets.values() for value in several}
        self._names = {entry.iri: entry.names for entry in entries if entry.iri in values}
        self._schema = _schema()
        index = tantivy.Index(self._schema)
        writer = index.writer(_HEAP_BYTES, 1)
        for entry in entries:
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    def __len__(self) -> int:
        return self._searcher.num_docs

    def search(
        self,
        text: str,
        narrowed: Mapping[str, str] | None = None,
        *,
        lang: Lang = "sv",
        limit: int = 20,
        offset: int = 0,
    ) -> Found:
        """Find the things that hold every word of ``text``, those with the words in the name first.

        ``text`` is words and never syntax: of a long one the first 12 words of 300 characters count.
        ``narrowed`` gives an IRI by facet. Without words everything that the facets allow is found.
        """
        asked = list(dict.fromkeys(one[0] for one in words(text[:MAX_TEXT])))[:MAX_WORDS]
        every = [self._word(one) for one in asked]
        found = self._run(every, Occur.Must, narrowed or {}, limit, offset)
        all_words = True
        if not found.count and len(every) > 1:
            found, all_words = self._run(every, Occur.Should, narrowed or {}, limit, offset), False
        total, query, addresses = found.count or 0, found.query, found.addresses
        hits = [Entry.from_json(bytes(self._searcher.doc(one)["entry"][0])) for one in addresses]
        return Found(total, tuple(_hit(one, asked, lang) for one in hits), self._facets(query), all_words)

    def values(self, facet: str) -> list[Facet]:
        """Every value that a facet has."""
        return self._counted(Query.all_query(), facet, _ALL_VALUES)

    def names_of(self, iri: str) -> Mapping[str, str]:
        """The names, by language, of something that is a value of a facet."""
        return self._names.get(iri, {})

    def _run(
        self, parts: list[Query], occur: Occur, narrowed: Mapping[str, str], limit: int, offset: int
    ) -> _Result:
        some = Query.boolean_query([(occur, one) for one in parts]) if parts else Query.all_query()
        clauses = [(Occur.Must, some)]
        for facet, value in narrowed.items():
            exact = Query.term_query(self._schema, facet, value, "basic")
            clauses.append((Occur.Must, Query.const_score_query(exact, 0.0)))
        query = Query.boolean_query(clauses)
        result = self._searcher.search(query, limit=max(limit, 1), offset=offset, count=True)
        return _Result(result.count or 0, query, [address for _, address in result.hits][:limit])  # pyright: ignore[reportAttributeAccessIssue]

    def _word(self, word: str) -> Query:
        """The word in any inflection, in either language, or as a part of a longer word."""
        clauses = []
        for lang in LANGS:
            form = stem(word, lang)
            clauses += [(f"name_{lang}", form, _NAME), (f"text_{lang}", form, _TEXT)]
            if word.isascii():
                clauses.append(("unmarked", form, _UNMARKED))
        queries = [
            Query.boost_query(Query.term_query(self._schema, field, form, "freq"), boost)
            for field, form, boost in dict.fromkeys(clauses)
        ]
        part = stem(word, "sv")
        if len(part) >= _LEAST_PART and part.isalpha():
            field, form = ("unmarked", folded(part)) if part.isascii() else ("parts", part)
            inside = Query.regex_query(self._schema, field, f".*{re.escape(form)}.*")
            queries.append(Query.const_score_query(inside, _PART))
        return Query.boolean_query([(Occur.Should, one) for one in queries])

    def _facets(self, query: Query) -> dict[str, tuple[Facet, ...]]:
        return {facet: tuple(self._counted(query, facet, _VALUES)) for facet in FACETS}

    def _counted(self, query: Query, facet: str, size: int) -> list[Facet]:
        wanted = {facet: {"terms": {"field": facet, "size": size, "order": {"_key": "asc"}}}}
        buckets = self._searcher.aggregate(query, wanted)[facet]["buckets"]
        return [Facet(one["key"], self.names_of(one["key"]), int(one["doc_count"])) for one in buckets]


@dataclass(frozen=True)
class _Result:
    count: int
    query: Query
    addresses: list[tantivy.DocAddress]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for lang in LANGS:
        for part in ("name", "text"):
            builder.add_text_field(f"{part}_{lang}", tokenizer_name="whitespace", index_option="freq")
    for field in ("parts", "unmarked"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_bytes_field("entry", stored=True)
    return builder.build()


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    every: dict[str, None] = {}
    for part, texts in (("name", list(entry.names.items())), ("text", entry.texts)):
        for written, text in texts:
            # What has no language mark is in the language of the sources.
            lang: Lang = "en" if written == "en" else "sv"
            stems = [stem(one[0], lang) for one in words(text)]
            document.add_text(f"{part}_{lang}", " ".join(stems))
            every.update(dict.fromkeys(stems))
    document.add_text("parts", " ".join(every))
    document.add_text("unmarked", " ".join(dict.fromkeys(folded(one) for one in every)))
    for facet, values in entry.facets.items():
        for value in values:
            document.add_text(facet, value)
    document.add_bytes("entry", entry.to_json())
    return document


def _hit(entry: Entry, asked: list[str], lang: Lang) -> Hit:
    name_lang = next(one for one in (lang, *LANGS, *entry.names) if one in entry.names)
    best: tuple[str, str, tuple[Segment, ...]] = ("", "", ())
    texts = [*entry.texts, *((one, text) for one, text in entry.names.items() if one != name_lang)]
    for written, text in sorted(texts, key=lambda one: one[0] != lang):
        segments = segmented(text, asked, written)
        if any(one.match for one in segments):
            best = (written, text, segments)
            break
    return Hit(entry, segmented(entry.names[name_lang], asked, name_lang), name_lang, _cut(best[2]), best[0])


def segmented(text: str, asked: Iterable[str], written: str) -> tuple[Segment, ...]:
    """A text cut where a word of it is one of those asked for, or holds one."""
    lang: Lang = "en" if written == "en" else "sv"
    wanted = {form for one in asked for form in (stem(one, lang), folded(stem(one, lang)))}
    parts = tuple(one for one in wanted if len(one) >= _LEAST_PART)
    segments, at = [], 0
    for word in words(text):
        form = stem(word[0], lang)
        forms = (form, folded(form))
        if not any(one in wanted or any(part in one for part in parts) for one in forms):
            continue
        if word.start() > at:
            segments.append(Segment(text[at : word.start()], False))
        segments.append(Segment(word[0], True))
        at = word.end()
    if at < len(text):
        segments.append(Segment(text[at:], False))
    return tuple(segments)


def _cut(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The stretch around the first match, with an ellipsis where something was left out."""
    first = next((at for at, one in enumerate(segments) if one.match), None)
    if first is None:
        return ()
    before = "".join(one.text for one in segments[:first])
    lead = before[-_EXCERPT // 3 :]
    shown = [Segment(("…" if len(lead) < len(before) else "") + lead, False)] if before else []
    left = _EXCERPT
    for one in segments[first:]:
        shown.append(Segment(one.text if len(one.text) <= left else one.text[:left] + "…", one.match))
        left -= len(one.text)
        if left <= 0:
            break
    return tuple(shown)
