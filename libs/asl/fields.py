"""Reading one object of a definition field by field, noting every problem instead of stopping at the first."""

from collections.abc import Iterable, Mapping
from typing import Any

from libs.asl.errors import runtime
from libs.asl.paths import InvalidPath, PathNotFound, Steps, compile_path, parse_reference_path
from libs.asl.problems import Problem, did_you_mean
from libs.asl.scope import Evaluator, Scope

JSONPATH = "JSONPath"
JSONATA = "JSONata"

# Fields that only one of the two query languages has, wherever they stand.
_ONLY = {
    JSONATA: frozenset({"Arguments", "Condition", "Items", "Output"}),
    JSONPATH: frozenset(
        {
            *("InputPath", "OutputPath", "Parameters", "Result", "ResultPath", "ResultSelector", "Variable"),
            *("CausePath", "ErrorPath", "HeartbeatSecondsPath", "SecondsPath", "TimeoutSecondsPath", "TimestampPath"),
            *("ItemsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"),
            *("MaxInputBytesPerBatchPath", "MaxItemsPath", "MaxItemsPerBatchPath"),
        }
    ),
}


class Fields:
    """One object of the author's document, and the path that leads to it."""

    def __init__(self, source: Mapping[str, Any], path: str, problems: list[Problem], language: str = JSONPATH) -> None:
        self.source = source
        self.path = path
        self.problems = problems
        self.language = language
        self._read = {"Comment"}
        self._meant: set[str] = set()

    @property
    def is_jsonata(self) -> bool:
        """The expressions in this object are JSONata."""
        return self.language == JSONATA

    def read_language(self) -> None:
        """QueryLanguage, which a definition and each of its states may have."""
        language = self.text("QueryLanguage", self.language)
        if language not in (JSONPATH, JSONATA):
            self.problem(f'"QueryLanguage" must be "{JSONPATH}" or "{JSONATA}"')
        else:
            self.language = language or self.language

    def problem(self, message: str, at: str = "") -> None:
        """Note a fault of this object, or of what stands `at` a place in it."""
        self.problems.append(Problem(f"{self.path}{at}".lstrip("."), message))

    def has(self, name: str) -> bool:
        """The author wrote this field."""
        return name in self.source

    def get(self, name: str, default: Any = None) -> Any:
        """The field as it stands."""
        self._read.add(name)
        return self.source.get(name, default)

    def require(self, name: str) -> Any:
        """A field that must be there."""
        if name not in self.source:
            self.problem(f'"{name}" is missing')
        return self.get(name)

    def text(self, name: str, default: str | None = None) -> str | None:
        """A field that holds a text."""
        value = self.get(name, default)
        if name in self.source and not isinstance(value, str):
            self.problem(f'"{name}" must be a string')
            return default
        return value  # type: ignore[no-any-return]

    def target(self, name: str) -> str | None:
        """A field that names a state."""
        text = self.text(name)
        if text == "":
            self.problem(f'"{name}" names no state ("")')
        return text

    def integer(self, name: str, minimum: int, default: int | None = None, most: int | None = None) -> int | None:
        """A field that holds a whole number, not below a minimum, and not above what is the most."""
        value = self.get(name, default)
        if name in self.source and (type(value) is not int or value < minimum):
            self.problem(f'"{name}" must be a whole number of at least {minimum}')
            return default
        if most is not None and value is not None and value > most:
            self.problem(f'"{name}" must not be more than {most}')
        return value  # type: ignore[no-any-return]

    def number(self, name: str, minimum: float, default: float) -> float:
        """A field that holds a number, not below a minimum."""
        value = self.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < minimum:
            self.problem(f'"{name}" must be a number of at least {minimum:g}')
            return default
        return value

    def objects(self, name: str) -> list["Fields"]:
        """A field that holds a list of objects; absent means none."""
        value = self.get(name, [])
        if not isinstance(value, list):
            self.problem(f'"{name}" must be a list')
            return []
        found = []
        for index, item in enumerate(value):
            if isinstance(item, Mapping):
                found.append(self.inner(item, f".{name}[{index}]"))
            else:
                self.problem("must be an object", f".{name}[{index}]")
        return found

    def object(self, name: str) -> "Fields | None":
        """A field that holds an object; None where it is absent."""
        value = self.get(name)
        if not self.has(name):
            return None
        if not isinstance(value, Mapping):
            self.problem(f'"{name}" must be an object')
            return None
        return self.inner(value, f".{name}")

    def inner(self, source: Mapping[str, Any], at: str) -> "Fields":
        """An object inside this one."""
        return Fields(source, f"{self.path}{at}".lstrip("."), self.problems, self.language)

    def path_field(self, name: str) -> Evaluator | None:
        """A field that holds a path; where it leads nowhere the state fails with States.Runtime."""
        text = self.text(name)
        return None if text is None else self.path_at(text, name)

    def path_at(self, text: str, name: str) -> Evaluator | None:
        """Compile the path written in a field."""
        try:
            return _or_runtime_failure(compile_path(text), name)
        except InvalidPath as error:
            self.problem(f'"{name}": {error}')
            return None

    def data_path(self, name: str) -> Evaluator | None:
        """InputPath or OutputPath: absent means all of it, null means nothing, an empty object."""
        if name in self.source and self.get(name) is None:
            return lambda value, scope: {}
        text = self.text(name)
        return None if text is None or text == "$" else self.path_at(text, name)

    def reference_path(self, name: str) -> Steps:
        """A field that holds a reference path: one place in the input."""
        text = self.text(name) or "$"
        steps = parse_reference_path(text)
        if steps is None:
            self.problem(f'"{name}" must be a reference path, like "$.a.b" ("{text}")')
            return ()
        return steps

    def at_most_one(self, *names: str) -> None:
        """Of these fields no more than one may be there."""
        present = [name for name in names if name in self.source]
        if len(present) > 1:
            self.problem(" and ".join(f'"{name}"' for name in present) + " exclude each other")

    def expect_one_of(self, names: Iterable[str]) -> None:
        """One of these fields is wanted: a name that is not known may be meant for it."""
        self._meant |= set(names)

    def finish(self) -> None:
        """Every field must have been read by now: what is left over is unknown here."""
        for name in self.source:
            if name in self._read:
                continue
            other = next((language for language, only in _ONLY.items() if name in only), self.language)
            if other != self.language:
                self.problem(f'"{name}" is a field of {other}, but the query language here is {self.language}')
            else:
                self.problem(f'"{name}" is not a field here{did_you_mean(name, self._read | self._meant)}')


def _or_runtime_failure(find: Evaluator, name: str) -> Evaluator:
    def found(value: Any, scope: Scope) -> Any:
        try:
            return find(value, scope)
        except PathNotFound as missing:
            # The input is left out of the cause, as it may hold personal data.
            cause = f"Invalid path '{missing.path}': the {name} field leads to nothing in the input."
            raise runtime(cause) from None

    return found
