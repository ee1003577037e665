"""What can be asked: the catalogue of questions, the runner, and the trace from strategy to effect."""
