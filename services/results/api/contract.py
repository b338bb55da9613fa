"""The operations of the contract, as `schemas/contract.json` lists them."""

import re
from functools import cache
from typing import Any, NamedTuple

import orjson

from libs.events.catalogue import SCHEMAS

DOCUMENT, EXTENSIONS = "contract.json", "contract-extensions.json"


class Place(NamedTuple):
    """A method and a path, whatever the path's parameters are called."""

    method: str
    path: str


class Operation(NamedTuple):
    """An operation of the contract."""

    id: str
    method: str
    path: str

    @property
    def place(self) -> Place:
        return place(self.method, self.path)


def place(method: str, path: str) -> Place:
    """Where a request goes: `GET /v2/individuals/{}`."""
    return Place(method.upper(), re.sub(r"{[^}]*}", "{}", path))


@cache
def document() -> dict[str, Any]:
    """Names, types and enum values of the contract's operations, in the form of OpenAPI."""
    return dict(orjson.loads((SCHEMAS / DOCUMENT).read_bytes()))


@cache
def extensions() -> dict[str, Any]:
    """What this API adds to the contract: operations, statuses, parameters, fields, values; what it leaves out."""
    return dict(orjson.loads((SCHEMAS / EXTENSIONS).read_bytes()))


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the contract, in its order."""
    return tuple(
        Operation(one["operationId"], method.upper(), path)
        for path, item in document()["paths"].items()
        for method, one in item.items()
    )
