"""A state machine: loaded, validated and compiled once, then shared by all its executions."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from libs.asl.compiler import Compiler
from libs.asl.problems import InvalidDefinition, Problem
from libs.asl.states.map import Map
from libs.asl.states.state import State

_MAX_BYTES = 1024 * 1024
_TOO_LARGE = Problem("", "a definition has at most 1 MB")
_TOO_DEEP = Problem("", "a definition is not nested as deeply as this")


class Machine:
    """A definition that can be run. Immutable."""

    __slots__ = ("content_hash", "definition", "start_at", "states", "timeout_seconds")

    definition: Mapping[str, Any]
    content_hash: str
    start_at: str
    states: Mapping[str, State]
    timeout_seconds: int | None

    @classmethod
    def load(cls, definition: Mapping[str, Any]) -> "Machine":
        """Compile a definition; raises InvalidDefinition with every problem that was found."""
        canonical = _canonical(definition)
        if len(canonical) > _MAX_BYTES:
            raise InvalidDefinition([_TOO_LARGE])
        machine = cls()
        # A copy in the author's own order, which nobody else can change.
        machine.definition = json.loads(json.dumps(definition))
        machine.content_hash = hashlib.sha256(canonical).hexdigest()
        compiler = Compiler(machine.definition)
        try:
            machine.start_at, machine.timeout_seconds = compiler.compile()
        except RecursionError:
            raise InvalidDefinition([_TOO_DEEP]) from None
        machine.states = compiler.states
        return machine

    def start_at_of(self, map_state: str | None) -> str:
        """The first state of an execution, or of a child execution of a distributed Map."""
        if map_state is None:
            return self.start_at
        state = self.states.get(map_state)
        if not isinstance(state, Map) or not state.is_distributed:
            raise ValueError(f'"{map_state}" is no distributed Map of this machine')
        return state.start_at


def _canonical(definition: Mapping[str, Any]) -> bytes:
    if not isinstance(definition, Mapping):
        raise InvalidDefinition([Problem("", "a definition is a JSON object")])
    try:
        text = json.dumps(definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return text.encode()
    except RecursionError:
        raise InvalidDefinition([_TOO_DEEP]) from None
    except (TypeError, ValueError) as error:
        raise InvalidDefinition([Problem("", f"a definition is JSON: {error}")]) from None
