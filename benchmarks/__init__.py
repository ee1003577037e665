"""How fast it is: a seeded national dataset, workloads, one command, one table."""
