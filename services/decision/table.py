"""What is wrong with a decision table, each problem with its place: a table is taken whole or not at all."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import zen

from services.decision.columns import STEPS as KNOWN
from services.decision.columns import holds_for, is_known, samples, steps_in, unknown_words
from services.decision.contract import STATUSES, issue_problem
from services.decision.coverage import Box, is_reached

TABLE = "decisionTableNode"
STATUS, STEPS, ISSUES = "status", "steps", "issues"


class InvalidPolicy(ValueError):
    """A policy that cannot be used; `problems` has a line for each, with its place."""

    def __init__(self, name: str, problems: Sequence[str]) -> None:
        super().__init__("\n".join(f"{name}: {problem}" for problem in problems))
        self.problems = tuple(problems)


class Column(NamedTuple):
    """A column of a table: where its cells stand in a row, and what it asks about or answers."""

    id: str
    field: str


class Table(NamedTuple):
    """The parts of a table; `place` is where it stands in the document."""

    place: str
    node: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    derived: frozenset[str]
    """What nodes before the table work out."""

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that there are, and those that the table names besides."""
        named = (steps_in(column.field, (cell_of(row, column) for row in self.rows)) for column in self.inputs)
        return (*KNOWN, *sorted(set().union(*named) - set(KNOWN)))

    def at(self, number: int, column: Column | None = None) -> str:
        """The place of a row, or of its cell."""
        row = f"{self.place}.rules[{number}] {json.dumps(self.rows[number].get('_id', ''))}"
        return row if column is None else f"{row}.{column.id}"

    def holds(self, row: Mapping[str, Any], column: Column) -> frozenset[int] | None:
        """The numbers of the column's samples for which a cell holds; None where that cannot be told."""
        return holds_for(column.field, cell_of(row, column), self.steps)

    def output(self, field: str) -> Column | None:
        """The column that answers with a field."""
        return next((column for column in self.outputs if column.field == field), None)


def read_table(name: str, text: str) -> tuple[dict[str, Any], Table]:
    """The document and its table; raises InvalidPolicy."""
    try:
        document = json.loads(text)
        nodes = [(number, node) for number, node in enumerate(document["nodes"]) if node["type"] == TABLE]
        if len(nodes) != 1:
            raise InvalidPolicy(name, [f"nodes: there must be one {TABLE}, there are {len(nodes)}"])
        table = _table(document, *nodes[0])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, InvalidPolicy):
            raise
        raise InvalidPolicy(name, [f"this is no decision in GoRules' JDM format: {error!r}"]) from None
    if problems := list(_problems(table, document)):
        raise InvalidPolicy(name, problems)
    return document, table


def _table(document: Mapping[str, Any], number: int, node: Mapping[str, Any]) -> Table:
    content = node["content"]
    expressions = [one for one in document["nodes"] if one["type"] == "expressionNode"]
    return Table(
        f"nodes[{number}].content",
        node["id"],
        tuple(Column(one["id"], one.get("field") or "") for one in content["inputs"]),
        tuple(Column(one["id"], one.get("field") or "") for one in content["outputs"]),
        tuple(dict(row) for row in content["rules"]),
        frozenset(one["key"].split(".")[0] for node in expressions for one in node["content"]["expressions"]),
    )


def _problems(table: Table, document: Mapping[str, Any]) -> Iterator[str]:
    (content,) = (node["content"] for node in document["nodes"] if node["type"] == TABLE)
    if content.get("hitPolicy") != "first":
        policy = json.dumps(content.get("hitPolicy"))
        yield f'{table.place}.hitPolicy: it must be "first", as one row decides, not {policy}'
    for number, column in enumerate(table.inputs):
        if not is_known(column.field, table.derived):
            yield f"{table.place}.inputs[{number}].field: nothing is known as {json.dumps(column.field)}"
    if table.output(STATUS) is None:
        yield f'{table.place}.outputs: no column answers with "{STATUS}"'
    if not table.rows:
        yield f"{table.place}.rules: there is no row"
    wrong = [*_ids(table), *(problem for number in range(len(table.rows)) for problem in _row(table, number))]
    yield from wrong
    if table.rows and not wrong:
        yield from _order(table)


def _ids(table: Table) -> Iterator[str]:
    seen: set[Any] = set()
    for number, row in enumerate(table.rows):
        if not isinstance(row.get("_id"), str) or not row["_id"]:
            yield f"{table.at(number)}._id: a row needs an id, which is told with the decision"
        elif row["_id"] in seen:
            yield f"{table.at(number)}._id: another row has this id"
        seen.add(row.get("_id"))


