"""Assign: the variables that a state sets when it is left."""

from collections.abc import Collection, Mapping
from typing import Any

from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_jsonata
from libs.asl.payload_template import read_template
from libs.asl.scope import Evaluator

# What all variables of an execution may take together; one Assign may take as much as a payload.
MAX_VARIABLES_BYTES = 10 * 1024 * 1024
_MAX_NAME = 80


def read_assign(fields: Fields, states: Collection[str] = (), within: str = "") -> Evaluator | None:
    """The Assign field: names of variables and their values; None where it is absent or empty."""
    assign = fields.get("Assign", {})
    if not isinstance(assign, Mapping):
        fields.problem('"Assign" must be an object')
        return None
    for key in assign:
        _check_name(fields, key if fields.is_jsonata else key.removesuffix(".$"))
    if not assign:
        return None
    return read_jsonata(fields, "Assign", states, within) if fields.is_jsonata else read_template(fields, "Assign")


def assigned_names(state: Mapping[str, Any]) -> set[str]:
    """The variables that a state of a definition assigns, also in its Choice rules and catchers."""
    found = set()
    for source in (state, *_listed(state, "Choices"), *_listed(state, "Catch")):
        assign = source.get("Assign")
        found |= {key.removesuffix(".$") for key in assign} if isinstance(assign, Mapping) else set()
    return found


def _listed(state: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = state.get(name)
    return [entry for entry in listed if isinstance(entry, Mapping)] if isinstance(listed, list) else []


def _check_name(fields: Fields, name: str) -> None:
    if name == "states":
        fields.problem('"states" is no name for a variable: $states is reserved', ".Assign")
    elif not name.replace("-", "_").isidentifier() or len(name) > _MAX_NAME:
        fault = f"a variable's name begins with a letter, and has at most {_MAX_NAME} letters, digits, _ and -"
        fields.problem(f'{fault} ("{name}")', ".Assign")
