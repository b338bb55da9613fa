"""Consumers: how far each group is behind on each topic."""

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from libs.streaming.lagging import Behind, behind
from services.review.console.parts import HOME, ConsoleOf, Operator, shown

router = APIRouter()


@router.get(f"{HOME}/lag")
async def lag(request: Request, who: Operator, console: ConsoleOf) -> Response:
    """Those that are behind come first."""
    found = await behind(console.broker)
    return shown(request, who, "lag", rows=worst_first(found), total=total(found))


def worst_first(found: Sequence[Behind]) -> list[Behind]:
    """Most records behind first, groups that never said anything last."""
    return sorted(found, key=lambda one: (-(one.records or 0), one.records is None, one.group, one.topic))


def total(found: Sequence[Behind]) -> int:
    """Records that are not taken, over all groups."""
    return sum(one.records or 0 for one in found)
