"""What an operator sees first: whether anything needs them."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from aiokafka.errors import KafkaError
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from libs.staff.roles import OPERATOR
from libs.streaming.lagging import behind
from libs.streaming.replay import numbers
from services.review.console.executions import by_step, longest_running, row
from services.review.console.lag import total
from services.review.console.parts import HOME, TRAIL, Anybody, Console, ConsoleOf, shown
from services.review.console.quarantine import held_back
from services.review.console.results_api import Unanswered

OLDEST_SHOWN = 8
SECONDS = 15.0

router = APIRouter()


@router.get(HOME)
async def overview(request: Request, who: Anybody, console: ConsoleOf) -> Response:
    """Each part is asked apart: what cannot be asked says so, and the others are shown."""
    if not who.may(OPERATOR):
        return RedirectResponse(TRAIL[0], 303)
    counts, running, lag, letters, held = await asyncio.gather(
        _asked(console.api.executions(limit=1)),
        _asked(longest_running(console.api)),
        _asked(behind(console.broker)),
        _asked(_letters(console)),
        _asked(held_back(console)),
    )
    return shown(
        request,
        who,
        "overview",
        counts=counts and counts["counts"],
        oldest=None if running is None else [row(one) for one in running[:OLDEST_SHOWN]],
        steps=None if running is None else by_step(running),
        behind=None if lag is None else total(lag),
        letters=letters,
        held=held and len(held[0]),
    )


async def _letters(console: Console) -> int:
    return sum(map(len, (await numbers(console.broker, console.groups)).values()))


async def _asked(answer: Awaitable[Any]) -> Any:
    """None where it cannot be had now."""
    try:
        return await asyncio.wait_for(answer, SECONDS)
    except (Unanswered, KafkaError, LookupError, OSError, TimeoutError):
        return None
