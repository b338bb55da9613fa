"""Map: runs one branch an item, and gathers the outputs in the order of the items."""

import json
from typing import Any

from libs.asl.catcher import read_catchers
from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput
from libs.asl.outcomes import Fork, Leave, Start
from libs.asl.payload_template import read_template
from libs.asl.retrier import read_retriers
from libs.asl.scope import Evaluator, Scope
from libs.asl.states.state import State, read_next


class Map(State):
    """An inline Map."""

    kind = "Map"

    def __init__(self, name: str, fields: Fields, start_at: str) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.io = InputOutput(fields, selector=True, result=True)
        self.items_path = fields.path_field("ItemsPath")
        self.selector = _read_selector(fields)
        self.width = _read_width(fields)
        self.retriers = read_retriers(fields)
        self.catchers = read_catchers(fields)
        self.start_at = start_at

    def execute(self, raw: Any, scope: Scope) -> Fork:
        effective = self.io.effective_input(raw, scope)
        width = self.width(effective, scope)
        items = effective if self.items_path is None else self.items_path(effective, scope)
        if not isinstance(items, list):
            raise runtime(f"Map state input must be an array but was: {json.dumps(items, ensure_ascii=False)}")
        return Fork([self._start(index, item, effective, scope) for index, item in enumerate(items)], width)

    def _start(self, index: int, value: Any, effective: Any, scope: Scope) -> Start:
        item = {"Index": index, "Value": value}
        if self.selector is None:
            return Start(index, self.start_at, value, item)
        return Start(index, self.start_at, self.selector(effective, _ItemScope(scope, item)), item)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return Leave(self.io.output(raw, result, scope), self.next)


class _ItemScope:
    """The scope of the Map state with one item in its context."""

    def __init__(self, scope: Scope, item: dict[str, Any]) -> None:
        self.now = scope.now
        self.seed = scope.seed
        self._scope = scope
        self._item = item

    def context(self) -> dict[str, Any]:
        return {**self._scope.context(), "Map": {"Item": self._item}}


def _read_selector(fields: Fields) -> Evaluator | None:
    """ItemSelector, which was once called Parameters."""
    fields.at_most_one("ItemSelector", "Parameters")
    return read_template(fields, "ItemSelector" if fields.has("ItemSelector") else "Parameters")


def _read_width(fields: Fields) -> Evaluator:
    fields.at_most_one("MaxConcurrency", "MaxConcurrencyPath")
    width = fields.integer("MaxConcurrency", 0, 0)
    find = fields.path_field("MaxConcurrencyPath")
    if find is None:
        return lambda value, scope: width
    path = str(fields.get("MaxConcurrencyPath"))

    def width_at(value: Any, scope: Scope) -> int:
        found = find(value, scope)
        if type(found) is not int:
            shown = found if isinstance(found, str) else json.dumps(found)
            fault = f'refers to value "{shown}" which is not a valid integer: {path}'
            raise runtime(f"The MaxConcurrencyPath field {fault}")
        if found < 0:
            raise runtime("MaxConcurrency cannot be negative.")
        return found

    return width_at
