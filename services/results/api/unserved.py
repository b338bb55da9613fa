"""The operations of the contract that nothing here serves: each answers 501."""

from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from services.results.api.caller import CallerOf
from services.results.api.contract import Place, operations, place
from services.results.api.problems import Detail, Problem


def endpoints(routes: Sequence[BaseRoute]) -> dict[Place, Callable[..., Any]]:
    """What answers at each place: of several the first."""
    found: dict[Place, Callable[..., Any]] = {}
    for route in iter_route_contexts(routes):
        for method in route.methods or ():
            if route.path is not None and route.endpoint is not None:
                found.setdefault(place(method, route.path), route.endpoint)
    return found


def add_unserved(app: FastAPI) -> None:
    """Answer 501 for each operation of the contract that the application does not serve.

    These go before all others: `entries/removeEntity` is no entry of that name.
    """
    served = endpoints(app.routes)
    rest = APIRouter(include_in_schema=False)
    for one in operations():
        if one.place not in served:
            rest.add_api_route(one.path, not_implemented, methods=[one.method])
    app.include_router(rest)
    app.router.routes.insert(0, app.router.routes.pop())


async def not_implemented(caller: CallerOf) -> Response:
    """Whoever may ask is told that there is no answer."""
    text = "this operation of the contract is not served"
    raise Problem(501, "NOT_IMPLEMENTED", text, [Detail(text, "path", "NOT_IMPLEMENTED")])
