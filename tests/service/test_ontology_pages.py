"""The vocabulary documents itself: a page for each term in either language, its data, and a copy as files."""

from __future__ import annotations

from collections import deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pyoxigraph as ox
import pytest
from rdflib import Graph
from rodtrad.ontology import vocabulary_graph
from rodtrad.ontology.names import ROOT
from rodtrad.service.backend import EngineBackend
from rodtrad.service.ontology_site import write_site
from rodtrad.service.term_docs import describe, documented, module_graph
from rodtrad.store import Store
from starlette.testclient import TestClient

HTML = {"accept": "text/html"}
CLASSES = sorted(iri for iri, kind in documented().items() if kind == "class")
# Nothing that ships is of this class, and its page says so: columns are property shapes.
WITHOUT_INSTANCES = {"form/Column"}


class Page(HTMLParser):
    """The links, identifiers and languages of a page; tags that are not closed are faults."""

    VOID = ("meta", "link", "br", "hr", "img", "input")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.lang = ""
        self.feed(text)
        assert self.open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "html":
            self.lang = said["lang"] or ""
        if tag == "a":
            self.links.append(said["href"] or "")
        if tag in ("link", "script", "img", "iframe"):
            self.loads.append(said.get("href") or said.get("src") or "")
        if "id" in said:
            self.ids.append(said["id"] or "")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def path_of(iri: str) -> str:
    return "/" + iri.removeprefix(ROOT)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_every_term_has_a_page_with_its_name_and_definition(client: TestClient, lang: str) -> None:
    other = "en" if lang == "sv" else "sv"
    for iri in documented():
        if "/form/" in iri and not iri.endswith("Column"):
            continue
        answer = client.get(f"{path_of(iri)}?lang={lang}", headers=HTML)
        assert answer.status_code == 200, iri
        assert Page(answer.text).lang == lang
        here, there = (describe(iri, one).definition for one in (lang, other))
        plain = unescaped(answer.text)
        assert here in plain, iri
        assert there in here or there not in plain, f"{iri} is told in both languages"


