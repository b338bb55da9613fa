"""Succeed: ends its branch well."""

from typing import Any

from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput
from libs.asl.outcomes import Leave
from libs.asl.scope import Scope
from libs.asl.states.state import State


class Succeed(State):
    kind = "Succeed"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.io = InputOutput(fields)

    def execute(self, raw: Any, scope: Scope) -> Leave:
        return Leave(self.io.output(raw, self.io.effective_input(raw, scope), scope), None)
