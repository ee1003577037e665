"""From identifiers to addresses on this host, with what the reader chose kept."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

_LOCAL = ("id/", "ns/", "form/", "ontology/", "scheme/", "graph/", "rule/", "queries/")
_SAFE = "/:@!$&'()*+,;=~-._"


class Links:
    """Addresses within one answer. ``kept`` is what the reader chose in the address: language, moment."""

    def __init__(self, public_base: str, kept: Mapping[str, str] | None = None) -> None:
        self._base = public_base
        self._kept = kept or {}

    def page(self, path: str, **parameters: object) -> str:
        """A path of this host with its parameters, empty ones left out."""
        asked = {key: str(value) for key, value in parameters.items() if value not in (None, "")}
        asked |= {key: value for key, value in self._kept.items() if key not in asked}
        return quote(path, safe=_SAFE + "%") + (f"?{urlencode(asked)}" if asked else "")

    def resource(self, iri: str) -> str:
        """The page of a resource: its own path when it is ours, else the page for any IRI."""
        rest = iri.removeprefix(self._base)
        if rest != iri and rest.startswith(_LOCAL) and not set("?#%") & set(rest):
            return self.page("/" + rest)
        return self.page("/resource", iri=iri)

    def data(self, iri: str, suffix: str) -> str:
        """The same resource as data, without language: ``suffix`` is ttl, nt or jsonld."""
        rest = iri.removeprefix(self._base)
        if rest != iri and rest.startswith(_LOCAL) and not set("?#%") & set(rest):
            return quote(f"/{rest}.{suffix}", safe=_SAFE)
        return f"/resource?{urlencode({'iri': iri, 'format': suffix})}"


def switched(path: str, query: Mapping[str, str], name: str, value: str | None) -> str:
    """This same address with another language or moment, or without one."""
    asked = {key: one for key, one in {**query, name: value}.items() if one is not None}
    return quote(path, safe=_SAFE) + (f"?{urlencode(asked)}" if asked else "")
