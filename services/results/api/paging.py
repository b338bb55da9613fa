"""Pages, orders and filters of lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from sqlalchemy import Column, ColumnElement, Select

from services.results.api.problems import invalid

LARGEST_LIMIT = 200
LARGEST_OFFSET = 100_000
# The contract's documents write this of what its enums call otherwise.
ALSO_WRITTEN = {"INPROGRESS": "IN_PROGRESS"}

Limit = Annotated[int, Query(ge=1, le=LARGEST_LIMIT)]
Page = Annotated[int, Query(ge=1, description="From 1.")]
Sort = Annotated[Literal["asc", "desc"], Query()]
Time = Annotated[datetime | None, Query()]
Parent = Annotated[str | None, Query(description="Those that this execution has started; else they are left out.")]
Many = Annotated[list[str] | None, Query(description="Repeated, or separated by commas.")]


@dataclass(frozen=True, slots=True)
class Paged:
    """Which part of a list was asked for, in which order."""

    page: int
    limit: int
    sort: str
    fields: Sequence[str]

    def of(self, query: Select[Any], columns: Mapping[str, ColumnElement[Any]], *ties: Column[Any]) -> Select[Any]:
        """The page of a query; equals are ordered by `ties`, so that no row is on two pages."""
        if self.page * self.limit > LARGEST_OFFSET:
            raise invalid("is too far; narrow the filters", "query.page")
        return self.ordered(query, columns, *ties).limit(self.limit).offset((self.page - 1) * self.limit)

    def ordered(self, query: Select[Any], columns: Mapping[str, ColumnElement[Any]], *ties: Column[Any]) -> Select[Any]:
        """A query in the order asked for."""
        chosen = [*(columns[name] for name in self.fields), *ties]
        return query.order_by(*(column.desc() if self.sort == "desc" else column.asc() for column in chosen))

    def meta(self, total: int, count: int) -> dict[str, Any]:
        """A List-Operation-Meta."""
        return {
            "page": self.page,
            "total": total,
            "limit": self.limit,
            "count": count,
            "sort": self.sort,
            "sortFields": list(self.fields),
        }


def fields(given: list[str] | None, allowed: Collection[str], default: str) -> list[str]:
    """The fields to sort by."""
    return listed(given, "sortFields", allowed) or [default]


def listed(given: list[str] | None, name: str, allowed: Collection[str] | None = None) -> list[str]:
    """The values of a repeated parameter, whichever way it was written."""
    values = [value.strip() for one in given or [] for value in one.split(",") if value.strip()]
    values = [ALSO_WRITTEN.get(value, value) for value in values]
    for value in values:
        if "\0" in value or (allowed is not None and value not in allowed):
            known = f"; it is one of {', '.join(sorted(allowed))}" if allowed else ""
            raise invalid(f"{value[:50]!r} is not known{known}", f"query.{name}")
    return list(dict.fromkeys(values))


def among(column: ColumnElement[Any], values: Sequence[str]) -> list[ColumnElement[bool]]:
    """A filter that is there only where something was chosen."""
    return [column.in_(values)] if values else []


def between(column: ColumnElement[Any], after: datetime | None, before: datetime | None) -> list[ColumnElement[bool]]:
    """A filter of time, its ends left out; a time without a zone is in UTC."""
    conditions: list[ColumnElement[bool]] = []
    if after is not None:
        conditions.append(column > utc(after))
    if before is not None:
        conditions.append(column < utc(before))
    return conditions


def utc(time: datetime) -> datetime:
    """A time with its zone."""
    return time if time.tzinfo else time.replace(tzinfo=UTC)
