"""The accessibility statement has what Swedish law asks for, in both languages, with the operator's own words."""

from __future__ import annotations

import pytest
from rodtrad.ontology import vocabulary
from rodtrad.service.app import create_app
from rodtrad.service.backend import EngineBackend
from rodtrad.service.settings import Settings
from rodtrad.store import Store
from starlette.testclient import TestClient

ASKED_FOR = {
    "sv": [
        "Exempelregionen",
        "2018:1937",
        "delvis förenlig",
        "WCAG 2.1",
        "Kända brister",
        "Oskäligt betungande anpassning",
        "tillganglighet@exempel.se",
        "Myndigheten för digital förvaltning",
        "tdosanmalan",
        "Så har vi testat",
        "21 november 2026",
        "Ingen prövning med skärmläsare",
    ],
    "en": [
        "Exempelregionen",
        "2018:1937",
        "partly compliant",
        "WCAG 2.1",
        "Known shortcomings",
        "Disproportionate burden",
        "tillganglighet@exempel.se",
        "Agency for Digital Government",
        "tdosanmalan",
        "How we have tested",
        "21 November 2026",
        "No test with a screen reader",
    ],
}


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_the_statement_has_its_parts(lang: str) -> None:
    store = Store(None)
    store.set_vocabulary(vocabulary())
    settings = Settings(operator_name="Exempelregionen", contact="tillganglighet@exempel.se")
    with TestClient(create_app(settings, EngineBackend(store))) as client:
        page = client.get(f"/accessibility?lang={lang}", headers={"accept": "text/html"}).text
    assert [part for part in ASKED_FOR[lang] if part not in page] == []


def test_every_page_leads_to_the_statement(client: TestClient) -> None:
    for path in ("/", "/national", "/gaps", "/id/rodtrad/activity/20-a999"):
        assert 'href="/accessibility' in client.get(path, headers={"accept": "text/html"}).text, path
