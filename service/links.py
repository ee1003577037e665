"""From identifiers to addresses on this host, with the reader's chosen language kept."""

from __future__ import annotations

from urllib.parse import quote, urlencode

_LOCAL = ("id/", "ns/", "scheme/", "graph/", "rule/")
_SAFE = "/:@!$&'()*+,;=~-._"


class Links:
    """Addresses within one answer. ``lang`` is set when the reader chose a language in the address."""

    def __init__(self, public_base: str, lang: str | None = None) -> None:
        self._base = public_base
        self._lang = lang

    def page(self, path: str, **parameters: object) -> str:
        """A path of this host with its parameters, empty ones left out."""
        asked = {key: str(value) for key, value in parameters.items() if value not in (None, "")}
        if self._lang and "lang" not in asked:
            asked["lang"] = self._lang
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


def switched(path: str, query: dict[str, str], lang: str) -> str:
    """This same address in another language."""
    return f"{quote(path, safe=_SAFE)}?{urlencode({**query, 'lang': lang})}"
