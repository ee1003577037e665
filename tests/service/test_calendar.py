"""The cycles over HTTP: a feed that calendar programs read, the interface, and the pages."""

from __future__ import annotations

import csv
import io
from datetime import date

import icalendar
import pytest
from starlette.testclient import TestClient

FEED = "/calendar/bergslund.ics?on=2026-01-15"


def events(client: TestClient, path: str) -> list[icalendar.Event]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_the_feed_is_read_back_with_whole_days(client: TestClient) -> None:
    made = icalendar.Calendar.from_ical(client.get(FEED).content)
    assert made["version"] == "2.0"
    assert made["prodid"]
    found = events(client, FEED)
    assert [(one.decoded("dtstart"), one.decoded("dtend")) for one in found][:2] == [
        (date(2025, 3, 1), date(2025, 4, 1)),
        (date(2025, 9, 1), date(2025, 10, 1)),
    ]
    assert all(one["dtstart"].params["VALUE"] == "DATE" for one in found)
    assert all(one.decoded("dtstamp").tzinfo for one in found)
    assert len(found) == 8  # March and December of three years; September 2025 and 2027.


def test_lines_are_folded_and_end_as_the_standard_says(client: TestClient) -> None:
    body = client.get(FEED).content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_an_event_keeps_its_identity_between_days_and_languages(client: TestClient) -> None:
    ids = [str(one["uid"]) for one in events(client, FEED)]
    assert len(set(ids)) == len(ids)
    assert [str(one["uid"]) for one in events(client, f"{FEED}&lang=en")] == ids
    assert [str(one["uid"]) for one in events(client, "/calendar/bergslund.ics?on=2026-06-01")] == ids


def test_an_event_says_what_is_overdue_who_is_silent_and_what_was_decided(client: TestClient) -> None:
    first = events(client, FEED)[0]
    told = str(first["description"])
    assert "Läge: försenad" in told
    assert "Har inte svarat: Tallnäs kommun" in told
    assert "Beslut som följde: Vägledning öga mot öga" in told
    assert "Konstruerat" in told
    assert "försenad" in first["categories"].to_ical().decode()
    english = events(client, f"{FEED}&lang=en")[0]
    assert english["summary"].params["LANGUAGE"] == "en"
    assert "State: overdue" in str(english["description"])


def test_steps_without_time_are_named_and_never_given_a_day(client: TestClient) -> None:
    made = icalendar.Calendar.from_ical(client.get("/calendar/03.ics?on=2026-01-15").content)
    assert list(made.walk("VEVENT")) == []
    assert str(made["x-wr-caldesc"]).count("källan anger ingen månad") == 6


def test_the_feed_is_not_sent_again_when_nothing_has_changed(client: TestClient) -> None:
    tag = client.get(FEED).headers["etag"]
    same = client.get(FEED, headers={"If-None-Match": tag})
    assert (same.status_code, same.content) == (304, b"")
    later = client.get("/calendar/bergslund.ics?on=2026-04-15", headers={"If-None-Match": tag})
    assert later.status_code == 200


def test_the_interface_says_from_which_day_it_is_seen(client: TestClient) -> None:
    asked = {"region": "24", "from": "2026-01-01", "to": "2026-12-31", "on": "2026-03-01"}
    answer = client.get("/api/v1/followups", params=asked).json()
    assert (answer["on"], answer["from"], answer["to"]) == ("2026-03-01", "2026-01-01", "2026-12-31")
    assert [(one["due"], one["state"]) for one in answer["occasions"]] == [
        ("2026-01-31", "not-told"),
        ("2026-02-28", "not-told"),
        ("2026-04-30", "coming"),
        ("2026-06-30", "coming"),
        ("2026-12-31", "coming"),
    ]
    assert len(answer["withoutTime"]) == 6
    assert client.get("/api/v1/followups").json()["on"] >= "2026"


def test_the_table_is_the_same_as_the_interface(client: TestClient) -> None:
    asked = {"region": "bergslund", "on": "2026-01-15", "format": "csv"}
    rows = list(
        csv.DictReader(io.StringIO(client.get("/api/v1/followups", params=asked).text.lstrip("\ufeff")))
    )
    assert [row["Läge"] for row in rows][:4] == ["försenad", "försenad", "försenad", "kommer"]
    assert rows[-1]["Läge"] == "utan tid"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/calendar/99.ics", 404, "unknown-region"),
        ("/api/v1/followups?region=99", 404, "unknown-region"),
        ("/api/v1/followups?on=januari", 400, "value-unreadable"),
        ("/api/v1/followups?from=2026-02-01&to=2026-01-01", 400, "value-unreadable"),
        ("/api/v1/followups?format=pdf", 406, "not-acceptable"),
    ],
)
def test_bad_input_is_explained(client: TestClient, path: str, status: int, code: str) -> None:
    answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == status
    assert code in answer.text


def test_a_county_without_cycles_has_an_empty_calendar(client: TestClient) -> None:
    assert events(client, "/calendar/20.ics") == []
    assert client.get("/api/v1/followups?region=20").json()["occasions"] == []


def test_the_pages_show_the_year_and_say_the_same_in_words(client: TestClient) -> None:
    page = client.get("/cycles/bergslund?on=2025-12-15").text
    assert page.count('class="step ') == 3
    assert "2025-03-31: Resultatsamtal" in page
    assert "Tallnäs kommun" in page
    assert "Allt på den här sidan är konstruerat" in page
    everybody = client.get("/cycles?on=2026-01-15").text
    assert "Återrapportering till regeringen" in everybody
    assert "källan anger ingen månad" in everybody
