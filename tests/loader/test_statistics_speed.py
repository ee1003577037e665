"""All observations of BRP+ go from file to published within their time."""

from __future__ import annotations

import time
from pathlib import Path

from rodtrad import examples
from rodtrad.loader import References, ntriples, pack_origins, read
from rodtrad.loader.statistics import read_bulk
from rodtrad.ontology import vocabulary
from rodtrad.shapes.validation import validate
from rodtrad.store import Store

PER_CPU_SECOND = 3000


def test_brp_plus_is_read_validated_and_published_in_time(shared: Path, tmp_path: Path) -> None:
    actors = ntriples(
        read([Path(examples.__file__).parent / "national/actors"], References.from_ntriples()).graph
    )
    references = References.from_ntriples(vocabulary(), actors)
    store = Store(tmp_path)
    store.set_vocabulary(vocabulary())
    # What is made once for a process is not the work of this publication.
    warm = read_bulk("kolada", [shared / "data/api-samples/kolada/values-v3-n00945.csv"], references)
    validate(warm.data, [vocabulary(), actors], "bas")
    began = time.process_time()
    bulk = read_bulk("brp", [shared / "data/statistics/brp-plus-2025"], references)
    report = validate(bulk.data, [vocabulary(), actors], "bas")
    store.publish(
        str(bulk.reading.graph_iri), bulk.data, by="test", origins=pack_origins(bulk.reading.origins)
    )
    used = time.process_time() - began
    assert bulk.observations == 15_337
    assert report.conforms
    assert bulk.observations / used >= PER_CPU_SECOND, f"{bulk.observations / used:.0f} per CPU second"
