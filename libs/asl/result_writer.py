"""ResultWriter: the results of a distributed Map go to a file, which the caller writes."""

from typing import Any

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_jsonata
from libs.asl.outcomes import CallFile
from libs.asl.payload_template import read_template
from libs.asl.scope import Scope

_CONFIG = {"Transformation": ("NONE", "COMPACT", "FLATTEN"), "OutputType": ("JSON", "JSONL")}


class ResultWriter:
    """Where the results are to be written."""

    def __init__(self, fields: Fields) -> None:
        fields.require("Resource")
        self._resource = fields.text("Resource") or ""
        name, read = ("Arguments", read_jsonata) if fields.is_jsonata else ("Parameters", read_template)
        self._parameters = read(fields, name)
        self._config = _read_config(fields)
        fields.finish()

    def call(self, results: list[Any], seen: Any, scope: Scope) -> CallFile:
        """Have the caller write the results."""
        parameters = {} if self._parameters is None else self._parameters(seen, scope)
        return CallFile(self._resource, parameters, results, self._config)


def _read_config(fields: Fields) -> dict[str, str]:
    """WriterConfig is for the caller, who writes."""
    inner = fields.object("WriterConfig")
    if inner is None:
        return {}
    for name, allowed in _CONFIG.items():
        if inner.text(name, allowed[0]) not in allowed:
            inner.problem(f'"{name}" must be one of {", ".join(allowed)}')
    inner.finish()
    return dict(inner.source)


def read_result_writer(fields: Fields) -> ResultWriter | None:
    """The ResultWriter field of a Map."""
    inner = fields.object("ResultWriter")
    return None if inner is None else ResultWriter(inner)


def writing_failed(cause: str | None) -> StateFailure:
    """The results could not be written."""
    return StateFailure(errors.RESULT_WRITER_FAILED, cause)
