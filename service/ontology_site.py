"""The documentation of the vocabulary as files for a web host: relative addresses, nothing from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path, PurePosixPath

from .. import __version__
from ..loader import our_context
from ..ontology.names import ROOT, RT
from ..ontology.problems import LANGS, Lang
from .backend import Backend
from .negotiation import HTML, SUFFIXES
from .ontology_pages import as_data, contents
from .rendering import environment
from .term_docs import documented
from .texts import number, text

_STYLE = Path(__file__).parent / "static" / "style.css"


def write_site(folder: Path, backend: Backend) -> int:
    """Write every page in both languages, and the vocabulary as data; return the number of pages.

    Args:
        folder: Where to; made when it is missing.
        backend: Where the examples are taken from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_STYLE, folder / "style.css")
    pages = 0
    for lang in LANGS:
        for iri in (str(RT), *documented()):
            target = folder / _file(iri, lang)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_page(iri, lang, backend), "utf-8")
            pages += 1
    (folder / "ns").mkdir(exist_ok=True)
    (folder / "ns" / "context.jsonld").write_text(json.dumps(our_context(), indent=1), "utf-8")
    for iri in (str(RT), *(one for one, kind in documented().items() if kind == "module")):
        for suffix, media in SUFFIXES.items():
            if media != HTML:
                target = folder / _data(iri, suffix)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(as_data(iri, media))
    (folder / "index.html").write_text(_door(), "utf-8")
    return pages


def _file(iri: str, lang: str) -> PurePosixPath:
    """The page of a term. A property whose name differs from a class only in capitals gets a name apart."""
    if iri == str(RT):
        return PurePosixPath(lang, "index.html")
    rest = iri.removeprefix(ROOT)
    apart = any(one != iri and one.casefold() == iri.casefold() for one in documented())
    mark = ".property" if apart and documented()[iri].endswith("property") else ""
    return PurePosixPath(lang, f"{rest}{mark}.html")


def _data(iri: str, suffix: str) -> PurePosixPath:
    return PurePosixPath(f"{'ns' if iri == str(RT) else iri.removeprefix(ROOT)}.{suffix}")


def _page(iri: str, lang: Lang, backend: Backend) -> str:
    here = _file(iri, lang)

    def to(path: PurePosixPath | str) -> str:
        return PurePosixPath(os.path.relpath(path, here.parent)).as_posix()

    def href(target: str) -> str | None:
        return to(_file(target, lang)) if target in documented() or target == str(RT) else None

    template, values = contents(iri, lang, href, backend)
    described = iri if iri == str(RT) or documented()[iri] == "module" else None
    return (
        environment()
        .get_template(template)
        .render(
            **values,
            layout="ontology_site.html",
            lang=lang,
            t=lambda key, **named: text(key, lang, **named),
            n=lambda value: number(value, lang),
            rule_href=lambda _: None,
            query_href=lambda _: None,
            alternates=[(m, to(_data(described, s))) for s, m in SUFFIXES.items() if m != HTML]
            if described
            else [],
            context_href=to("ns/context.jsonld"),
            style_href=to("style.css"),
            home_href=to(_file(str(RT), lang)),
            languages=[(one, to(_file(iri, one))) for one in LANGS],
            version=__version__,
        )
    )


def _door() -> str:
    """The page that leads to both languages."""
    items = "".join(
        f'<li lang="{lang}"><a href="{lang}/index.html" hreflang="{lang}">{text("onto_title", lang)}</a></li>'
        for lang in LANGS
    )
    return (
        '<!doctype html>\n<html lang="sv">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text('onto_title', 'sv')}</title>"
        '<link rel="stylesheet" href="style.css"></head>\n'
        f"<body><main><h1>{text('site_name', 'sv')}</h1><ul>{items}</ul></main></body>\n</html>\n"
    )
