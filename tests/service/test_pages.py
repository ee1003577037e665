"""Every type of page: safe, in both languages, wholly without script, and true to its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

PAGES = yaml.safe_load((Path(__file__).parent / "pages.yaml").read_text("utf-8"))
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
# The one link out that Swedish law asks for; identifiers are names and are not fetched.
ALLOWED = {"https://www.digg.se/tdosanmalan"}
OWN_SCRIPT = re.compile(r'<script src="/static/[\w.-]+\.js" defer></script>')


def get(client: TestClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers={**HTML, **headers})
    assert answer.status_code == 200, (path, answer.text[:400])
    return answer.text


@pytest.mark.parametrize("path", PAGES)
def test_page_is_safe_and_bilingual(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text[:400]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src 'self';" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script" not in OWN_SCRIPT.sub("", answer.text) and "<style" not in answer.text
    assert not re.search(r"<[^>]+\s(style|on\w+)=", answer.text)
    sources = re.findall(r'(?:src|href|action)="([^"]*)"', answer.text)
    assert {one for one in sources if not one.startswith(("/", "#"))} <= ALLOWED
    assert '<html lang="sv">' in answer.text
    assert answer.text.count("<h1") == 1
    english = client.get(path, headers={**HTML, "accept-language": "en-GB,en;q=0.9"})
    assert '<html lang="en">' in english.text
    assert english.headers["content-language"] == "en"


@pytest.mark.parametrize("path", PAGES)
def test_every_link_within_the_page_leads_somewhere(client: TestClient, path: str) -> None:
    answer = get(client, path)
    links = sorted(set(re.findall(r'href="(/[^"]*)"', answer)))
    for link in links[:: max(1, len(links) // 12)]:
        address = link.replace("&amp;", "&")
        assert client.get(address, headers=HTML).status_code in (200, 303), (path, address)


def test_chosen_language_follows_the_links(client: TestClient) -> None:
    page = get(client, "/regions/20?lang=en")
    assert 'href="/thread?iri=' in page
    within = re.findall(r'href="(/(?!static|openapi)[^"]*)"', page)
    assert all("lang=en" in one for one in within if "lang=sv" not in one)


def test_swedish_texts_are_marked_on_english_pages(client: TestClient) -> None:
    page = get(client, "/id/rodtrad/activity/20-a10.html?lang=en")
    assert '<h1 lang="sv"><bdi>Dala Valideringscentrum (DVC)</bdi></h1>' in page
    assert '<bdi lang="sv">Avslutades 30 juni 2019</bdi>' in page
    assert ">carried out<" in page


def test_start_page_has_the_21_counties_in_code_order_and_marks_the_made_up_one(client: TestClient) -> None:
    page = get(client, "/")
    codes = re.findall(r'<span class="code">(\d\d)</span>', page)
    assert codes == sorted(codes) and len(codes) == 21
    assert page.index("Ett påhittat län") < page.index(
        'href="/regions/bergslund"', page.index("Ett påhittat län")
    )
    counts = re.findall(r"<li>([^<]*)aktiviteter</li>", page)
    assert len(counts) == 22
    assert sum(one.startswith("minst ") for one in counts) == 21


def test_region_page_says_who_speaks_and_what_is_not_said(client: TestClient) -> None:
    page = get(client, "/regions/20")
    assert "Regionen har inte publicerat något här." in page
    assert "(<bdi>urval</bdi>)" in page
    # Counted by hand in examples/evaluation/20-dalarna/4-aktiviteter.csv.
    assert re.search(r"Aktiviteter <span class=\"how-many\">minst 21</span>", page)
    assert "Arbetet som helhet knyts till" in page
    # The evaluation gives no figures for Dalarna.
    assert re.search(r'id="figures">Siffror</h2>\s*<p class="none">källan anger inget</p>', page)


def test_made_up_county_is_marked_and_its_counts_are_whole(client: TestClient) -> None:
    page = get(client, "/regions/bergslund")
    assert "Allt på den här sidan är konstruerat" in page
    assert "minst" not in page


def test_resource_page_follows_the_form_and_shows_where_it_comes_from(client: TestClient) -> None:
    page = get(client, "/id/rodtrad/activity/20-a10.html")
    order = [
        page.index(f"<dt>{name}")
        for name in ("Område", "Del av uppdraget", "Status", "Från år", "Anmärkning")
    ]
    assert order == sorted(order)
    assert "<dd><bdi>2019</bdi></dd>" in page
    assert "Bilaga 1, Validering" in page and "Ramboll/Tillväxtverket 2021" in page
    assert "Tolkat av den som kodat: Generisk aktivitet, Regionens roll." in page
    # The activity's participation and its link are tables of their own, with labels.
    assert "Orsakslänk där detta är orsak" in page
    assert "Region Dalarna" in page and "Validering har kommit framåt" in page


def test_thread_goes_from_the_national_strategy_to_the_outcome(client: TestClient) -> None:
    iri = "https://w3id.org/rodtrad/id/rodtrad/activity/20-a10"
    page = get(client, f"/thread?iri={iri}")
    svg = page[
        page.index('<svg class="chain" xmlns') : page.index("</svg>", page.index('<svg class="chain" xmlns'))
    ]
    for kind in (
        "document/nationell-strategi-2015-2020",
        "mandate-part/m3",
        "activity/20-a10",
        "result/20-r2",
    ):
        assert re.search(rf'<a href="/id/\w+/{kind}"', svg), kind
    # The link to the result is interpreted and is drawn double; the output's own link is not.
    assert svg.count('class="link causal interpreted') == 1
    assert svg.count('class="core') == 1
    # An output that leads nowhere in the source breaks the thread, in the picture and in words.
    assert 'class="break"' in svg
    assert "Källan anger inte vad detta ledde till." in page
    assert "Källan anger ingen resurs." in "".join(re.findall(r">([^<]+)</tspan>", svg))
    table = page[page.index("Sambanden i tråden") :]
    assert "tolkad" in table and "leder till" in table


def test_planned_work_is_never_drawn_as_achieved(client: TestClient) -> None:
    page = get(client, "/thread?iri=https://w3id.org/rodtrad/id/rodtrad/activity/20-a1")
    links = re.findall(r'class="(link causal[^"]*)"', page[page.index('<svg class="chain" xmlns') :])
    assert links == ["link causal stated is-expected"]


def test_question_form_has_choices_and_its_answer_its_sources(client: TestClient) -> None:
    empty = get(client, "/questions/cq08-documents-under-the-strategy")
    assert empty.count("<option") == 22
    assert "Fyll i det som måste anges" in empty
    answered = get(client, "/questions/cq08-documents-under-the-strategy?region=20")
    assert "Handlingsplan för kompetensförsörjning" in answered
    assert '<th scope="col">Källa</th>' in answered
    assert "/api/v1/queries/cq08-documents-under-the-strategy/results?format=xlsx" in answered


def test_wrong_value_in_a_form_lists_candidates(client: TestClient) -> None:
    answer = client.get("/questions/cq08-documents-under-the-strategy?region=Atlantis", headers=HTML)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text and "Dalarnas län" in answer.text


def test_sides_show_every_county_once_and_say_what_is_missing(client: TestClient) -> None:
    page = get(client, "/sides/cq08-documents-under-the-strategy")
    regions = re.findall(r'scope="rowgroup"[^>]*><a href="/regions/(\d\d)"', page)
    assert regions == sorted(regions) and len(regions) == 21
    answered = re.search(r"(\d+) av 21 län har uppgifter", page)
    assert answered and 0 < int(answered[1]) < 21
    assert page.count("källan anger inget") == 21 - int(answered[1])
    csv = client.get("/sides/cq08-documents-under-the-strategy?format=csv").text
    assert csv.splitlines()[0].startswith("Län,Län (IRI),Dokument")
    xlsx = client.get("/sides/cq79-regions-side-by-side?format=xlsx")
    assert xlsx.content[:2] == b"PK" and 'filename="cq79' in xlsx.headers["content-disposition"]


def test_hostile_texts_are_inert_everywhere(hostile: TestClient) -> None:
    activity = "https://w3id.org/rodtrad/id/rodtrad/activity/x"
    select = "SELECT ?s ?o WHERE { ?s <https://w3id.org/rodtrad/ns/note> ?o } ORDER BY ?s"
    pages = (
        "/",
        "/regions/20",
        "/id/rodtrad/activity/x.html",
        f"/thread?iri={activity}",
        "/thread?iri=https://w3id.org/rodtrad/id/ref/region/20",
        "/publications",
        "/graph/rodtrad/hostile",
        f"/sparql?query={select}",
    )
    for path in pages:
        page = get(hostile, path)
        assert "<script" not in OWN_SCRIPT.sub("", page) and "<img" not in page, path
    shown = get(hostile, "/id/rodtrad/activity/x.html")
    assert "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;" in shown


def test_reflected_markup_is_inert(client: TestClient) -> None:
    attack = "%3Cscript%3Ealert(1)%3C/script%3E"
    for path in (
        f"/{attack}",
        f"/id/{attack}",
        f"/resource?iri=urn:{attack}",
        f"/rules/{attack}",
        f"/regions/{attack}",
        f"/questions/{attack}",
        f"/sparql?query={attack}",
        f"/thread?iri={attack}",
        f"/sides/{attack}",
    ):
        answer = client.get(path, headers=HTML)
        assert 400 <= answer.status_code < 500, path
        assert "<script" not in re.sub(
            r'<script src="/static/[a-z]+\.js" defer></script>', "", answer.text
        ), path


def test_new_class_gets_a_page_of_its_own_from_a_template_only(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jinja2 import ChoiceLoader, DictLoader
    from rodtrad.service.rendering import environment

    own = DictLoader(
        {"classes/Activity.html": '{% extends "resource.html" %}{% block fields %}EGEN{% endblock %}'}
    )
    monkeypatch.setattr(environment(), "loader", ChoiceLoader([own, environment().loader]))
    assert "EGEN" in get(client, "/id/rodtrad/activity/20-a11.html")
    assert "EGEN" not in get(client, "/id/rodtrad/output/20-a11-o1.html")


def test_a_thread_without_an_objective_says_so_and_one_with_an_objective_does_not(client: TestClient) -> None:
    base = "https://w3id.org/rodtrad/id/"
    without = client.get("/thread", params={"iri": base + "rodtrad/activity/20-a10", "lang": "sv"}).text
    assert "källan anger inget mål" in without
    resource = base + "bergslund/resource/projektmedel-till-validering-nara-dig"
    assert "källan anger inget mål" not in client.get("/thread", params={"iri": resource, "lang": "sv"}).text


def test_a_long_side_by_side_page_says_how_many_rows_it_leaves_to_the_downloads(client: TestClient) -> None:
    address = "/sides/cq80-regions-that-do-the-same"
    page = client.get(address, params={"lang": "sv"}).text
    left = sum(int(number) for number in re.findall(r"(\d+) rader till", page))
    total = len(client.get(address, params={"format": "json"}).json()["rows"])
    assert left > 0
    assert page.count('<td class="quiet" colspan') == len(re.findall("rader till", page))
    assert total - left == page.count("<tr>") - page.count('colspan="') - 1


@pytest.mark.parametrize("path", ["/rules/RT-K-002", "/rules/RT-B-001", "/problems/removes-much"])
def test_a_page_about_a_message_shows_no_place_holders(client: TestClient, path: str) -> None:
    page = get(client, path)
    assert "…" in page
    assert not re.findall(r"\{\??[a-z_]+\}", page)
