"""What can be asked: the catalogue, the runner, the trace from strategy to effect, the roll-up."""

from .rollup import rollup

__all__ = ["rollup"]