def _row(table: Table, number: int) -> Iterator[str]:
    row, columns = table.rows[number], (*table.inputs, *table.outputs)
    for name in row.keys() - {column.id for column in columns} - {"_id", "_description"}:
        yield f"{table.at(number)}.{name}: this is a cell of no column"
    for column in columns:
        if not isinstance(row.get(column.id, ""), str):
            yield f"{table.at(number, column)}: a cell is a text"
            return
    for column in table.inputs:
        yield from _condition(table, number, column)
    yield from _status(table, number)
    yield from _lists(table, number)


def _condition(table: Table, number: int, column: Column) -> Iterator[str]:
    cell, place = cell_of(table.rows[number], column), table.at(number, column)
    if not cell:
        return
    try:
        zen.compile_unary_expression(cell)
    except RuntimeError as error:
        yield f"{place}: {json.dumps(cell)} is no condition: {_told(error)}"
        return
    for word in unknown_words(column.field, cell):
        yield f"{place}: {column.field} is never {json.dumps(word)}"
    if table.holds(table.rows[number], column) == frozenset():
        yield f"{place}: {json.dumps(cell)} never holds"


def _status(table: Table, number: int) -> Iterator[str]:
    column = table.output(STATUS)
    if column is None:
        return
    cell = cell_of(table.rows[number], column)
    status = _literal(cell)
    if status not in STATUSES:
        yield f"{table.at(number, column)}: {json.dumps(cell)} is no status; there are {', '.join(STATUSES)}"


def _lists(table: Table, number: int) -> Iterator[str]:
    """The steps may be worked out; issues are the contract's words, `['CATEGORY/ISSUE/SEVERITY']`."""
    for field in (STEPS, ISSUES):
        column = table.output(field)
        cell = cell_of(table.rows[number], column) if column else ""
        if column and cell and (error := zen.validate_expression(cell)):
            yield f"{table.at(number, column)}: {json.dumps(cell)} cannot be worked out: {_told(error)}"
        elif column and cell and field == ISSUES:
            yield from (f"{table.at(number, column)}: {problem}" for problem in _issue_problems(cell))


def _issue_problems(cell: str) -> Iterator[str]:
    issues = _literal(cell)
    if not isinstance(issues, list):
        yield f"{json.dumps(cell)} is no list of issues"
        return
    for one in issues:
        parts = one.split("/") if isinstance(one, str) else []
        if len(parts) != 3:
            yield f"{json.dumps(one)} is no issue: it is written CATEGORY/ISSUE/SEVERITY"
        elif problem := issue_problem(*parts):
            yield problem


def _order(table: Table) -> Iterator[str]:
    """Each row decides something, and the last one all that is left."""
    boxes = [_box(table, row) for row in table.rows]
    for number, box in enumerate(boxes):
        before = [boxes[other] for other in range(number) if _compares(table, other, number)]
        if not is_reached(box, before):
            yield f"{table.at(number)}: never reached: the rows before it take all that it holds for"
    last = len(table.rows) - 1
    if any(cell_of(table.rows[last], column) for column in table.inputs):
        yield f"{table.at(last)}: the last row must take all that is left: it has no conditions"


def _box(table: Table, row: Mapping[str, Any]) -> Box:
    """A cell that cannot be told may hold for anything."""
    return tuple(
        held
        if (held := table.holds(row, column)) is not None
        else frozenset(range(len(samples(column.field, table.steps) or (None,))))
        for column in table.inputs
    )


def _compares(table: Table, before: int, number: int) -> bool:
    """Every cell of the row before can be told, or is written in the same way."""
    for column in table.inputs:
        mine, theirs = cell_of(table.rows[number], column), cell_of(table.rows[before], column)
        if theirs and theirs != mine and table.holds(table.rows[before], column) is None:
            return False
    return True


def cell_of(row: Mapping[str, Any], column: Column) -> str:
    """What stands in a cell."""
    return str(row.get(column.id) or "").strip()


def _literal(cell: str) -> Any:
    """The value of a cell that asks about nothing; None where it does."""
    try:
        return zen.evaluate_expression(cell, {}) if cell else None
    except RuntimeError:
        return None


def _told(error: Any) -> str:
    """What the engine says is wrong, without where in its own code it found so."""
    said = json.loads(str(error).splitlines()[0]) if isinstance(error, RuntimeError) else error
    return str(said["source"])
