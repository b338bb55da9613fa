"""Choice: goes to the state of the first rule that holds."""

from collections.abc import Iterator
from typing import Any

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.input_output import InputOutput
from libs.asl.outcomes import Leave
from libs.asl.scope import Scope
from libs.asl.states.choice_rule import Rule, read_rule
from libs.asl.states.state import State


class Choice(State):
    kind = "Choice"

    def __init__(self, name: str, fields: Fields) -> None:
        super().__init__(name, fields)
        self.io = InputOutput(fields)
        self.choices = [_read_choice(inner) for inner in fields.objects("Choices")]
        self.default = fields.text("Default")
        if not self.choices:
            fields.problem('"Choices" must be a non-empty list of rules')

    def execute(self, raw: Any, scope: Scope) -> Leave:
        effective = self.io.effective_input(raw, scope)
        target = self._chosen(effective, scope)
        return Leave(self.io.output(raw, effective, scope), target)

    def _chosen(self, effective: Any, scope: Scope) -> str:
        for rule, target in self.choices:
            if rule(effective, scope):
                return target
        if self.default is None:
            cause = "No rule of the Choice state holds, and it has no Default."
            raise StateFailure(errors.NO_CHOICE_MATCHED, cause, located=True)
        return self.default

    def targets(self) -> Iterator[tuple[str, str]]:
        for index, (_, target) in enumerate(self.choices):
            yield f".Choices[{index}]", target
        if self.default is not None:
            yield "", self.default


def _read_choice(fields: Fields) -> tuple[Rule, str]:
    fields.require("Next")
    choice = read_rule(fields), fields.text("Next") or ""
    fields.finish()
    return choice
