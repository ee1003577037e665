"""Measure every question of the catalogue: ``python -m benchmarks.questions FILE.nq ...``.

Each is asked with the values of its header and, where those are optional, without them: the whole nation. The
figures are CPU seconds, the median of up to five runs in a process of its own that is stopped after ``LIMIT_S``:
of the query alone, and of the whole from what the asker wrote to labelled rows.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rodtrad.ontology.problems import RodtradError
from rodtrad.queries.catalogue import catalogue
from rodtrad.queries.header import Query
from rodtrad.queries.parameters import JSON, bind
from rodtrad.queries.runner import run

from .measure import our_engine, timed

LIMIT_S = 30


@dataclass(frozen=True)
class Figure:
    """A question asked in one way; ``failed`` says why there is no figure."""

    question: str
    given: str
    query_s: float = 0.0
    whole_s: float = 0.0
    rows: int = 0
    failed: str = ""


def ways(question: Query) -> Iterator[Mapping[str, str]]:
    """The values that a question is asked with: those of its header, and the required ones alone."""
    whole = {one.name: one.example for one in question.parameters if one.example}
    required = {one.name: one.example for one in question.parameters if one.required}
    yield whole
    if required != whole:
        yield required


def figures(data: Path) -> Iterator[Figure]:
    """Every question of the catalogue over the dataset, in each way it can be asked."""
    engine = our_engine(data)
    for question in catalogue().values():
        for given in ways(question):
            asked = ", ".join(f"{name} {value.rpartition('/')[2]}" for name, value in given.items())
            yield _apart(engine, question, given, asked or "–")


def _apart(engine, question: Query, given: Mapping[str, str], asked: str) -> Figure:
    """In a child that shares the index, so that a question without end takes nothing down with it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.write(theirs, _measured(engine, question, given).encode())
        os._exit(0)
    os.close(theirs)
    until = time.monotonic() + LIMIT_S
    while not (done := os.waitpid(child, os.WNOHANG)[0]) and time.monotonic() < until:
        time.sleep(0.005)
    if not done:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with os.fdopen(ours) as answer:
        query_s, whole_s, rows, failed = (answer.read() or f"0 0 0 not within {LIMIT_S} s").split(" ", 3)
    return Figure(question.id, asked, float(query_s), float(whole_s), int(rows), failed)


def _measured(engine, question: Query, given: Mapping[str, str]) -> str:
    try:
        text = bind(engine, question, given, "sv")
    except RodtradError as error:
        return f"0 0 0 {error.problems[0].code}"
    query = timed(lambda: len(engine.query(text, JSON)), LIMIT_S / 8)
    whole = timed(lambda: len(run(engine, question, given).rows), LIMIT_S / 8)
    return f"{query['cpu_s']} {whole['cpu_s']} {whole['rows']} "


def main() -> None:
    """Measure and print, the slowest first."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, nargs="+", help="N-Quads, such as benchmarks.copies writes")
    for data in arguments.parse_args().data:
        print(
            f"### {data.stem}\n\n| question | asked with | query | whole | rows |\n|---|---|---:|---:|---:|"
        )
        for one in sorted(figures(data), key=lambda one: (not one.failed, -one.query_s)):
            seconds = f"{one.failed} |" if one.failed else f"{one.query_s:.3f} | {one.whole_s:.3f}"
            print(f"| {one.question} | {one.given} | {seconds} | {one.rows:,} |", flush=True)


if __name__ == "__main__":
    main()
