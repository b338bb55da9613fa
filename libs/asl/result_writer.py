"""ResultWriter: the results of a distributed Map go to a file, which the caller writes."""

from typing import Any

from libs.asl import errors
from libs.asl.errors import StateFailure
from libs.asl.fields import Fields
from libs.asl.jsonata_template import read_jsonata
from libs.asl.outcomes import CallFile
from libs.asl.payload_template import read_template
from libs.asl.scope import Scope


class ResultWriter:
    """Where the results are to be written."""

    def __init__(self, fields: Fields) -> None:
        fields.require("Resource")
        self._resource = fields.text("Resource") or ""
        name, read = ("Arguments", read_jsonata) if fields.is_jsonata else ("Parameters", read_template)
        self._parameters = read(fields, name)
        fields.finish()

    def call(self, results: list[Any], seen: Any, scope: Scope) -> CallFile:
        """Have the caller write the results."""
        return CallFile(self._resource, {} if self._parameters is None else self._parameters(seen, scope), results)


def read_result_writer(fields: Fields) -> ResultWriter | None:
    """The ResultWriter field of a Map."""
    inner = fields.object("ResultWriter")
    return None if inner is None else ResultWriter(inner)


def writing_failed(cause: str | None) -> StateFailure:
    """The results could not be written."""
    return StateFailure(errors.RESULT_WRITER_FAILED, cause)
