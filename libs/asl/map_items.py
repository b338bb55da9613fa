"""The items of a Map: where they are found, and what `$$.Map.Item` tells of each."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from libs.asl.errors import StateFailure, query_evaluation_error, runtime
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_expression, read_jsonata
from libs.asl.scope import Evaluator, Scope

Items = list[Any] | dict[str, Any]

# The source of items that stand in the input of the state.
STATE_DATA = "STATE_DATA"


def read_items(fields: Fields, *, objects: bool) -> Evaluator:
    """Items, or with JSONPath ItemsPath; absent means the input of the state. `objects`: members are items, too."""
    if not fields.is_jsonata:
        find = fields.path_field("ItemsPath")
        return _checked(find or (lambda value, scope: value), runtime, objects)
    evaluate = read_expression(fields, "Items", "array", also="object" if objects else None)
    if evaluate is None and not isinstance(fields.get("Items", []), list | dict if objects else list):
        fields.problem('"Items" must be a list, or an expression in "{% … %}"')
    evaluate = evaluate or read_jsonata(fields, "Items")
    return _checked(evaluate or (lambda value, scope: value["input"]), query_evaluation_error, objects)


def each_item(items: Items, source: str | None) -> Iterator[tuple[Any, dict[str, Any]]]:
    """What an item's branch is given where nothing else is selected, and its `$$.Map.Item`."""
    told = {} if source is None else {"Source": source}
    if isinstance(items, dict):
        for index, (key, value) in enumerate(items.items()):
            yield {"Key": key, "Value": value}, {"Index": index, "Key": key, "Value": value, **told}
    else:
        for index, value in enumerate(items):
            yield value, {"Index": index, "Value": value, **told}


def _checked(find: Evaluator, failure: Callable[[str], StateFailure], objects: bool) -> Evaluator:
    def items(value: Any, scope: Scope) -> Items:
        found = find(value, scope)
        if not isinstance(found, list) and not (objects and isinstance(found, dict)):
            shown = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
            raise failure(f"Map state input must be an array{' or an object' if objects else ''} but was: {shown}")
        return found

    return items
