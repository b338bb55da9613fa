"""Every parameter of the contract is taken by the operations that are served, with its name, values and default."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.results.api.contract import Operation, document, extensions, operations
from services.results.api.openapi import described

Json = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Json:
    return described().openapi()


def parameters(operation: Json) -> dict[str, Json]:
    """Those of the query and the headers, by where they stand."""
    return {f"{one['in']}.{one['name']}": one for one in operation["parameters"] if one["in"] != "path"}


def served(description: Json) -> Iterator[tuple[Operation, dict[str, Json], dict[str, Json]]]:
    """Operations with their parameters in the contract, and with ours."""
    for one in operations():
        ours = description["paths"].get(one.path, {}).get(one.method.lower())
        if ours is not None:
            yield one, parameters(document()["paths"][one.path][one.method.lower()]), parameters(ours)


def resolved(schema: Json) -> Json:
    """The contract's schema behind a name."""
    if "$ref" in schema:
        return resolved(document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    return schema


def plain(schema: Json) -> Json:
    """A schema without null, as which nothing can be sent."""
    (one,) = [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]
    return {**one, **{name: schema[name] for name in ("default",) if name in schema}}


def differences(theirs: Json, ours: Json) -> Iterator[str]:
    """What would be refused, or taken otherwise, of what the contract allows."""
    wanted, taken = resolved(theirs["schema"]), plain(ours["schema"])
    if taken.get("type") == "array" != wanted["type"]:
        taken = taken["items"]  # one is taken as well as several
    if taken.get("type") != wanted["type"]:
        yield f"is {taken.get('type')}, not {wanted['type']}"
    if not set(wanted.get("enum", ())) <= set(taken.get("enum") or wanted.get("enum", ())):
        yield f"takes only {taken['enum']}"
    if wanted.get("format") != taken.get("format"):
        yield f"has the format {taken.get('format')}"
    if wanted.get("default") not in (None, [], taken.get("default")):
        yield f"is {taken.get('default')} by default, not {wanted['default']}"
    if ours.get("required") and not theirs.get("required"):
        yield "is needed"


def test_every_parameter_of_the_contract_is_taken(description: Json) -> None:
    missing = {
        f"{one.id} {place}" for one, theirs, ours in served(description) for place in theirs.keys() - ours.keys()
    }
    assert {place for place in missing if not place.endswith(" query.level")} == set()


def test_each_means_what_it_means_there(description: Json) -> None:
    found = [
        f"{one.id} {place}: {difference}"
        for one, theirs, ours in served(description)
        for place in theirs.keys() & ours.keys()
        for difference in differences(theirs[place], ours[place])
    ]
    assert found == []


def test_what_is_taken_besides_is_listed(description: Json) -> None:
    # Of the operations of core v2 the contract does not tell what all operations have.
    everywhere = parameters(document()["paths"]["/v2/individuals"]["post"]).keys()
    added = {one.id: sorted(ours.keys() - theirs.keys() - everywhere) for one, theirs, ours in served(description)}
    listed = {id: sorted(names) for id, names in extensions()["parameters"].items()}
    assert {id: names for id, names in added.items() if names} == listed
