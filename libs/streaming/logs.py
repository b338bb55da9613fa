"""Lines of JSON on standard error, which name a failure by its type and place: its words may hold personal data."""

import logging
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

from libs.events.message import Event, Message

ROOT = Path(__file__).resolve().parents[2]
FRAMES = 8


def log_to_stderr(level: str) -> None:
    """Structured lines of ours, and in the same form the warnings of libraries."""
    logging.basicConfig(level=logging.WARNING, handlers=[library_lines(sys.stderr)])
    for name in ("aiokafka", "faust", "mode"):  # faust's worker opens the root logger to every debugging message
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=processors(),
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def processors() -> list[structlog.typing.Processor]:
    """What makes a line of ours."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _failures_by_place,
        structlog.processors.JSONRenderer(),
    ]


def library_lines(stream: TextIO) -> logging.Handler:
    """What writes the lines of libraries."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_LibraryLines())
    return handler


def where(error: BaseException) -> str:
    """Type and place of a failure, the innermost frame first; nothing of what it says."""
    return f"{type(error).__name__} at {_frames(error.__traceback__)}"


def about(event: Event) -> dict[str, str | None]:
    """What a line says of an event: by what it can be followed through all services."""
    return {"topic": event.topic, "event_id": event.id, "correlation": event.correlation, "causation": event.causation}


def about_message(message: Message) -> dict[str, Any]:
    """The same of a record that may be no event, and where it lies."""
    headers = dict(message.headers)
    ids = {"event_id": "ce_id", "correlation": "correlationid", "causation": "causationid"}
    told = {name: (headers.get(header) or b"").decode(errors="replace")[:255] or None for name, header in ids.items()}
    return {"topic": message.topic, "partition": message.partition, "offset": message.offset, **told}


def _frames(trace: TracebackType | None) -> str:
    frames = reversed(traceback.extract_tb(trace)[-FRAMES:])
    return " < ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames) or "no frame"


def _short(path: str) -> str:
    file = Path(path)
    return str(file.relative_to(ROOT)) if file.is_relative_to(ROOT) else "/".join(file.parts[-2:])


def _failures_by_place(logger: Any, method: str, line: Any) -> Mapping[str, Any]:
    raised = line.pop("exc_info", None)
    if raised:
        error = raised if isinstance(raised, BaseException) else sys.exc_info()[1]
        line["raised"] = where(error) if error is not None else None
    return dict(line)


class _LibraryLines(logging.Formatter):
    """What libraries log, with their failures by place only."""

    def format(self, record: logging.LogRecord) -> str:
        # asyncio's further lines show what was raised with all that it says.
        message = record.getMessage().partition("\n")[0]
        line = {"event": message, "logger": record.name, "level": record.levelname.lower()}
        if record.exc_info and record.exc_info[1] is not None:
            line["raised"] = where(record.exc_info[1])
        return str(structlog.processors.JSONRenderer()(None, "", line))
