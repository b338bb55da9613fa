"""A decision table in GoRules' JDM format, evaluated with its trace so that it is known which rows applied."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import zen

VERSION_DIGITS = 12
REMEMBERED = 10_000


class Row(NamedTuple):
    """A row of the table that applies: its id, what it stands for, and which steps make it apply."""

    rule: str
    description: str
    status: str
    steps: tuple[str, ...]


class Policy:
    """A decision table under a name; its version is the hash of the document."""

    def __init__(self, name: str, document: str, engine: zen.ZenEngine) -> None:
        self.version = f"{name}@{hashlib.sha256(document.encode()).hexdigest()[:VERSION_DIGITS]}"
        self._decision = engine.create_decision(document)
        self._table = _table(json.loads(document))
        # Most people give the same evidence, and the same evidence has the same rows.
        self._known = lru_cache(REMEMBERED)(self._rows)

    def rows(self, evidence: Mapping[str, Any]) -> list[Row]:
        """The rows that apply to the evidence, in the order of the table; not to be changed."""
        return self._known(json.dumps(evidence))

    def _rows(self, evidence: str) -> list[Row]:
        trace = self._decision.evaluate(evidence, {"trace": True})["trace"][self._table]
        # A table that stops at its first row gives one object, a collecting one gives a list.
        fired, output = _listed(trace["traceData"]), _listed(trace["output"])
        return [_row(one["rule"], values) for one, values in zip(fired, output, strict=True)]


def _table(document: dict[str, Any]) -> str:
    """The id of the one decision table; raises ValueError where the document has none or several."""
    (table,) = (node["id"] for node in document["nodes"] if node["type"] == "decisionTableNode")
    return str(table)


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _row(rule: Mapping[str, str], values: Mapping[str, Any]) -> Row:
    return Row(rule["_id"], rule.get("_description", ""), values["status"], tuple(_listed(values.get("steps"))))
