"""Parallel: runs its branches at once, each on the same input, and gathers their outputs in order."""

from typing import Any

from libs.asl.catcher import read_catchers
from libs.asl.fields import Fields
from libs.asl.input_output import read_input_output
from libs.asl.outcomes import Fork, Leave, Start
from libs.asl.retrier import read_retriers
from libs.asl.scope import Scope
from libs.asl.states.state import State, read_next


class Parallel(State):
    kind = "Parallel"

    def __init__(self, name: str, fields: Fields, starts: list[str]) -> None:
        super().__init__(name, fields)
        self.next = read_next(fields)
        self.io = read_input_output(fields, arguments=True, result=True, selector=True)
        self.retriers = read_retriers(fields)
        self.catchers = read_catchers(fields)
        self.starts = starts

    def execute(self, raw: Any, scope: Scope) -> Fork:
        effective = self.io.effective_input(raw, scope)
        size = scope.known.bytes_of(effective)
        starts = [Start(index, start_at, effective, None, size) for index, start_at in enumerate(self.starts)]
        return Fork(starts, 0, size)

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        return self.io.leave(raw, result, self.next, scope)
