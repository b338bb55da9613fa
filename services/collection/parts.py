"""What the pages work with."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.blobs.port import Blobs
from libs.streaming.ports import Clock
from services.collection.machine import Machine
from services.collection.policy import Policy
from services.collection.service import Telling
from services.collection.texts import Texts
from services.collection.working import Working


@dataclass(frozen=True, slots=True)
class Parts:
    """Put together where the process starts. `customer` and `workflow`: whose applicants begin here, and what runs on
    them; `address`: where browsers find the pages."""

    engine: AsyncEngine
    blobs: Blobs
    policy: Policy
    machine: Machine
    texts: dict[str, Texts]
    working: Working
    telling: Telling
    clock: Clock
    customer: str
    workflow: str
    address: str


def parts_of(request: Request) -> Parts:
    """Those of the application that is asked."""
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(parts_of)]