def unescaped(text: str) -> str:
    for written, sign in (("&#39;", "'"), ("&#34;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(written, sign)
    return text


def test_every_class_has_an_example_that_is_turtle_and_the_diagram_of_its_module(client: TestClient) -> None:
    missing = set()
    for iri in CLASSES:
        page = client.get(f"{path_of(iri)}?lang=en", headers=HTML).text
        assert '<svg class="model"' in page, iri
        if "<pre><code>" not in page:
            missing.add(iri.removeprefix(ROOT))
            continue
        turtle = unescaped(page.partition("<pre><code>")[2].partition("</code></pre>")[0])
        assert len(Graph().parse(data=turtle, format="turtle")) > 0, iri
    assert missing == WITHOUT_INSTANCES


def test_an_abstract_class_shows_something_of_a_subclass_and_says_so(client: TestClient) -> None:
    page = client.get("/ns/ChainElement?lang=en", headers=HTML).text
    assert "Nothing is of this class alone" in page
    assert "<pre><code>" in page


def test_a_class_shows_columns_rules_questions_and_matches(client: TestClient) -> None:
    page = client.get("/ns/Activity?lang=sv", headers=HTML).text
    assert "<td>Aktiviteter</td><td>Aktivitet</td>" in page
    assert 'href="/rules/RT-' in page
    assert 'href="/questions/cq' in page
    assert "I andra vokabulärer" in page
    status = client.get("/ns/status?lang=en", headers=HTML).text
    assert '<p class="kind">Property that leads to another thing' in status
    assert "/scheme/activity-status" in status


def test_a_module_shows_its_picture_also_as_a_table(client: TestClient) -> None:
    page = client.get("/ontology/chain?lang=en", headers=HTML).text
    table = page.partition("The diagram as a table")[2].partition("</table>")[0]
    svg = page.partition("<svg")[2].partition("</svg>")[0]
    assert svg.count('class="head') == table.count("</tr>") - 1 - table.count("<td>–</td><td>–</td>") > 10
    assert "Activity" in svg and "Activity" in table


def test_every_link_between_the_pages_leads_somewhere(client: TestClient) -> None:
    """From the index on; one concept of each code list and the files of one module stand for the rest."""
    seen, waiting = {"/ns?lang=sv"}, deque(["/ns?lang=sv"])
    tried: set[str] = set()
    pages = 0
    while waiting:
        at = waiting.popleft()
        answer = client.get(at, headers=HTML)
        assert answer.status_code == 200, at
        if "html" not in answer.headers["content-type"]:
            continue
        pages += 1
        for link in Page(answer.text).links:
            target = urlsplit(urljoin(at, link))
            one = f"{target.path}?{target.query}"
            ours = target.path.startswith(("/ns", "/ontology", "/scheme", "/form"))
            if target.netloc or not ours or one in seen or "lang=en" in target.query:
                continue
            seen.add(one)
            above, _, last = target.path.rpartition("/")
            if "." in last or target.path.count("/") == 3:
                like = above + last.partition(".")[2] if target.path.count("/") == 2 else above
                if like in tried:
                    continue
                tried.add(like)
            waiting.append(one)
    assert pages > len(documented())


@pytest.mark.parametrize(
    ("media", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_modules_terms_and_the_whole_answer_with_data(
    client: TestClient, media: str, form: ox.RdfFormat
) -> None:
    sizes = {}
    for path in (
        "/ns",
        "/ontology/core",
        "/ontology/core/0.2.0",
        "/ns/Activity",
        "/scheme/basis",
        "/form/Column",
    ):
        answer = client.get(path, headers={"accept": media})
        assert answer.headers["content-type"].startswith(media), path
        sizes[path] = len(set(ox.parse(answer.content, format=form)))
    assert sizes["/ns"] == len(vocabulary_graph())
    assert (
        sizes["/ontology/core"] == len(module_graph(ROOT + "ontology/core")) == sizes["/ontology/core/0.2.0"]
    )
    assert min(sizes.values()) > 3


def test_files_by_suffix_and_what_is_not_there(client: TestClient) -> None:
    assert client.get("/ns.ttl").headers["content-type"].startswith("text/turtle")
    assert client.get("/ontology/core.jsonld").headers["content-type"].startswith("application/ld+json")
    assert client.get("/ns.pdf").status_code == 406
    assert client.get("/ontology/nothing").status_code == 404
    assert client.get("/ontology/core/9.9.9").status_code == 404
    assert client.get("/ns", headers={"accept": "image/png"}).status_code == 406


def test_json_ld_is_compact_and_tells_where_its_context_is(client: TestClient) -> None:
    answer = client.get("/id/rodtrad/activity/20-a10.jsonld")
    (node,) = [one for one in answer.json()["@graph"] if one["@id"] == "id:rodtrad/activity/20-a10"]
    assert node["@type"] == "Activity"
    assert node["sourceSection"] == "Bilaga 1, Validering"
    assert '</ns/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"' in answer.headers["link"]
    context = client.get("/ns/context.jsonld")
    assert context.headers["content-type"].startswith("application/ld+json")
    assert context.json()["@context"]["Activity"] == "rt:Activity"


@pytest.fixture(scope="module")
def site(example_store: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    folder = tmp_path_factory.mktemp("docs")
    return folder, write_site(folder, EngineBackend(example_store))


def test_the_copy_as_files_holds_every_page_in_both_languages(site: tuple[Path, int]) -> None:
    folder, pages = site
    assert pages == 2 * (len(documented()) + 1)
    # Also where names that differ only in capitals are the same file.
    assert len({str(file).casefold() for file in folder.rglob("*.html")}) == pages + 1


def test_the_copy_as_files_needs_nothing_else_and_every_link_of_it_resolves(site: tuple[Path, int]) -> None:
    folder, _ = site
    for file in folder.rglob("*.html"):
        page = Page(file.read_text("utf-8"))
        assert page.lang == ("en" if file.is_relative_to(folder / "en") else "sv")
        for link in [*page.links, *page.loads]:
            if urlsplit(link).scheme in ("http", "https"):
                assert link not in page.loads, (file, link)
                continue
            assert not link.startswith("/"), (file, link)
            path, _, mark = link.partition("#")
            assert (file.parent / unquote(path)).exists() if path else mark in page.ids, (file, link)
