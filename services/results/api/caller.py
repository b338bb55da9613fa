"""Who asks, and for which customer: the headers of the contract."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Header, Request

from services.results.api.ids import request_id
from services.results.api.problems import Detail, Problem, invalid

_CUSTOMER = re.compile(r"[!-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Caller:
    """The customer that everything read and written belongs to, and the person who asks."""

    customer_id: str
    username: str
    request_id: str
    traceparent: str | None


async def caller(
    request: Request,
    api_key: Annotated[str | None, Header(convert_underscores=False, description="The customer's key.")] = None,
    customer: Annotated[str | None, Header(alias="X-Frankie-CustomerID", description="Required.")] = None,
    child: Annotated[str | None, Header(alias="X-Frankie-CustomerChildID", include_in_schema=True)] = None,
    channel: Annotated[str | None, Header(alias="X-Frankie-Channel")] = None,
    username: Annotated[str | None, Header(alias="X-Frankie-Username", description="Who asks; kept.")] = None,
    traceparent: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Caller:
    """The caller; refused without a key or a customer."""
    if not api_key:
        detail = Detail("is missing", "header.api_key", "MISSING")
        raise Problem(401, "UNAUTHORIZED", "the api_key header is missing", [detail])
    if not customer:
        raise invalid("is missing", "header.X-Frankie-CustomerID", "MISSING")
    if not _CUSTOMER.fullmatch(customer):
        raise invalid("is not a customer's id", "header.X-Frankie-CustomerID")
    if child:
        # To take it for the parent's would mix the data of two customers.
        raise invalid("children of a customer are not supported", "header.X-Frankie-CustomerChildID")
    return Caller(customer, _text(username or "")[:200] or "API", request_id(request), traceparent)


def _text(value: str) -> str:
    """A header's bytes are UTF-8, whatever HTTP says of Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8").replace("\0", "").strip()
    except UnicodeError:
        return value.replace("\0", "").strip()


CallerOf = Annotated[Caller, Depends(caller)]
Background = Annotated[
    Literal["0", "1"],
    Header(alias="X-Frankie-Background", description="1: answer 202 at once, without waiting for the result."),
]
