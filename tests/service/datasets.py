"""Small datasets to publish: a publication of a region and as many activities as are wanted."""

from __future__ import annotations

BASE = "https://w3id.org/rodtrad"
PREFIXES = f"""@prefix rt: <{BASE}/ns/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
ACTORS = {"20": "region-dalarna", "21": "region-gavleborg"}


def graph_of(name: str, publisher: str = "20") -> str:
    return f"{BASE}/graph/{publisher}/{name}"


def activity(local: str, publisher: str = "20") -> str:
    return f"{BASE}/id/{publisher}/activity/{local}"


def turtle(name: str, *activities: str, publisher: str = "20") -> str:
    """A dataset that passes tier bas; the local names of the activities are also their labels."""
    graph, region = graph_of(name, publisher), f"<{BASE}/id/ref/region/{publisher}>"
    lines = [
        f'{PREFIXES}<{graph}> a rt:Publication ; rdfs:label "{name}"@sv ; dcterms:identifier "{name}" ;',
        f"  rt:publisher <{BASE}/id/ref/actor/{ACTORS[publisher]}> ; rt:subject {region} ;",
        f"  rt:completeness <{BASE}/scheme/completeness/complete> .",
    ]
    lines += [described(name, one, publisher) for one in activities]
    return "\n".join(lines) + "\n"


def described(name: str, local: str, publisher: str = "20", label: str | None = None) -> str:
    """One activity, without prefixes."""
    said = f'rdfs:label "{local if label is None else label}"@sv ; ' if label != "" else ""
    return (
        f"<{activity(local, publisher)}> a rt:Activity ; {said}"
        f"rt:inPublication <{graph_of(name, publisher)}> ; rt:about <{BASE}/id/ref/region/{publisher}> ; "
        f"rt:status <{BASE}/scheme/activity-status/ongoing> ."
    )
