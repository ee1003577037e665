"""Full text: every text of one generation, found by words in any inflection, in Swedish and English."""

from .entries import FACETS, Entry, entries
from .index import Facet, Found, Hit, SearchIndex, Segment

__all__ = ["FACETS", "Entry", "Facet", "Found", "Hit", "SearchIndex", "Segment", "entries"]
