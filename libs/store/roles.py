"""Roles of the database: what a service may not do to its own records it is not able to do."""

from collections.abc import Mapping

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.store.engine import connect

# What the HTTP API works as: it reads the projection, and can neither change nor delete what was audited.
API = "vetstream_api"

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('roles'))")
_IS_THERE = text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
_LET_IN = text("SELECT format('ALTER ROLE %I LOGIN PASSWORD %L', CAST(:role AS text), CAST(:password AS text))")


async def ensure(connection: AsyncConnection, role: str) -> None:
    """Make a role that cannot log in yet, where it is missing."""
    await connection.execute(_ONE_AT_A_TIME)
    if not (await connection.execute(_IS_THERE, {"role": role})).scalar_one():
        await connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))


async def grant(connection: AsyncConnection, role: str, grants: Mapping[Table, str]) -> None:
    """Let a role do this with these tables, and nothing else."""
    for table, allowed in grants.items():
        await connection.execute(text(f"REVOKE ALL ON {table.name} FROM {role}"))
        await connection.execute(text(f"GRANT {allowed} ON {table.name} TO {role}"))


async def let_read(connection: AsyncConnection, role: str, schema: str) -> None:
    """Let a role read all tables of a schema; one that is not there yet is given the right when it is made."""
    if (await connection.execute(_IS_THERE, {"role": role})).scalar_one():
        await connection.execute(text(f'GRANT USAGE ON SCHEMA "{schema}" TO {role}'))
        await connection.execute(text(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO {role}'))


async def let_in(database_url: str, role: str, password: str) -> None:
    """Give a role a password, by which it may log in."""
    engine = connect(database_url)
    try:
        async with engine.begin() as connection:
            await ensure(connection, role)
            command = (await connection.execute(_LET_IN, {"role": role, "password": password})).scalar_one()
            await connection.exec_driver_sql(command)
    finally:
        await engine.dispose()
