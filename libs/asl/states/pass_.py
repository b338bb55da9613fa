"""Pass: hands its input on, perhaps with something put in."""

from typing import Any

from libs.asl.fields import Fields
from libs.asl.input_output import read_input_output
from libs.asl.outcomes import Leave
from libs.asl.scope import Scope
from libs.asl.states.state import State, read_next


class Pass(State):
    kind = "Pass"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.has_result = fields.has("Result") and not fields.is_jsonata
        self.result = None if fields.is_jsonata else fields.get("Result")
        self.io = read_input_output(fields, arguments=not fields.is_jsonata, result=True)

    def execute(self, raw: Any, scope: Scope) -> Leave:
        result = self.result if self.has_result else self.io.effective_input(raw, scope)
        return self.io.leave(raw, result, self.next, scope)
