"""Slips: what can be run, and is hardly what its author meant."""

from collections.abc import Iterator, Mapping
from typing import Any

from libs.asl import errors
from libs.asl.fields import JSONATA
from libs.asl.graph import Graph, Node
from libs.asl.problems import Problem, did_you_mean

# All names that AWS gives errors of its own.
_ERRORS = frozenset(
    {
        *(errors.ALL, errors.TIMEOUT, errors.HEARTBEAT_TIMEOUT, errors.TASK_FAILED, errors.RUNTIME),
        *(errors.RESULT_PATH_MATCH_FAILURE, errors.BRANCH_FAILED, errors.INTRINSIC_FAILURE),
        *(errors.DATA_LIMIT_EXCEEDED, errors.QUERY_EVALUATION_ERROR, errors.EXCEED_TOLERATED_FAILURE_THRESHOLD),
        *(errors.ITEM_READER_FAILED, errors.RESULT_WRITER_FAILED, "States.ParameterPathFailure"),
        *("States.NoChoiceMatched", "States.Permissions", "States.Http.Socket"),
    }
)
_TEMPLATES = ("Parameters", "ResultSelector", "ItemSelector", "Assign", "Arguments", "Output")


def slips(definition: Any, graph: Graph) -> Iterator[Problem]:
    """A warning for each."""
    language = definition.get("QueryLanguage") if isinstance(definition, Mapping) else None
    for node in graph.every_node():
        is_jsonata = node.document.get("QueryLanguage", language) == JSONATA
        for name in _TEMPLATES:
            yield from _of_other_language(node.document.get(name), f"{node.path}.{name}", is_jsonata)
        for name in ("Retry", "Catch"):
            yield from _wrong_errors(node, name)


def _of_other_language(value: Any, path: str, is_jsonata: bool) -> Iterator[Problem]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if is_jsonata and name.endswith(".$"):
                yield Problem(path, f'"{name}" is a field like any other: the query language here is JSONata')
            yield from _of_other_language(inner, f"{path}.{name}", is_jsonata)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _of_other_language(inner, f"{path}[{index}]", is_jsonata)
    elif not is_jsonata and isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        yield Problem(path, f'"{value}" is a text like any other: the query language here is JSONPath')


def _wrong_errors(node: Node, name: str) -> Iterator[Problem]:
    listed = node.document.get(name)
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        named = entry.get("ErrorEquals") if isinstance(entry, Mapping) else None
        for error in named if isinstance(named, list) else ():
            if isinstance(error, str) and (fault := _fault(error)):
                yield Problem(f"{node.path}.{name}[{index}]", fault)


def _fault(error: str) -> str | None:
    if error == errors.RUNTIME:
        return f'"{error}" is an error that nothing catches'
    if error.startswith("States.") and error not in _ERRORS:
        return f'"{error}" is no error that there is{did_you_mean(error, _ERRORS, "States.")}'
    return None
