"""Map: runs one branch an item, and gathers the outputs in the order of the items."""

import re
from typing import Any

from libs.asl.catcher import read_catchers
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.input_output import read_input_output
from libs.asl.item_batcher import read_item_batcher
from libs.asl.item_reader import read_item_reader
from libs.asl.jsonata_template import read_jsonata
from libs.asl.map_items import STATE_DATA, Items, each_item, read_items
from libs.asl.map_numbers import read_whole_number
from libs.asl.outcomes import CallFile, Fork, Leave, Start
from libs.asl.payload_template import read_template
from libs.asl.result_writer import read_result_writer
from libs.asl.retrier import read_retriers
from libs.asl.scope import Evaluator, Scope
from libs.asl.size import Known, bytes_of
from libs.asl.states.state import State, read_next
from libs.asl.tolerance import read_tolerance

DISTRIBUTED_FIELDS = ("ItemReader", "ItemBatcher", "ResultWriter", "Label")
# AWS never has more iterations of an inline Map under way.
_MOST_AT_ONCE = 40
_BYTES_OF_NAMES = len('{"Key":,"Value":}')
_LABEL = re.compile(r"""[^\s?*<>{}\[\]:;,\\|^~$#%&`"\x00-\x1f\x7f-\x9f]{1,40}""")


class Map(State):
    """An inline Map, or a distributed one, whose items are child executions."""

    kind = "Map"

    def __init__(self, name: str, fields: Fields, start_at: str, *, is_distributed: bool) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.is_distributed = is_distributed
        self.io = read_input_output(fields, result=True, selector=True)
        self.items = read_items(fields, objects=is_distributed)
        self.selector = _read_selector(fields)
        self.width = read_whole_number(fields, "MaxConcurrency", 0)
        self.tolerance = read_tolerance(fields)
        self.reader = read_item_reader(fields)
        self.batcher = read_item_batcher(fields)
        self.writer = read_result_writer(fields)
        self.label = _read_label(fields)
        self.retriers = read_retriers(fields)
        self.catchers = read_catchers(fields)
        self.start_at = start_at
        if not is_distributed:
            _check_inline(fields)

    def execute(self, raw: Any, scope: Scope) -> Fork | CallFile:
        seen = self.io.seen(raw, scope)
        if self.reader is not None:
            return self.reader.call(seen, scope)
        return self._fork(seen, self.items(seen, scope), STATE_DATA, scope)

    def items_read(self, raw: Any, content: Any, scope: Scope) -> Fork:
        """What comes of the file that the items stand in."""
        assert self.reader is not None
        seen = self.io.seen(raw, scope)
        return self._fork(seen, self.reader.items(content, seen, scope), self.reader.source(seen, scope), scope)

    def results_joined(self, raw: Any, results: list[Any], scope: Scope) -> CallFile | None:
        """The results are written to a file first."""
        return None if self.writer is None else self.writer.call(results, self.io.seen(raw, scope), scope)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return self.io.leave(raw, result, self.next, scope)

    def _fork(self, seen: Any, items: Items, source: str | None, scope: Scope) -> Fork:
        width = self.width(seen, scope)
        if not self.is_distributed:
            width = min(width or _MOST_AT_ONCE, _MOST_AT_ONCE)
        starts = self._starts(items, source, seen, scope)
        try:
            tolerance = self.tolerance(seen, scope)
        except StateFailure as failure:
            # AWS looks at the tolerance only when the state has told that it started.
            return Fork(starts, width, 0, failure=failure)
        largest = max((start.bytes for start in starts), default=0)
        return Fork(starts, width, largest, tolerance=tolerance if self.is_distributed else None)

    def _starts(self, items: Items, source: str | None, seen: Any, scope: Scope) -> list[Start]:
        # No item is larger than what it is a part of, save for the names around the member of an object.
        known = scope.known.bytes_of(items) + (_BYTES_OF_NAMES if isinstance(items, dict) else 0)
        each = enumerate(each_item(items, source))
        starts = [self._start(index, given, item, known, seen, scope) for index, (given, item) in each]
        if self.batcher is None:
            return starts
        batches = self.batcher.batches([start.input for start in starts], seen, scope)
        return [Start(i, self.start_at, batch, None, bytes_of(batch)) for i, batch in enumerate(batches)]

    def _start(self, index: int, given: Any, item: dict[str, Any], size: int, seen: Any, scope: Scope) -> Start:
        if self.selector is not None:
            given = self.selector(seen, _ItemScope(scope, item))
            size = bytes_of(given)
        # A child execution does not see the item, only what is selected of it.
        return Start(index, self.start_at, given, None if self.is_distributed else item, size)


class _ItemScope:
    """The scope of the Map state with one item in its context."""

    def __init__(self, scope: Scope, item: dict[str, Any]) -> None:
        self.now = scope.now
        self.seed = scope.seed
        self.variables = scope.variables
        self.known: Known = scope.known
        self._scope = scope
        self._item = item

    def context(self) -> dict[str, Any]:
        return {**self._scope.context(), "Map": {"Item": self._item}}


def _read_selector(fields: Fields) -> Evaluator | None:
    """ItemSelector, which with JSONPath was once called Parameters."""
    if fields.is_jsonata:
        return read_jsonata(fields, "ItemSelector")
    fields.at_most_one("ItemSelector", "Parameters")
    return read_template(fields, "ItemSelector" if fields.has("ItemSelector") else "Parameters")


def _read_label(fields: Fields) -> str | None:
    label = fields.text("Label")
    if label is not None and not _LABEL.fullmatch(label):
        fields.problem('"Label" has 1 to 40 characters, and no blanks, wildcards, brackets or special ones')
    return label


def _check_inline(fields: Fields) -> None:
    for name in DISTRIBUTED_FIELDS:
        if fields.has(name):
            fields.problem(f'"{name}" needs an ItemProcessor whose ProcessorConfig has the Mode "DISTRIBUTED"')
