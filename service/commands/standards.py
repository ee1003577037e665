"""Which other standards a publication can be written in."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from rdflib import Graph

from ...loader.foreign import Exported
from ...ontology.problems import Lang


class Standard(StrEnum):
    """A standard of others that our data can be handed on in."""

    cids = "cids"
    iati = "iati"


def in_standard(
    triples: bytes, context: Sequence[bytes], standard: Standard, lang: Lang, iati_org: str | None = None
) -> Exported:
    """One publication, as N-Triples, in the form of the standard.

    Raises:
        RodtradError: The publication tells of nothing that the standard can take (``nothing-to-export``) or
            lacks what it demands (``iati-no-period``).
    """
    from ...loader.cids import write_cids
    from ...loader.iati import write_iati

    publication = Graph().parse(data=triples, format="nt")
    if standard is Standard.cids:
        return write_cids(publication, context, lang)
    return write_iati(publication, context, lang, organisation_ref=iati_org)
