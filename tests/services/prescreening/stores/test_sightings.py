"""What applications had in common, in a real database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from libs.events.models import Address, BankAccount, CheckRequested, Document
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from services.prescreening.setup import set_up
from services.prescreening.stores.others import KINDS, Others
from services.prescreening.stores.sightings import Sightings
from tests.factory import application, person
from tests.services.prescreening.factory import NOW, WORDS, request

DAYS = dict.fromkeys(KINDS, 30)
HOME = Address(streetNumber="3", streetName="Mühlgrund", locality="Musterstadt", postalCode="99001", country="DEU")


@pytest.fixture
async def sightings(fresh_database_url: str) -> AsyncIterator[Sightings]:
    await set_up(fresh_database_url, MemoryBroker())
    engine = connect(fresh_database_url)
    yield Sightings(engine, "a key", WORDS)
    await engine.dispose()


def applied(id: str, entity: str, device: str | None = "device-1", **person_: Any) -> CheckRequested:
    asked = request(application(id, deviceId=device, accounts=[BankAccount(iban="DE89 3704 0044 0532 0130 00")]))
    task = asked.task.model_copy(update={"entityId": entity})
    return asked.model_copy(update={"task": task, "individual": person(**person_)})


async def test_who_else_has_shown_the_same(sightings: Sightings) -> None:
    first = applied("app-1", "p-1", phoneNumbers=["+49 30 1234"], emailAddresses=["A@example.com"])
    assert set((await sightings.others(first, DAYS, NOW)).values()) == {Others(0, 0)}
    # The same application again is counted once, and is no other one.
    assert (await sightings.others(first, DAYS, NOW))["device"] == Others(0, 0)
    second = applied("app-2", "p-1")
    assert await sightings.others(second, DAYS, NOW) == {"account": Others(1, 0), "device": Others(1, 0)}
    third = applied("app-3", "p-2", emailAddresses=[" a@EXAMPLE.com"], phoneNumbers=["+49-30-1234"])
    assert await sightings.others(third, DAYS, NOW) == {
        "account": Others(2, 1),
        "device": Others(2, 1),
        "email": Others(1, 1),
        "phone": Others(1, 1),
    }
    assert (await sightings.others(applied("app-4", "p-3"), DAYS, NOW + timedelta(days=31)))["device"] == Others(0, 0)


async def test_only_hashes_are_kept_and_another_key_knows_nothing(
    sightings: Sightings, fresh_database_url: str
) -> None:
    passport = Document(type="PASSPORT", country="DEU", primaryIdentifier="C01X00T47")
    await sightings.others(applied("app-1", "p-1", addresses=[HOME], documents=[passport]), DAYS, NOW)
    engine = connect(fresh_database_url)
    async with engine.connect() as connection:
        rows = (await connection.execute(text("SELECT kind, mark FROM sightings ORDER BY kind"))).all()
    assert [row.kind for row in rows] == ["account", "address", "device", "document"]
    assert all(len(row.mark) == 32 and set(row.mark) <= set("0123456789abcdef") for row in rows)
    other = await Sightings(engine, "another key", WORDS).others(applied("app-2", "p-2"), DAYS, NOW)
    assert other == {"account": Others(0, 0), "device": Others(0, 0)}
    await engine.dispose()
