"""Input and output processing: what a state is given of its input, and what becomes of its result."""

from copy import copy
from typing import Any, Protocol

from libs.asl import errors
from libs.asl.assign import read_assign
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_jsonata
from libs.asl.outcomes import Leave
from libs.asl.paths import CannotPlace, Steps, placed
from libs.asl.payload_template import read_template
from libs.asl.scope import Evaluator, Scope


class InputOutput(Protocol):
    """The processing of one state, in its query language."""

    def seen(self, raw: Any, scope: Scope) -> Any:
        """What the expressions in the other fields of the state are evaluated on."""

    def effective_input(self, raw: Any, scope: Scope) -> Any:
        """What the state works on."""

    def leave(self, raw: Any, result: Any, following: str | None, scope: Scope) -> Leave:
        """Leave the state with its result."""


def read_input_output(
    fields: Fields, *, arguments: bool = False, result: bool = False, selector: bool = False
) -> InputOutput:
    """The fields of a state that may have arguments, and a result of its own, and select from it."""
    if fields.is_jsonata:
        return JSONataInputOutput(fields, arguments=arguments, result=selector)
    return JSONPathInputOutput(fields, arguments=arguments, result=result, selector=selector)


class JSONPathInputOutput:
    """InputPath, Parameters, ResultSelector, ResultPath, OutputPath and Assign; None means: as it comes."""

    __slots__ = ("assign", "input_path", "output_path", "parameters", "result_path", "result_selector")

    def __init__(self, fields: Fields, *, arguments: bool, result: bool, selector: bool) -> None:
        self.input_path = fields.data_path("InputPath")
        self.output_path = fields.data_path("OutputPath")
        self.parameters: Evaluator | None = read_template(fields, "Parameters") if arguments else None
        self.result_selector: Evaluator | None = read_template(fields, "ResultSelector") if selector else None
        self.result_path: Steps | None = read_result_path(fields) if result else ()
        self.assign = read_assign(fields)

    def with_assign(self, assign: Evaluator | None) -> "JSONPathInputOutput":
        """The same with another Assign, as a Choice rule has."""
        twin = copy(self)
        twin.assign = assign
        return twin

    def seen(self, raw: Any, scope: Scope) -> Any:
        return raw if self.input_path is None else self.input_path(raw, scope)

    def effective_input(self, raw: Any, scope: Scope) -> Any:
        value = raw if self.input_path is None else self.input_path(raw, scope)
        return value if self.parameters is None else self.parameters(value, scope)

    def leave(self, raw: Any, result: Any, following: str | None, scope: Scope) -> Leave:
        if self.result_selector is not None:
            result = self.result_selector(result, scope)
        assigned = None if self.assign is None else self.assign(result, scope)
        output, size = combined(raw, self.result_path, result, scope)
        if self.output_path is not None:
            output = self.output_path(output, scope)
            size = scope.known.bytes_of(output)
        return Leave(output, following, size, assigned)


class JSONataInputOutput:
    """Arguments, Output and Assign; what is absent is as it comes."""

    __slots__ = ("arguments", "assign", "has_result", "output")

    def __init__(self, fields: Fields, *, arguments: bool = False, result: bool = False, within: str = "") -> None:
        states = ("result",) if result else ()
        self.has_result = result
        self.arguments = read_jsonata(fields, "Arguments") if arguments else None
        self.output = read_jsonata(fields, "Output", states, within)
        self.assign = read_assign(fields, states, within)

    def seen(self, raw: Any, scope: Scope) -> Any:
        return {"input": raw}

    def effective_input(self, raw: Any, scope: Scope) -> Any:
        return raw if self.arguments is None else self.arguments({"input": raw}, scope)

    def leave(self, raw: Any, result: Any, following: str | None, scope: Scope) -> Leave:
        states = {"input": raw, "result": result} if self.has_result else {"input": raw}
        output = result if self.output is None else self.output(states, scope)
        assigned = None if self.assign is None else self.assign(states, scope)
        return Leave(output, following, scope.known.bytes_of(output), assigned)


def read_result_path(fields: Fields) -> Steps | None:
    """ResultPath; None means that the result is thrown away."""
    if fields.has("ResultPath") and fields.get("ResultPath") is None:
        return None
    return fields.reference_path("ResultPath")


def combined(raw: Any, result_path: Steps | None, result: Any, scope: Scope) -> tuple[Any, int]:
    """The raw input with the result at its place, and at most how many bytes that is."""
    known = scope.known
    if result_path is None:
        return raw, known.bytes_of(raw)
    if not result_path:
        return result, known.bytes_of(result)
    try:
        output = placed(raw, result_path, result)
    except CannotPlace:
        shown = "$" + "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in result_path)
        cause = f"Unable to apply ReferencePath {shown} to the input."
        raise StateFailure(errors.RESULT_PATH_MATCH_FAILURE, cause, located=True) from None
    return output, known.bytes_of(raw) + known.bytes_of(result) + _bytes_of_steps(result_path)


def _bytes_of_steps(steps: Steps) -> int:
    """What members made on the way to a place add: a character takes at most six bytes, and around a name five."""
    return sum(6 * len(str(step)) + 6 for step in steps)
