"""Pass: hands its input on, perhaps with something put in."""

from typing import Any

from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput
from libs.asl.outcomes import Leave
from libs.asl.scope import Scope
from libs.asl.states.state import State, read_next


class Pass(State):
    kind = "Pass"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.has_result = fields.has("Result")
        self.result = fields.get("Result")
        self.io = InputOutput(fields, parameters=True, result=True)

    def execute(self, raw: Any, scope: Scope) -> Leave:
        effective = self.io.effective_input(raw, scope)
        result = self.result if self.has_result else effective
        return Leave(self.io.output(raw, result, scope), self.next)
