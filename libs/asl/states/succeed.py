"""Succeed: ends its branch well."""

from typing import Any

from libs.asl.fields import Fields
from libs.asl.input_output import read_input_output
from libs.asl.outcomes import Leave
from libs.asl.scope import Scope
from libs.asl.states.state import State


class Succeed(State):
    kind = "Succeed"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.io = read_input_output(fields)
        if fields.has("Assign"):
            fields.problem('"Assign" is not a field here: nothing comes after a Succeed state')

    def execute(self, raw: Any, scope: Scope) -> Leave:
        return self.io.leave(raw, self.io.effective_input(raw, scope), None, scope)
