"""Words and the stems by which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import tantivy

from ...ontology.problems import LANGS, Lang

_WORD = re.compile(r"\w+")
_LANGUAGES = {"sv": "swedish", "en": "english"}
_LONGEST = 60
_LEAST = 4
_ROUNDS = 4


def words(text: str) -> Iterator[re.Match[str]]:
    """The words of a text with their places; no other character has a meaning."""
    return _WORD.finditer(text)


@lru_cache(maxsize=200_000)
def stem(word: str, lang: Lang) -> str:
    """The stem of a word, the same for every inflection of it: validering, valideringen, validerade."""
    plain = unicodedata.normalize("NFC", word[:_LONGEST]).casefold()
    if not plain.isalpha():
        return plain
    if lang == "en":
        return _snowball(plain, lang)
    # Snowball takes one ending at a time and leaves nouns in -ning and -ering beside their verbs.
    for _ in range(_ROUNDS):
        before, plain = plain, _without_noun_ending(_snowball(plain, lang))
        if plain == before:
            break
    return plain


def folded(text: str) -> str:
    """The text without marks on its letters, as written on a keyboard without å, ä and ö."""
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _without_noun_ending(word: str) -> str:
    for ending, kept in (("ering", "er"), ("ning", ""), ("um", "")):
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST:
            return word.removesuffix(ending) + kept
    return word


def _snowball(word: str, lang: Lang) -> str:
    return next(iter(_analyzers()[lang].analyze(word)), word)


@lru_cache(maxsize=1)
def _analyzers() -> dict[Lang, tantivy.TextAnalyzer]:
    return {
        lang: tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        .filter(tantivy.Filter.stemmer(_LANGUAGES[lang]))
        .build()
        for lang in LANGS
    }
