"""Röda tråden: from a regional strategy to what is done, what it led to, and back.

The ontology, the shapes and the queries are the program; the Python in this package runs them.
"""

__version__ = "0.1.0"
