"""What was found about a person who is another by now is stale, in whatever order it is told."""

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text

from libs.events.message import Event
from libs.events.models import Address, DateOfBirth, Gender, Individual, StepResultCode
from services.results import rebuild, tables
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio

HOME = Address(addressId="a1", country="AUS", locality="Sydney")
BEFORE = factory.person(
    dateOfBirth=DateOfBirth(normalized="1990-04-05"), addresses=[HOME, Address(addressId="a2", country="NZL")]
)
FINDINGS = [
    factory.finding("name", objectType="NAME"),
    factory.finding("dob", objectType="DATE_OF_BIRTH", objectId=None),
    factory.finding("home", objectType="ADDRESS", objectId="a1"),
    factory.finding("away", objectType="ADDRESS", objectId="a2"),
    factory.finding("hit", processClass="AML", objectType="NAME"),
    factory.finding("listed", processClass="MATCHLIST", objectType="INDIVIDUAL"),
]
KYC = ("name", "dob", "home", "away")


def first() -> Event:
    return factory.onboarded("e1", individual=BEFORE)


def checked(begin: Event) -> list[Event]:
    found = factory.step("KYC", StepResultCode.MATCH, FINDINGS)
    return [factory.progressed(begin, 1), factory.progressed(begin, 2, accepted=[found, factory.risk()])]


def changed(version: int = 2, seconds: float = 60, **values: Any) -> Event:
    individual = Individual.model_validate(BEFORE.model_dump() | values)
    return factory.requested("e1", version=version, seconds=seconds, individual=individual)


async def rows(projection: Projection, statement: str) -> list[Any]:
    async with projection.engine.connect() as connection:
        return list(await connection.execute(text(statement.replace("FROM ", f"FROM {projection.schema}."))))


async def stale(projection: Projection) -> dict[str, datetime]:
    query = "SELECT process_result_id, updated_at FROM process_results WHERE system_status = 'STALE'"
    return {row.process_result_id: row.updated_at for row in await rows(projection, query)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ()),
        ({"dateOfBirth": DateOfBirth(normalized="1990-05-04").model_dump()}, ("dob", "hit", "listed")),
        ({"gender": Gender.FEMALE}, ("hit", "listed")),
        ({"addresses": [HOME.model_dump()]}, ("away", "listed")),
        ({"addresses": [HOME.model_dump(), {"addressId": "a2", "country": "AUS"}]}, ("away", "listed")),
        ({"name": factory.person("Other").name.model_dump()}, (*KYC, "hit", "listed")),
    ],
)
async def test_a_finding_is_stale_where_what_it_relied_on_has_changed(
    projection: Projection, change: dict[str, Any], expected: Sequence[str]
) -> None:
    begin = first()
    await projection.fold([begin, *checked(begin), changed(**change)])
    assert await stale(projection) == dict.fromkeys(expected, factory.at(60))
    (outdated,) = await rows(projection, "SELECT outdated FROM executions WHERE entity_version = 1")
    assert outdated.outdated is bool(expected)


async def test_what_is_stale_stays_so_and_what_is_found_anew_is_valid(projection: Projection) -> None:
    begin, moved = first(), changed(addresses=[])
    found = factory.step("KYC", StepResultCode.MATCH, [factory.finding("anew", objectType="NAME")])
    again = [factory.progressed(moved, 1), factory.progressed(moved, 2, accepted=[found])]
    back = changed(version=3, seconds=90)
    await projection.fold([begin, *checked(begin), moved, *again, back])
    assert set(await stale(projection)) == {"home", "away", "listed"}
    assert set((await stale(projection)).values()) == {factory.at(60)}


@pytest.mark.parametrize("seed", range(8))
async def test_no_order_makes_a_difference(projection: Projection, seed: int) -> None:
    begin = first()
    told = [begin, *checked(begin), changed(gender=Gender.OTHER), changed(version=3, seconds=90, addresses=[])]
    shuffled = list(told)
    random.Random(seed).shuffle(shuffled)
    other = await projection.beside()
    await projection.fold(told)
    await other.fold([*shuffled, *shuffled[:2]], size=1 + seed % 3)
    async with projection.engine.connect() as connection:
        assert await rebuild.compare(connection, projection.schema, other.schema) is None
    assert set(await stale(other)) == {"hit", "listed", "home", "away"}


async def test_tables_of_an_earlier_release_get_their_new_columns(projection: Projection) -> None:
    other = await projection.beside()
    schema = other.schema
    async with projection.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {schema}.executions DROP COLUMN outdated"))
        await connection.execute(text(f"ALTER TABLE {schema}.process_results DROP COLUMN expires_at"))
        await tables.create(connection, schema)
    begin = first()
    await other.fold([begin, *checked(begin)])
    (row,) = await rows(other, "SELECT outdated FROM executions")
    assert row.outdated is False
