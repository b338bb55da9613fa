"""Catch: where a failed state goes instead of failing the execution."""

from dataclasses import dataclass
from typing import Any

from libs.asl.assign import read_assign
from libs.asl.error_equals import check_all_is_last, read_error_equals
from libs.asl.fields import Fields
from libs.asl.input_output import combined, read_result_path
from libs.asl.jsonata_template import read_jsonata
from libs.asl.outcomes import Leave
from libs.asl.paths import Steps
from libs.asl.scope import Evaluator, Scope


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of Catch."""

    error_equals: frozenset[str]
    next: str
    result_path: Steps | None
    output: Evaluator | None
    assign: Evaluator | None
    is_jsonata: bool

    def leave(self, raw: Any, error: dict[str, str], scope: Scope) -> Leave:
        """Leave the state that failed on its raw input with this error."""
        value = {"input": raw, "errorOutput": error} if self.is_jsonata else error
        output, size = combined(raw, self.result_path, error, scope)
        if self.output is not None:
            output = self.output(value, scope)
            size = scope.known.bytes_of(output)
        return Leave(output, self.next, size, None if self.assign is None else self.assign(value, scope))


def read_catchers(fields: Fields) -> tuple[Catcher, ...]:
    """The Catch field of a state."""
    listed = fields.objects("Catch")
    catchers = tuple(_read_catcher(entry, index) for index, entry in enumerate(listed))
    check_all_is_last(listed, [catcher.error_equals for catcher in catchers])
    return catchers


def _read_catcher(fields: Fields, index: int) -> Catcher:
    fields.require("Next")
    within = f"Catch[{index}]/"
    catcher = Catcher(
        error_equals=read_error_equals(fields),
        next=fields.target("Next") or "",
        result_path=() if fields.is_jsonata else read_result_path(fields),
        output=read_jsonata(fields, "Output", ("errorOutput",), within) if fields.is_jsonata else None,
        assign=read_assign(fields, ("errorOutput",), within),
        is_jsonata=fields.is_jsonata,
    )
    fields.finish()
    return catcher
