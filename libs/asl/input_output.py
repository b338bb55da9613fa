"""Input and output processing: what a state is given of its input, and what becomes of its result."""

from typing import Any

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.paths import CannotPlace, Steps, placed
from libs.asl.payload_template import read_template
from libs.asl.scope import Evaluator, Scope


class InputOutput:
    """InputPath, Parameters, ResultSelector, ResultPath and OutputPath of one state; None means: as it comes."""

    __slots__ = ("input_path", "output_path", "parameters", "result_path", "result_selector")

    def __init__(
        self, fields: Fields, *, parameters: bool = False, selector: bool = False, result: bool = False
    ) -> None:
        self.input_path = fields.data_path("InputPath")
        self.output_path = fields.data_path("OutputPath")
        self.parameters: Evaluator | None = read_template(fields, "Parameters") if parameters else None
        self.result_selector: Evaluator | None = read_template(fields, "ResultSelector") if selector else None
        self.result_path: Steps | None = read_result_path(fields) if result else ()

    def selected(self, raw: Any, scope: Scope) -> Any:
        """The part of the raw input that InputPath names."""
        return raw if self.input_path is None else self.input_path(raw, scope)

    def effective_input(self, raw: Any, scope: Scope) -> Any:
        """What the state works on."""
        value = raw if self.input_path is None else self.input_path(raw, scope)
        return value if self.parameters is None else self.parameters(value, scope)

    def output(self, raw: Any, result: Any, scope: Scope) -> Any:
        """What the state hands on, given its result."""
        if self.result_selector is not None:
            result = self.result_selector(result, scope)
        output = combined(raw, self.result_path, result)
        return output if self.output_path is None else self.output_path(output, scope)


def read_result_path(fields: Fields) -> Steps | None:
    """ResultPath; None means that the result is thrown away."""
    if fields.has("ResultPath") and fields.get("ResultPath") is None:
        return None
    return fields.reference_path("ResultPath")


def combined(raw: Any, result_path: Steps | None, result: Any) -> Any:
    """The raw input with the result at its place."""
    if result_path is None:
        return raw
    if not result_path:
        return result
    try:
        return placed(raw, result_path, result)
    except CannotPlace:
        shown = "$" + "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in result_path)
        cause = f"Unable to apply ReferencePath {shown} to the input."
        raise StateFailure(errors.RESULT_PATH_MATCH_FAILURE, cause, located=True) from None
