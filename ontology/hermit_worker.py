"""Runs HermiT through Owlready2 on one N-Triples file, in a process of its own.

Owlready2 keeps its Java settings in global variables and leaves a file behind when HermiT says
"inconsistent": here both end with the process. Prints one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(file: str, memory_mb: str) -> None:
    """Print ``{"consistent", "unsatisfiable", "seconds"}``, or ``{"failed"}`` with the reasoner's words."""
    import owlready2
    from owlready2 import reasoning

    reasoning.JAVA_MEMORY = int(memory_mb)
    world = owlready2.World()
    with Path(file).open("rb") as source:
        world.get_ontology("https://w3id.org/rodtrad/reasoned#").load(fileobj=source)
    started = time.monotonic()
    try:
        owlready2.sync_reasoner_hermit(world, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        verdict: dict[str, object] = {"consistent": False, "unsatisfiable": []}
    except owlready2.OwlReadyJavaError as error:
        print(json.dumps({"failed": str(error)}))
        return
    else:
        empty = {str(c.iri) for c in world.inconsistent_classes() if c is not owlready2.Nothing}
        verdict = {"consistent": True, "unsatisfiable": sorted(empty)}
    print(json.dumps(verdict | {"seconds": round(time.monotonic() - started, 3)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
