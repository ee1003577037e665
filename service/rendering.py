"""Pages from templates: every text from the data is escaped, and marked with its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateNotFound

from .. import __version__
from ..ontology.problems import LANGS, Lang
from .links import Links, switched
from .moment import PARAMETER, as_of
from .negotiation import HTML, language
from .texts import number, text

_EXTENDS = re.compile(r'\{% extends "([^"]+)" %\}')
_VALUE = re.compile(r"\{\??\w+\}")
_WORDS = frozenset({"framework", "national"})
FOLDER = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """The templates; an unknown name in one is an error, never an empty place."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters["without_values"] = without_values
    return made


def without_values(words: str) -> str:
    """A message as its own page shows it: an ellipsis where a value is filled in."""
    return _VALUE.sub("…", words)


def has_template(name: str) -> bool:
    """Whether there is a template with this name."""
    try:
        environment().get_template(name)
    except TemplateNotFound:
        return False
    return True


def base_of(name: str) -> str:
    """The template that a template builds on, or an empty name."""
    made = environment()
    source = made.loader.get_source(made, name)[0] if made.loader else ""
    found = _EXTENDS.match(source)
    return found[1] if found else ""


def language_of(request: Request) -> Lang:
    """The language that this answer is in."""
    return language(request.query_params.get("lang"), request.headers.get("accept-language"))


def links_of(request: Request) -> Links:
    """Addresses that keep the language, the words for levels and the moment that the reader chose."""
    lang, moment = request.query_params.get("lang", ""), as_of(request)
    words = request.query_params.get("words", "")
    kept = {"lang": lang} if lang in LANGS else {}
    kept |= {"words": words} if words in _WORDS else {}
    return Links(request.app.state.settings.public_base, kept | ({PARAMETER: moment} if moment else {}))


def render(
    request: Request,
    template: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a page. ``values`` must hold ``title``, the heading of the page."""
    lang = language_of(request)
    links = links_of(request)
    query = dict(request.query_params)
    page = (
        environment()
        .get_template(template)
        .render(
            t=lambda key, **named: text(key, lang, **named),
            n=lambda value: number(value, lang),
            lang=lang,
            href=links.page,
            resource_href=links.resource,
            data_href=links.data,
            languages=[(one, switched(request.url.path, query, "lang", one)) for one in LANGS],
            version=__version__,
            settings=request.app.state.settings,
            path=request.url.path,
            as_of=as_of(request),
            present=switched(request.url.path, query, PARAMETER, None),
            **{"description": None, "alternates": [], **values},
        )
    )
    tags = {"Content-Language": lang, "Vary": "Accept, Accept-Language", **(headers or {})}
    return Response(page, status, tags, HTML + "; charset=utf-8")
