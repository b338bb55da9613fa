"""Choice: goes to the state of the first rule that holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from libs.asl.assign import read_assign
from libs.asl.errors import runtime
from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput, JSONataInputOutput, JSONPathInputOutput, read_input_output
from libs.asl.outcomes import Leave
from libs.asl.scope import Scope
from libs.asl.states.choice_rule import Rule, read_condition, read_rule
from libs.asl.states.state import State


@dataclass(frozen=True, slots=True)
class _Way:
    """A rule, the state it leads to, and what is handed on there."""

    holds: Rule
    next: str
    io: InputOutput


class Choice(State):
    kind = "Choice"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        # The Output and Assign of the state itself are for the Default.
        self.io = read_input_output(fields)
        self.ways = [_read_way(inner, index, self.io) for index, inner in enumerate(fields.objects("Choices"))]
        self.default = fields.target("Default")
        if not self.ways:
            fields.problem('"Choices" must be a non-empty list of rules')

    def execute(self, raw: Any, scope: Scope) -> Leave:
        effective, seen = self.io.effective_input(raw, scope), self.io.seen(raw, scope)
        for way in self.ways:
            if way.holds(seen, scope):
                return way.io.leave(raw, effective, way.next, scope)
        if self.default is None:
            # The specification has States.NoChoiceMatched for this; AWS itself fails with States.Runtime.
            raise runtime("Failed to transition out of the state. The state does not point to a next state.")
        return self.io.leave(raw, effective, self.default, scope)

    def targets(self) -> Iterator[tuple[str, str]]:
        for index, way in enumerate(self.ways):
            yield f".Choices[{index}]", way.next
        if self.default is not None:
            yield "", self.default


def _read_way(fields: Fields, index: int, state_io: InputOutput) -> _Way:
    fields.require("Next")
    following, within = fields.target("Next") or "", f"Choices[{index}]/"
    if isinstance(state_io, JSONPathInputOutput):
        way = _Way(read_rule(fields), following, state_io.with_assign(read_assign(fields)))
    else:
        way = _Way(read_condition(fields, within), following, JSONataInputOutput(fields, within=within))
    fields.finish()
    return way
