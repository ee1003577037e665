"""How fast figures come in: all observations of BRP+ from file to published, in CPU seconds per step.

``python -m benchmarks.loading FOLDER``, where FOLDER holds the files of BRP+.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from rodtrad import examples
from rodtrad.loader import References, ntriples, pack_origins, read
from rodtrad.loader.statistics import read_bulk
from rodtrad.ontology import vocabulary
from rodtrad.shapes.validation import validate
from rodtrad.store import Store


def main() -> None:
    """Measure once and print; what is made once for a process is made before."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    folder = arguments.parse_args().folder
    known = ntriples(read([examples.national()[0]], References.from_ntriples()).graph)
    references = References.from_ntriples(vocabulary(), known)
    context = [vocabulary(), known]
    validate(known, context, "bas")
    with tempfile.TemporaryDirectory() as store_folder:
        store = Store(Path(store_folder))
        store.set_vocabulary(vocabulary())
        began = time.process_time()
        bulk = read_bulk("brp", [folder], references)
        was_read = time.process_time()
        report = validate(bulk.data, context, "bas")
        validated = time.process_time()
        origins = pack_origins(bulk.reading.origins)
        store.publish(str(bulk.reading.graph_iri), bulk.data, by="benchmark", origins=origins)
        published = time.process_time()
    used = published - began
    print(f"observations {bulk.observations}, findings {len(report.findings)}")
    print(f"read {was_read - began:.2f} s · validate {validated - was_read:.2f} s", end=" · ")
    print(
        f"publish {published - validated:.2f} s · {bulk.observations / used:.0f} observations per CPU second"
    )


if __name__ == "__main__":
    main()
