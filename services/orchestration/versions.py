"""The versions of a workflow, numbered as they were first published, and the aliases that choose among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.asl.seeded import fraction

# The alias that applies where a request names none.
LIVE = "live"

_NUMBER = text("""
    INSERT INTO versions (service_name, workflow_name, number, definition_hash, published_at)
    SELECT :service_name, :workflow_name, 1 + coalesce(max(number), 0), :definition_hash, :published_at
    FROM versions WHERE service_name = :service_name AND workflow_name = :workflow_name
    ON CONFLICT ON CONSTRAINT versions_definition DO NOTHING""")
_CHOICES = text("""
    SELECT a.service_name, a.workflow_name, a.alias AS name, v.definition_hash,
           o.definition_hash AS other_hash, a.other_percent
    FROM aliases a JOIN versions v USING (service_name, workflow_name, number)
    LEFT JOIN versions o ON (o.service_name, o.workflow_name, o.number)
                          = (a.service_name, a.workflow_name, a.other_number)
    UNION ALL
    SELECT service_name, workflow_name, CAST(number AS text), definition_hash, NULL, NULL FROM versions""")
_LISTED = text("""
    WITH ran AS (
        SELECT definition_hash, count(*) FILTER (WHERE status = 'RUNNING') AS open,
               count(*) FILTER (WHERE status <> 'RUNNING') AS ended
        FROM executions WHERE (kin->>'item') IS DISTINCT FROM 'true' GROUP BY definition_hash)
    SELECT v.service_name, v.workflow_name, v.number, v.definition_hash, v.published_at,
           coalesce(ran.open, 0) AS open, coalesce(ran.ended, 0) AS ended,
           w.definition_hash = v.definition_hash AS newest
    FROM versions v JOIN workflows w USING (service_name, workflow_name)
    LEFT JOIN ran ON ran.definition_hash = v.definition_hash
    ORDER BY v.service_name, v.workflow_name, v.number""")
_ALIASES = text("SELECT * FROM aliases ORDER BY service_name, workflow_name, alias")
_POINT = text("""
    INSERT INTO aliases (service_name, workflow_name, alias, number, other_number, other_percent)
    VALUES (:service_name, :workflow_name, :alias, :number, :other_number, :other_percent)
    ON CONFLICT (service_name, workflow_name, alias) DO UPDATE SET
        number = excluded.number, other_number = excluded.other_number, other_percent = excluded.other_percent""")

Name = tuple[str, str, str]
"""Service, workflow, and the alias or the number of a version."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The definition that an alias or a number stands for, or one of two."""

    definition_hash: str
    other_hash: str | None = None
    other_percent: int = 0

    def of(self, execution_id: str) -> str:
        """The definition of an execution: always the same one."""
        other = self.other_hash is not None and fraction(f"{execution_id}/version") * 100 < self.other_percent
        return self.other_hash if other and self.other_hash is not None else self.definition_hash

    @property
    def hashes(self) -> list[str]:
        """Every definition that it may be."""
        return [one for one in (self.definition_hash, self.other_hash) if one is not None]


async def number(connection: AsyncConnection, published: Mapping[str, Any]) -> None:
    """Give a definition of a workflow its number, unless it has one."""
    await connection.execute(_NUMBER, published)


async def choices(connection: AsyncConnection) -> dict[Name, Choice]:
    """What every alias and number stands for."""
    return {
        (row.service_name, row.workflow_name, row.name): Choice(
            row.definition_hash, row.other_hash, row.other_percent or 0
        )
        for row in await connection.execute(_CHOICES)
    }


@dataclass(frozen=True, slots=True)
class Version:
    """A version with how many executions run it; `newest` is the one that was published last."""

    service_name: str
    workflow_name: str
    number: int
    definition_hash: str
    published_at: datetime
    open: int
    ended: int
    newest: bool
    aliases: tuple[str, ...]

    @property
    def workflow(self) -> str:
        """The workflow as commands name it."""
        return f"{self.service_name}/{self.workflow_name}"


async def listed(connection: AsyncConnection) -> list[Version]:
    """Every version, by workflow and number."""
    aliases = (await connection.execute(_ALIASES)).all()
    return [
        Version(**row._mapping, aliases=tuple(_pointing(aliases, row))) for row in await connection.execute(_LISTED)
    ]


async def point(
    connection: AsyncConnection, alias: str, to: Version, other: Version | None = None, percent: int | None = None
) -> None:
    """Set an alias: at one version, or at two of which the other one gets so many of 100 new executions."""
    await connection.execute(
        _POINT,
        {
            "service_name": to.service_name,
            "workflow_name": to.workflow_name,
            "alias": alias,
            "number": to.number,
            "other_number": other and other.number,
            "other_percent": percent,
        },
    )


def _pointing(aliases: Sequence[Row[Any]], version: Row[Any]) -> list[str]:
    """The aliases of a version, with its part where they have two."""
    found = []
    for one in aliases:
        if (one.service_name, one.workflow_name) != (version.service_name, version.workflow_name):
            continue
        if version.number == one.number:
            found.append(one.alias if one.other_number is None else f"{one.alias} {100 - one.other_percent} %")
        elif version.number == one.other_number:
            found.append(f"{one.alias} {one.other_percent} %")
    return found
