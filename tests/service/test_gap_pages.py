"""The matrix of white spots: as a page to print, as files, for a county and for one publication."""

from __future__ import annotations

import json
import re

from fastapi.testclient import TestClient

HTML = {"accept": "text/html"}


def test_the_matrix_tells_done_planned_and_empty_apart(client: TestClient) -> None:
    page = client.get("/gaps?kind=cq19-priority-by-capacity-tool&lang=sv", headers=HTML)
    assert page.status_code == 200
    assert page.text.count(">tomt<") == 7  # two priorities, five tools, three cells with something in them
    assert page.text.count("planerat, inte gjort") == 1
    assert "/questions/cq02-below-a-priority?priority=" in page.text


def test_a_sample_is_never_called_empty(client: TestClient) -> None:
    page = client.get("/gaps?kind=cq19-priority-by-capacity-tool&region=20&lang=sv", headers=HTML)
    assert page.status_code == 200
    assert "urval: tystnad är inget bevis" in page.text
    assert ">tomt<" not in page.text


def test_the_cells_are_handed_out_as_files(client: TestClient) -> None:
    rows = json.loads(client.get("/gaps?kind=gaps-priority-by-actor-type&format=json").text)["rows"]
    assert len(rows) == 2 * 12
    assert client.get("/gaps?format=csv").text.count("\n") == 11
    assert client.get("/gaps?format=xlsx").content[:2] == b"PK"


def test_what_cannot_be_shown_is_explained(client: TestClient) -> None:
    assert client.get("/gaps?kind=cq04-results-without-stated-activity").status_code == 404
    assert client.get("/gaps?region=Ingenstans").status_code == 400
    assert client.get("/gaps?format=pdf").status_code == 406


def test_every_activity_counted_in_a_cell_is_named_and_linked(client: TestClient) -> None:
    shown = client.get("/gaps?kind=cq19-priority-by-capacity-tool&lang=sv", headers=HTML).text
    cells = [cell for cell in re.findall(r"<td>(.*?)</td>", shown, re.DOTALL) if "in-cell" in cell]
    assert len(cells) == 3
    for cell in cells:
        done, planned = re.findall(r"\((\d+)(?: \+ (\d+))?\)", cell)[0]
        assert cell.count("/id/bergslund/") == cell.count("<li>") == int(done) + int(planned or 0)
    planned_only = next(cell for cell in cells if "planerat, inte gjort" in cell)
    assert "is-planned" in planned_only and "Mötesplats för besöksnäringens arbetsgivare" in planned_only
    address = re.findall(r'href="(/id/bergslund/[^"]+)"', planned_only)[0]
    assert client.get(address, headers=HTML).status_code in (200, 303)
