"""Who asks, and for which customer: the headers of the contract, and the key that they must agree with."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal, cast

from fastapi import Depends, Header, Request

from libs.events.message import derived_id
from services.results.api.access import Operation
from services.results.api.ids import request_id
from services.results.api.keys import ApiKey
from services.results.api.problems import Detail, Problem, forbidden, invalid
from services.results.api.trail import Trail

# A child's data are kept under the customer's id, this, and the child's: so no customer's id has it.
CHILD_OF = "/"
CHANNELS = ("API", "PORTAL", "ONESDK", "SYSTEM")
NOBODY = "API"
_CUSTOMER = re.compile(r"[!-.0-~]{1,200}")


@dataclass(frozen=True, slots=True)
class Caller:
    """The customer that everything read and written belongs to, and the person who asks."""

    customer_id: str
    username: str
    request_id: str
    traceparent: str | None
    key_id: str
    roles: frozenset[str]
    channel: str
    operation: Operation
    trail: Trail

    def under(self, request_id: str) -> "Caller":
        """The same, asking under the id of an earlier request that this one repeats."""
        return replace(self, request_id=request_id)

    def new_id(self, what: str) -> str:
        """The id of something that this request makes: the same should it be repeated under its Idempotency-Key."""
        return derived_id(self.request_id, "api", what)


def admitted(request: Request, key: ApiKey | None, operation: Operation, now: datetime) -> Caller:
    """The caller, whose key and headers agree; raises Problem."""
    if key is None or (refusal := key.why_not(now)):
        text = "the key is not known" if key is None else cast(str, refusal)
        raise Problem(401, "UNAUTHORIZED", text, [Detail(text, "header.api_key", "UNAUTHORIZED")])
    headers = request.headers
    channel = headers.get("X-Frankie-Channel", "").upper()
    return Caller(
        _tenant(key, headers.get("X-Frankie-CustomerID"), headers.get("X-Frankie-CustomerChildID")),
        _username(key, headers.get("X-Frankie-Username")),
        request_id(request),
        headers.get("traceparent"),
        key.key_id,
        key.roles,
        channel if channel in CHANNELS else "API",
        operation,
        _trail(operation, request.scope["path"]),
    )


def require_role(caller: Caller) -> None:
    """Refuse who has none of the operation's roles."""
    if not caller.roles & caller.operation.roles:
        needed = " or ".join(sorted(caller.operation.roles))
        text = f"the key has the roles {', '.join(sorted(caller.roles))}; {caller.operation.name} takes {needed}"
        raise forbidden(text, "header.api_key")


def tenant(customer: str, child: str | None) -> str:
    """The id that the data of a customer, or of one of its children, are kept under."""
    return f"{customer}{CHILD_OF}{child}" if child else customer


def is_customer(id: str) -> bool:
    """Whether it can be the id of a customer or a child."""
    return _CUSTOMER.fullmatch(id) is not None


def _trail(operation: Operation, path: str) -> Trail:
    """What the path tells of; ids that nobody can have are refused further on."""
    entity, execution = operation.named(path, "entityId"), operation.named(path, "workflowExecutionId")
    return Trail(entity_id=entity, execution_id=execution)


def _tenant(key: ApiKey, customer: str | None, child: str | None) -> str:
    if not customer:
        raise invalid("is missing", "header.X-Frankie-CustomerID", "MISSING")
    if not is_customer(customer):
        raise invalid("is not a customer's id", "header.X-Frankie-CustomerID")
    if customer != key.customer_id:
        raise forbidden("the key is not this customer's", "header.X-Frankie-CustomerID")
    if child and not is_customer(child):
        raise invalid("is not the id of a customer's child", "header.X-Frankie-CustomerChildID")
    if child and key.child_id not in (None, child):
        raise forbidden("the key is not this child's", "header.X-Frankie-CustomerChildID")
    return tenant(customer, child or key.child_id)


def _username(key: ApiKey, given: str | None) -> str:
    told = _text(given or "")[:200]
    if key.username is None:
        return told or NOBODY
    if told and told != key.username:
        raise forbidden("the key is another person's", "header.X-Frankie-Username")
    return key.username


def _text(value: str) -> str:
    """A header's bytes are UTF-8, whatever HTTP says of Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8").replace("\0", "").strip()
    except UnicodeError:
        return value.replace("\0", "").strip()


async def caller(
    request: Request,
    api_key: Annotated[str | None, Header(convert_underscores=False, description="The customer's key.")] = None,
    customer: Annotated[str | None, Header(alias="X-Frankie-CustomerID", description="The key's. Required.")] = None,
    child: Annotated[
        str | None, Header(alias="X-Frankie-CustomerChildID", description="A child of the customer's.")
    ] = None,
    channel: Annotated[str | None, Header(alias="X-Frankie-Channel")] = None,
    username: Annotated[str | None, Header(alias="X-Frankie-Username", description="Who asks; kept.")] = None,
    repeated: Annotated[
        str | None,
        Header(alias="Idempotency-Key", description="Of a POST or PATCH: it is done once, however often sent."),
    ] = None,
    traceparent: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Caller:
    """The caller that the gate has let in, for the operation that this route is."""
    found: Caller | None = getattr(request.state, "caller", None)
    if found is None or found.operation.path != request.scope["route"].path:
        raise forbidden("this operation has no row in the table of roles", "path")
    return found


CallerOf = Annotated[Caller, Depends(caller)]
Background = Annotated[
    Literal["0", "1"],
    Header(alias="X-Frankie-Background", description="1: answer 202 at once, without waiting for the result."),
]
