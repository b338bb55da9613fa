"""Compiling a definition: its states, and those of the machines inside it."""

from collections.abc import Callable, Mapping
from typing import Any

from libs.asl.assign import assigned_names
from libs.asl.fields import Fields
from libs.asl.problems import InvalidDefinition, Problem, did_you_mean
from libs.asl.states.choice import Choice
from libs.asl.states.fail import Fail
from libs.asl.states.map import DISTRIBUTED_FIELDS, Map
from libs.asl.states.parallel import Parallel
from libs.asl.states.pass_ import Pass
from libs.asl.states.state import State
from libs.asl.states.succeed import Succeed
from libs.asl.states.task import MAX_SECONDS, Task
from libs.asl.states.wait import Wait

_MAX_NAME = 80


class Compiler:
    """Compiles a machine with the machines inside it. State names are unique among all of them."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        self.problems: list[Problem] = []
        self.states: dict[str, State] = {}
        self.names: set[str] = set()
        # The variables that are assigned in the machines around the one that is being compiled.
        self.outer: frozenset[str] = frozenset()
        self.root = Fields(definition, "", self.problems)

    def compile(self) -> tuple[str, int | None]:
        """The name of the first state, and the seconds that an execution may take."""
        self.root.read_language()
        version = self.root.text("Version", "1.0")
        if version not in (None, "1.0"):
            self.root.problem('"Version" must be "1.0"')
        timeout = self.root.integer("TimeoutSeconds", 1, most=MAX_SECONDS)
        start_at = self._machine(self.root)
        if self.problems:
            raise InvalidDefinition(self.problems)
        return start_at, timeout

    def _machine(self, fields: Fields) -> str:
        """Compile StartAt and States of one machine; the name of its first state."""
        states = fields.require("States")
        fields.require("StartAt")
        start_at = fields.text("StartAt") or ""
        if not isinstance(states, Mapping) or not states:
            if fields.has("States"):
                fields.problem('"States" must be a non-empty object')
            states = {}
        listed, outer = self._each_state(fields, states), self.outer
        self.outer |= self._assigned([inner for _, inner in listed])
        compiled = [(inner, self._state(name, inner)) for name, inner in listed]
        self.outer = outer
        self._check_targets(fields, start_at, states, compiled)
        _check_ways(start_at, compiled)
        fields.finish()
        return start_at

    def _each_state(self, fields: Fields, states: Mapping[str, Any]) -> list[tuple[str, Fields]]:
        found = []
        for name, document in states.items():
            if isinstance(document, Mapping):
                inner = fields.inner(document, f".States.{name}")
                # A state has the language of the whole definition, not that of the Map or Parallel around it.
                inner.language = self.root.language
                inner.read_language()
                found.append((name, inner))
            else:
                fields.problem("a state must be an object", f".States.{name}")
        return found

    def _assigned(self, listed: list[Fields]) -> set[str]:
        """The variables of one machine; an inner one may not have the name of an outer one."""
        found = set()
        for fields in listed:
            names = assigned_names(fields.source)
            for name in sorted(names & self.outer):
                fields.problem(f'"Assign": the variable "{name}" is already assigned outside of this machine')
            found |= names
        return found

    def _check_targets(
        self, fields: Fields, start_at: str, states: Mapping[str, Any], compiled: list[tuple[Fields, State | None]]
    ) -> None:
        if fields.has("StartAt") and start_at not in states:
            fields.problem(_names_no_state("StartAt", start_at, states))
        for inner, state in compiled:
            for at, target in state.targets() if state else ():
                # A field that is missing was named already.
                if target and target not in states:
                    field = "Default" if state and state.kind == "Choice" and not at else "Next"
                    inner.problem(_names_no_state(field, target, states), at)

    def _state(self, name: str, fields: Fields) -> State | None:
        if not name or len(name) > _MAX_NAME:
            fields.problem(f"a state's name has 1 to {_MAX_NAME} characters")
        if name in self.names:
            fields.problem("another state of this machine has the same name")
        self.names.add(name)
        kind = fields.text("Type")
        compile_kind = self._kinds().get(kind or "")
        if compile_kind is None:
            fields.problem(_no_type(kind, list(self._kinds())))
            return None
        state = compile_kind(name, fields)
        fields.finish()
        self.states[name] = state
        return state

    def _kinds(self) -> dict[str, Callable[[str, Fields], State]]:
        return {
            "Pass": Pass,
            "Task": Task,
            "Choice": Choice,
            "Wait": Wait,
            "Succeed": Succeed,
            "Fail": Fail,
            "Parallel": self._parallel,
            "Map": self._map,
        }

    def _parallel(self, name: str, fields: Fields) -> State:
        branches = fields.objects("Branches")
        if not branches:
            fields.problem('"Branches" must be a non-empty list of state machines')
        return Parallel(name, fields, [self._machine(branch) for branch in branches])

    def _map(self, name: str, fields: Fields) -> State:
        """The machine of a Map stands in ItemProcessor, which was once called Iterator."""
        fields.at_most_one("ItemProcessor", "Iterator")
        field = "Iterator" if fields.has("Iterator") else "ItemProcessor"
        processor = fields.require(field)
        if not isinstance(processor, Mapping):
            if fields.has(field):
                fields.problem(f'"{field}" must be a state machine')
            return Map(name, fields, "", is_distributed=False)
        inner = fields.inner(processor, f".{field}")
        is_distributed, outer = _read_mode(inner, fields) == "DISTRIBUTED", self.outer
        if is_distributed:
            # A child execution sees no variables but its own.
            self.outer = frozenset()
        start_at = self._machine(inner)
        self.outer = outer
        return Map(name, fields, start_at, is_distributed=is_distributed)


def _check_ways(start_at: str, compiled: list[tuple[Fields, State | None]]) -> None:
    """Every state must be on a way from the start, as on AWS. A machine without an end is ended by its history."""
    states = {state.name: state for _, state in compiled if state is not None}
    ways = {name: {target for _, target in state.targets()} for name, state in states.items()}
    # Where a state or a target is not known, no more can be said of the ways.
    if len(states) < len(compiled) or not {start_at}.union(*ways.values()) <= states.keys():
        return
    reached, todo = {start_at}, [start_at]
    while todo:
        ahead = ways[todo.pop()] - reached
        reached |= ahead
        todo += ahead
    for inner, state in compiled:
        if state is not None and state.name not in reached:
            inner.problem("no way leads to this state")


def _read_mode(processor: Fields, fields: Fields) -> str | None:
    """A Map that says nothing of its mode is distributed where it has a field that only such a one can have."""
    inner = processor.object("ProcessorConfig")
    if inner is None:
        return "DISTRIBUTED" if any(map(fields.has, DISTRIBUTED_FIELDS)) else "INLINE"
    mode = inner.text("Mode", "INLINE")
    if mode not in ("INLINE", "DISTRIBUTED"):
        inner.problem('"Mode" must be "INLINE" or "DISTRIBUTED"')
    if mode == "DISTRIBUTED" and inner.text("ExecutionType") not in ("STANDARD", "EXPRESS"):
        inner.problem('"ExecutionType" must be "STANDARD" or "EXPRESS"')
    inner.finish()
    return mode


def _names_no_state(field: str, target: str, states: Mapping[str, Any]) -> str:
    return f'"{field}" names no state ("{target}"{did_you_mean(target, states)})'


def _no_type(kind: str | None, kinds: list[str]) -> str:
    if kind is None:
        return '"Type" is missing'
    return f'"Type" is no kind of state ("{kind}"{did_you_mean(kind, kinds)})'
