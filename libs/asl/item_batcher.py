"""ItemBatcher: gives each child execution of a distributed Map several items at once."""

from typing import Any

from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_jsonata
from libs.asl.map_numbers import read_whole_number
from libs.asl.payload_template import read_template
from libs.asl.scope import Evaluator, Scope
from libs.asl.size import MAX_BYTES, bytes_of


class ItemBatcher:
    """How large a batch may be, and what is given with each."""

    def __init__(self, fields: Fields) -> None:
        if not any(fields.has(f"{name}{path}") for name in _LIMITS for path in ("", "Path")):
            fields.problem('"MaxItemsPerBatch" or "MaxInputBytesPerBatch" is needed')
        self._most_items, self._most_bytes = (read_whole_number(fields, name, None) for name in _LIMITS)
        self._batch_input = (read_jsonata if fields.is_jsonata else read_template)(fields, "BatchInput")
        fields.finish()

    def batches(self, items: list[Any], seen: Any, scope: Scope) -> list[dict[str, Any]]:
        """The inputs of the child executions."""
        most_items = _limit(self._most_items, seen, scope) or len(items)
        most_bytes = _limit(self._most_bytes, seen, scope) or MAX_BYTES
        given = {} if self._batch_input is None else {"BatchInput": self._batch_input(seen, scope)}
        room = min(most_bytes, MAX_BYTES) - bytes_of({**given, "Items": []})
        return [{**given, "Items": batch} for batch in _filled(items, most_items, room)]


_LIMITS = ("MaxItemsPerBatch", "MaxInputBytesPerBatch")


def read_item_batcher(fields: Fields) -> ItemBatcher | None:
    """The ItemBatcher field of a Map."""
    inner = fields.object("ItemBatcher")
    return None if inner is None else ItemBatcher(inner)


def _limit(evaluate: Evaluator, seen: Any, scope: Scope) -> int | None:
    limit: int | None = evaluate(seen, scope)
    return limit


def _filled(items: list[Any], most_items: int, room: int) -> list[list[Any]]:
    batches: list[list[Any]] = []
    left = -1
    for item in items:
        size = bytes_of(item) + 1
        if size > room:
            raise runtime("An item of the Map is larger than a batch may be.")
        if size > left or len(batches[-1]) == most_items:
            batches.append([])
            left = room
        batches[-1].append(item)
        left -= size
    return batches
