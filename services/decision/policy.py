"""A decision table in GoRules' JDM format, evaluated with its trace so that it is known which rows applied."""

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import zen

from services.decision.table import Table, read_table

VERSION_DIGITS = 12
REMEMBERED = 10_000


class Row(NamedTuple):
    """A row of the table that applies: its id, what it stands for, and which steps make it apply."""

    rule: str
    description: str
    status: str
    steps: tuple[str, ...]
    issues: tuple[str, ...] = ()
    """Each as CATEGORY/ISSUE/SEVERITY."""


class Policy:
    """A decision table under a name; its version is the hash of the document. Raises InvalidPolicy.

    The first row that applies decides. To tell the others too, the engine is asked for all of them.
    """

    def __init__(self, name: str, text: str, engine: zen.ZenEngine) -> None:
        document, self._table = read_table(name, text)
        self.name = name
        self.sha256 = hashlib.sha256(text.encode()).hexdigest()
        self.version = f"{name}@{self.sha256[:VERSION_DIGITS]}"
        self._decision = engine.create_decision(json.dumps(_collecting(document, self._table)))
        self._default = self._table.rows[-1]["_id"]
        # Most people give the same evidence, and the same evidence has the same rows.
        self._known = lru_cache(REMEMBERED)(self._rows)

    def rows(self, asked: str) -> list[Row]:
        """The rows that apply, the deciding one first, to the evidence as JSON; not to be changed."""
        return self._known(asked)

    def _rows(self, asked: str) -> list[Row]:
        trace = self._decision.evaluate(asked, {"trace": True})["trace"][self._table.node]
        fired, output = _listed(trace["traceData"]), _listed(trace["output"])
        rows = [_row(one["rule"], values) for one, values in zip(fired, output, strict=True)]
        # The last row always applies, and says something only where no other does.
        return [row for row in rows if row.rule != self._default] or rows


def _collecting(document: Mapping[str, Any], table: Table) -> dict[str, Any]:
    nodes = [
        node | {"content": node["content"] | {"hitPolicy": "collect"}} if node["id"] == table.node else node
        for node in document["nodes"]
    ]
    return {**document, "nodes": nodes}


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _row(rule: Mapping[str, str], values: Mapping[str, Any]) -> Row:
    steps, issues = (tuple(_listed(values.get(field))) for field in ("steps", "issues"))
    return Row(rule["_id"], rule.get("_description", ""), values["status"], steps, issues)
