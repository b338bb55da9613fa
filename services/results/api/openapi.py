"""The released description of the API, `schemas/openapi.json`.

`python -m services.results.api.openapi` releases it as it is now, unless that would break a client.
"""

import sys
from typing import Any

import orjson
from fastapi import FastAPI

from libs.events.catalogue import SCHEMAS
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from services.results.api.app import create_app
from services.results.api.breaks import breaks
from services.results.api.parts import ProducerPublisher

RELEASED = "openapi.json"


def described() -> FastAPI:
    """The application with nothing behind it, for what can be told of it without being served."""
    broker = MemoryBroker()
    return create_app(connect("postgresql+asyncpg://"), ProducerPublisher(broker.producer()), broker)


def released() -> dict[str, Any] | None:
    """The description that clients have; None before the first release."""
    path = SCHEMAS / RELEASED
    return dict(orjson.loads(path.read_bytes())) if path.exists() else None


def written(document: dict[str, Any]) -> bytes:
    """As it stands in the file."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def main() -> int:
    """Release the description; exit 1 and write nothing where that would break a client."""
    document = described().openapi()
    found = breaks(released() or document, document)
    for one in found:
        print(f"would break a client: {one}", file=sys.stderr)
    if not found:
        (SCHEMAS / RELEASED).write_bytes(written(document))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
