"""Lines of the log: followed by their ids, without personal data."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from libs.streaming.logs import library_lines, processors, where

SECRET = "Xanthippe-Quillfeather"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a process would write on standard error."""
    stream, former = io.StringIO(), structlog.get_config()
    handler = library_lines(stream)
    logging.root.addHandler(handler)
    structlog.configure(
        processors=processors(), logger_factory=structlog.PrintLoggerFactory(stream), cache_logger_on_first_use=False
    )
    yield stream
    logging.root.removeHandler(handler)
    structlog.configure(**former)


def raised() -> ValueError:
    try:
        raise ValueError(f"no such name: {SECRET}")
    except ValueError as error:
        return error


def test_a_failure_is_told_by_type_and_place() -> None:
    told = where(raised())
    assert told.startswith("ValueError at tests/libs/streaming/test_logs.py:")
    assert told.endswith(" raised")
    assert SECRET not in told


def test_an_exception_in_a_line_of_ours_says_nothing_of_its_own(lines: io.StringIO) -> None:
    structlog.get_logger().error("check.raised", correlation="c-1", exc_info=raised())
    (line,) = [json.loads(one) for one in lines.getvalue().splitlines()]
    assert (line["event"], line["correlation"], line["level"]) == ("check.raised", "c-1", "error")
    assert line["raised"].startswith("ValueError at tests/libs/streaming/test_logs.py:")


def test_a_librarys_failure_says_nothing_of_its_own_either(lines: io.StringIO) -> None:
    error = raised()
    shown = "Task exception was never retrieved\nfuture: <Task %r>"
    logging.getLogger("asyncio").error(shown, error, exc_info=(ValueError, error, error.__traceback__))
    (line,) = [json.loads(one) for one in lines.getvalue().splitlines()]
    assert (line["event"], line["logger"]) == ("Task exception was never retrieved", "asyncio")
    assert SECRET not in json.dumps(line)
    assert sys.exc_info()[1] is None
