"""How data comes in: workbooks, CSV sheets and RDF become publications, and publications become workbooks."""

from __future__ import annotations

from .export import build_workbook, write_csv_folder, write_workbook
from .jsonld import our_context, write_jsonld
from .ntriples import ntriples
from .origins import pack_origins, unpack_origins
from .rdf import rdf_files
from .reader import read
from .reading import Origin, Reading
from .references import References
from .template import write_template

__all__ = [
    "Origin",
    "Reading",
    "References",
    "build_workbook",
    "ntriples",
    "our_context",
    "pack_origins",
    "rdf_files",
    "read",
    "unpack_origins",
    "write_csv_folder",
    "write_jsonld",
    "write_template",
    "write_workbook",
]
