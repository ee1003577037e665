"""Uses the class, the rule and the question; run with a copy of the package that has the text files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from python_calamine import CalamineWorkbook
from rodtrad.loader import write_template
from rodtrad.service.app import create_app
from rodtrad.service.backend import backend_for
from rodtrad.service.commands.publications import national_context
from rodtrad.service.inprocess import request
from rodtrad.service.publishing import check, publish
from rodtrad.service.settings import Settings
from rodtrad.store import Store

folder = Path(sys.argv[1])
seen: dict[str, object] = {}

write_template(folder / "template.xlsx", "sv")
sheets = CalamineWorkbook.from_path(str(folder / "template.xlsx"))
seen["template"] = any("Prövas till år" in row for row in sheets.get_sheet_by_name("Lärande").to_python())

sheet = folder / "data"
sheet.mkdir()
(sheet / "1-publicering.csv").write_text(
    "Rubrik,Utgivare,Datamängd,Fullständighet\nProv,Region Dalarna,prov,urval\n", encoding="utf-8"
)
(sheet / "8-larande.csv").write_text(
    "Slag,Text,Prövas till år\nFörsöksverksamhet,Sommarskola,2027\nFörsöksverksamhet,Vinterskola,\n",
    encoding="utf-8",
)
context = national_context()
submission = check(sheet, context, "kedja")
seen["problems"] = [problem.message("sv") for problem in submission.reading.problems]
found = [f for f in (submission.report.findings if submission.report else ()) if f.rule == "RT-K-900"]
seen["findings"] = [
    (finding.focus.rsplit("/", 1)[-1], str(finding.where and finding.where.cell)) for finding in found
]

store = Store(None)
publish(store, [submission], by="test")
with backend_for(store, Settings()) as backend:
    app = create_app(Settings(), backend)
    paths = {
        "question": "/questions/pilots",
        "rule": "/rules/RT-K-900",
        "class": "/ns/Pilot",
        "resource": "/id/20/pilot/sommarskola",
    }
    for name, path in paths.items():
        status, body = request(app, path, "text/html")
        seen[name] = (status, body.decode())
    status, body = request(app, "/api/v1/queries/pilots/results?format=json")
    seen["api"] = json.loads(body)
print(json.dumps(seen))
