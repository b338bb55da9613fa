"""What is asked of a source over HTTP, and what its answers mean; pure."""

from typing import Any, Generic, TypeVar

import jlens
import orjson
from pydantic import TypeAdapter, ValidationError

from libs.sources.config import Http
from libs.sources.unavailable import SourceUnavailable

# What bounds an expression on an answer that is meant to do harm; a step is 0.06 µs as a rule.
LIMITS = {"max_steps": 400_000, "max_depth": 100, "max_result_size": 1_000_000}
LONGEST, MOST = 300, 100

Question = dict[str, Any]
R = TypeVar("R")


def recorded(status: int, body: Any) -> str:
    """An answer as it is kept."""
    return orjson.dumps({"status": status, "body": body}).decode()


class HttpMapping(Generic[R]):
    """The expressions of one source, compiled once; its records are of the type that the adapter is of."""

    def __init__(self, http: Http, records: TypeAdapter[list[R]]) -> None:
        self._http, self._type = http, records
        self._query, self._body = (text and jlens.Expression(text) for text in (http.query, http.body))
        self._understood, self._records = jlens.Expression(http.understood), jlens.Expression(http.records)

    def query(self, asked: Question) -> dict[str, str]:
        """The parameters of the URL; raises SourceUnavailable."""
        found = self._query and _evaluated("query", self._query, asked)
        if not isinstance(found or {}, dict):
            raise SourceUnavailable("query: its value is no object")
        return {name: str(value) for name, value in (found or {}).items()}

    def body(self, asked: Question) -> bytes | None:
        """The body, as JSON; raises SourceUnavailable."""
        return orjson.dumps(_evaluated("body", self._body, asked)) if self._body else None

    def records(self, answer: str, asked: Question) -> tuple[R, ...]:
        """The records in a recorded answer; raises SourceUnavailable where it makes no sense."""
        parsed = orjson.loads(answer)
        if parsed["status"] in self._http.notFound:
            return ()
        bindings = {"question": asked}
        if _evaluated("understood", self._understood, parsed["body"], bindings) is not True:
            raise SourceUnavailable("its answer was not understood")
        found = _evaluated("records", self._records, parsed["body"], bindings)
        listed = [] if found is None else found if isinstance(found, list) else [found]
        if len(listed) > self._http.maxRecords:
            raise SourceUnavailable(f"its answer has more than {self._http.maxRecords} records")
        _short("records", listed)
        try:
            return tuple(self._type.validate_python(listed))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            raise SourceUnavailable(f"records.{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _evaluated(field: str, expression: Any, value: Any, bindings: Question | None = None) -> Any:
    """Errors are told by their code: their text quotes what was looked at."""
    try:
        return expression.evaluate(value, bindings or {}, **LIMITS)
    except jlens.JlensError as error:
        raise SourceUnavailable(f"{field}: {error.code}") from None
    except TypeError:
        raise SourceUnavailable(f"{field}: a number that is none") from None


def _short(place: str, value: Any) -> None:
    if isinstance(value, str) and len(value) > LONGEST:
        raise SourceUnavailable(f"{place}: a text of more than {LONGEST} characters")
    if isinstance(value, list) and len(value) > MOST:
        raise SourceUnavailable(f"{place}: more than {MOST} of them")
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            _short(f"{place}.{name}", inner)
