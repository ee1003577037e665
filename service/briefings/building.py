"""From a definition to a report: asks the questions, keeps the rows, and tells where each number stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ...ontology.names import ID
from ...ontology.problems import Lang, Problem, RodtradError
from ...queries.answer import Cell as Found
from ...queries.catalogue import pages
from ...queries.header import Column as Heading
from ...queries.header import Query
from ...queries.runner import run
from ..backend import Backend
from ..regions import RegionSummary, by_code, region_iri, regions
from ..texts import number as written
from ..words import Labels, last_part
from . import content
from .content import Briefing, Cell, Section
from .definitions import Block, Definition, Figure, Part, Selection, Sentence, find, question, word
from .sources import Sources

_COMPLETE = "complete"
_NUMERIC = {"integer", "decimal", "year"}
_OF = "Of"
_YEARS = range(1000, 10_000)
Row = Mapping[str, Found]


def build(
    backend: Backend, briefing_id: str, region: str | None = None, lang: Lang = "sv", year: int | None = None
) -> Briefing:
    """A report on a county, given by its code, or on the nation.

    ``year`` keeps what the source places in that year.
    Raises RodtradError: ``unknown-briefing``, ``briefing-needs-region``, ``unknown-region``,
    ``value-unreadable`` for a year that is none.
    """
    definition = find(briefing_id)
    if year is not None and year not in _YEARS:
        raise RodtradError(Problem("value-unreadable", values={"name": "year", "given": str(year)[:80]}))
    about = _region(backend, definition, region, lang)
    return _Builder(backend, lang, year).report(definition, about)


def _region(backend: Backend, definition: Definition, code: str | None, lang: Lang) -> RegionSummary | None:
    if definition.about == "nation":
        return None
    if not code or not code.strip():
        raise RodtradError(Problem("briefing-needs-region", values={"briefing": definition.id}))
    known = regions(backend, lang, region_iri(code.strip())) if code.strip().isalnum() else []
    found = by_code(known, code.strip()) or by_code(regions(backend, lang), code.strip())
    if found is None:
        raise RodtradError(Problem("unknown-region", values={"code": code[:80]}))
    return found


@dataclass(frozen=True)
class _Rows:
    """Rows of a question, one per thing and number, and what was left out."""

    query: Query
    rows: tuple[Row, ...]
    without_year: int = 0

    @property
    def thing(self) -> str:
        return self.query.columns[0].name


def _thing(block: Block, query: Query) -> str:
    """The column that a row is about: the first, and of a question to people the first shown."""
    return query.columns[0].name if query.id in pages() else _columns(block, query)[0].name


class _Builder:
    def __init__(self, backend: Backend, lang: Lang, year: int | None) -> None:
        self._backend, self._year = backend, year
        self._lang: Lang = lang
        self._sources = Sources(backend, lang)
        self._asked: dict[tuple[str, ...], _Rows] = {}

    def report(self, definition: Definition, about: RegionSummary | None) -> Briefing:
        context = {"region": about.iri} if about else {}
        sections = [made for part in definition.sections for made in self._sections(part, context)]
        subject = about.label.text if about else word("nation", self._lang)
        if self._year is not None:
            subject = f"{subject}, {word('year', self._lang, year=self._year)}"
        return Briefing(
            id=definition.id,
            title=definition.title[self._lang],
            subject=subject,
            lead=definition.lead[self._lang],
            remarks=tuple(self._remarks(about)),
            lang=self._lang,
            sections=tuple(sections),
            notes=self._sources.notes,
            generation=self._backend.generation,
        )

    def _remarks(self, about: RegionSummary | None) -> Iterable[str]:
        if about and about.constructed:
            yield word("remark_constructed", self._lang)
        elif about and not about.has_published:
            yield word("remark_unpublished", self._lang)
        if about is None or about.at_least:
            yield word("remark_sample", self._lang)
        yield word("remark_planned", self._lang)
        yield word("remark_generation", self._lang, generation=self._backend.generation)

    # sections

    def _sections(self, part: Part, context: Mapping[str, str]) -> Iterable[Section]:
        if part.each is None:
            heading = part.heading[self._lang] if part.heading else ""
            yield self._section(part, heading, context, 1, part.own_page)
            return
        found = self._rows(part.each, context)
        things = [row[found.thing] for row in found.rows]
        if part.heading:
            empty = content.Missing("", part.each.empty[self._lang])
            first = self._section(replace_blocks(part), part.heading[self._lang], context, 1, False)
            yield first if things else replace(first, blocks=(*first.blocks, empty))
        seen: dict[str, Found] = {thing.value: thing for thing in things}
        for iri, thing in seen.items():
            inner = {**context, part.each.name: iri}
            own = part.model_copy(update={"text": None, "answers": {}})
            yield self._section(own, thing.label, inner, 2, part.each.own_page)

    def _section(
        self, part: Part, heading: str, context: Mapping[str, str], level: int, own_page: bool
    ) -> Section:
        iris = {key: str(ID[f"ref/reporting-weakness/{key}"]) for key in part.answers}
        labels = Labels(self._backend, iris.values(), self._lang)
        answers = tuple(
            content.Weakness(key, iris[key], labels.words(iris[key]).text, how[self._lang])
            for key, how in part.answers.items()
        )
        blocks = tuple(made for one in part.blocks for made in self._blocks(one, context))
        return Section(heading, (part.text or {}).get(self._lang, ""), level, own_page, blocks, answers)

    # blocks

    def _blocks(self, block: Block, context: Mapping[str, str]) -> Iterable[content.Block]:
        caption = block.caption[self._lang]
        if block.kind == "figures":
            columns = (
                content.Column(word("label", self._lang)),
                content.Column(word("number", self._lang), True),
            )
            rows = [(Cell(one.label[self._lang]), self._figure(one, context)) for one in block.figures]
            yield content.Table(caption, columns, tuple(rows))
            return
        if block.kind == "sentences":
            yield content.Listing(caption, tuple(self._sentence(one, context) for one in block.sentences))
            return
        found = self._rows(block, context)
        if not found.rows:
            yield content.Missing(
                caption, (block.empty or {}).get(self._lang) or word("none_given", self._lang)
            )
        else:
            shown = found.rows[: block.limit] if block.limit else found.rows
            more = len(found.rows) - len(shown)
            if block.kind == "list":
                items = tuple(self._cells(row, block, found.query, first_only=True)[0] for row in shown)
                yield content.Listing(caption, items, more)
            else:
                columns = tuple(_heading(one, self._lang) for one in _columns(block, found.query))
                rows = tuple(self._cells(row, block, found.query) for row in shown)
                yield content.Table(caption, columns, rows, more)
        if found.without_year:
            yield content.Missing("", word("without_year", self._lang, n=found.without_year))

    def _cells(self, row: Row, block: Block, query: Query, *, first_only: bool = False) -> tuple[Cell, ...]:
        columns = _columns(block, query)[: 1 if first_only else None]
        thing = row[_thing(block, query)]
        made = []
        for at, column in enumerate(columns):
            found = row.get(column.name)
            if found is None:
                made.append(Cell(word("none_given_cell", self._lang)))
            elif column.type == "year":
                made.append(Cell(found.value, Decimal(found.value), year=True))
            elif column.type in _NUMERIC:
                made.append(self._number(row, column, block, query))
            else:
                note = self._sources.note(row, thing, query) if at == 0 else None
                made.append(Cell(found.label, iri=found.iri or (thing.iri if at == 0 else None), note=note))
        return tuple(made)

    def _number(self, row: Row, column: Heading, block: Block, query: Query) -> Cell:
        value = Decimal(row[column.name].value)
        origin = row.get(column.name + _OF, row[_thing(block, query)])
        if column.name not in block.counts:
            note = self._sources.note(row, origin, query, value)
            return Cell(written(value, self._lang), value, iri=origin.iri, note=note)
        note = self._sources.note(row, origin, query)
        return self._count(value, _is_complete([row]), origin.iri, note)

    def _count(self, value: Decimal, complete: bool, iri: str | None, note: int | None) -> Cell:
        """A count over a selection is a lower bound, and nothing found in one is no zero."""
        if complete:
            return Cell(written(value, self._lang), value, iri=iri, note=note)
        if not value:
            return Cell(word("none_given_cell", self._lang), iri=iri, note=note)
        text = word("at_least", self._lang, n=written(value, self._lang))
        return Cell(text, value, at_least=True, iri=iri, note=note)

    def _figure(self, figure: Figure, context: Mapping[str, str]) -> Cell:
        everything = self._rows(Selection(query=figure.query), context)
        found = self._rows(figure, context)
        rows = [row for row in found.rows if not figure.sum or figure.sum in row]
        if not everything.rows or (figure.sum and not rows):
            return Cell(word("none_given_cell", self._lang))
        if figure.sum:
            by_thing = {row[found.thing].value: Decimal(row[figure.sum].value) for row in rows}
            value = sum(by_thing.values(), Decimal(0))
        else:
            name = figure.count or found.thing
            value = Decimal(len({row[name].value for row in rows if name in row}))
        counted = rows or list(everything.rows)
        places = {
            row["publication"].value: row["publication"].label for row in counted if "publication" in row
        }
        label = figure.label[self._lang].replace("{n}", "…")
        note = self._sources.counted(label, places) if places else None
        return self._count(value, _is_complete(counted), next(iter(sorted(places)), None), note)

    def _sentence(self, sentence: Sentence, context: Mapping[str, str]) -> Cell:
        cell = self._figure(sentence, context)
        if cell.number is None:
            said = sentence.label[self._lang].replace("{n}", "…")
            return replace(cell, text=f"{said} {word('none_given', self._lang)}")
        words = sentence.one if cell.number == 1 else sentence.label
        text = words[self._lang].format(n=cell.text)
        return replace(cell, text=text[:1].upper() + text[1:])

    # rows

    def _rows(self, selection: Selection, context: Mapping[str, str]) -> _Rows:
        query = question(selection.query)
        given = {one.name: context[one.name] for one in query.parameters if one.name in context}
        key = (query.id, *sorted(given.values()))
        if key not in self._asked:
            answer = run(self._backend, query, given, self._lang)
            self._asked[key] = _Rows(
                query, merged(query, answer.rows) if query.id in pages() else answer.rows
            )
        found = self._asked[key]
        rows = [row for row in found.rows if _matches(row, selection.where)]
        if self._year is None or not selection.during:
            return replace(found, rows=tuple(rows))
        dated = [row for row in rows if any(name in row for name in selection.during)]
        kept = tuple(row for row in dated if _holds(row, selection.during, self._year))
        return _Rows(query, kept, len(rows) - len(dated))


def replace_blocks(part: Part) -> Part:
    """The part that stands before its repeated sections: text and answers, no blocks."""
    return part.model_copy(update={"blocks": ()})


def merged(query: Query, rows: Sequence[Row]) -> tuple[Row, ...]:
    """One row per thing and its numbers; other values of the same thing are put together."""
    thing = query.columns[0].name
    numbers = [one.name for one in query.columns if one.type in _NUMERIC]
    groups: dict[tuple[str | None, ...], dict[str, list[Found]]] = {}
    for row in rows:
        if thing not in row:
            continue
        key = (row[thing].value, *(row[name].value if name in row else None for name in numbers))
        cells = groups.setdefault(key, {})
        for name, cell in row.items():
            if cell not in cells.setdefault(name, []):
                cells[name].append(cell)
    return tuple({name: _together(several) for name, several in cells.items()} for cells in groups.values())


def _together(cells: Sequence[Found]) -> Found:
    if len(cells) == 1:
        return cells[0]
    return replace(cells[0], label="; ".join(dict.fromkeys(one.label for one in cells)))


def _matches(row: Row, where: Mapping[str, Sequence[str]]) -> bool:
    for name, wanted in where.items():
        found = last_part(row[name].value) if name in row else None
        if not (
            (found is None and "-" in wanted) or (found is not None and ("+" in wanted or found in wanted))
        ):
            return False
    return True


def _holds(row: Row, during: Sequence[str], year: int) -> bool:
    years = [int(row[name].value[:4]) for name in during if name in row]
    return min(years) <= year <= max(years)


def _is_complete(rows: Sequence[Row]) -> bool:
    return bool(rows) and all(
        "completeness" in row and last_part(row["completeness"].value) == _COMPLETE for row in rows
    )


def _columns(block: Block, query: Query) -> list[Heading]:
    by_name = {one.name: one for one in query.columns}
    return [by_name[name] for name in block.columns or (query.columns[0].name,)]


def _heading(column: Heading, lang: Lang) -> content.Column:
    label = column.labels[lang] + (f" ({column.unit})" if column.unit else "")
    return content.Column(label, column.type in _NUMERIC)
