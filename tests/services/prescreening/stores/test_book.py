"""The book in a real database: what is owed, what is reserved, and that a limit's last part is taken once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from libs.events.models import Money
from libs.store.engine import connect
from libs.streaming.memory import MemoryBroker
from services.prescreening.setup import set_up
from services.prescreening.stores.book import PostgresBook
from services.prescreening.stores.port import Loan, Parties, Standing
from tests.services.prescreening.factory import NOW

A, B, C = (frozenset({f"entity:{name}"}) for name in "abc")


@pytest.fixture
async def book(fresh_database_url: str) -> AsyncIterator[PostgresBook]:
    await set_up(fresh_database_url, MemoryBroker())
    engine = connect(fresh_database_url)
    yield PostgresBook(engine)
    await engine.dispose()


def loan(party: str, owed: str, **more: Any) -> Loan:
    money = Money(amount=owed, currency="EUR")
    return Loan(loanId=party + owed, party=party, status="CURRENT", outstanding=money, **more)


def up_to(limit: int) -> Any:
    """All that is left of a limit by what is in flight."""

    def wanted(standing: Standing) -> Decimal:
        return Decimal(limit) - sum(one.amount for one in standing.in_flight)

    return wanted


async def look(book: PostgresBook, parties: Parties, id: str, now: datetime, customer: str = "c1") -> Standing:
    """What another application finds; it takes nothing."""
    return await book.reserve(customer, parties, id, "EUR", lambda _: Decimal(0), now, 1)


async def reserve(book: PostgresBook, id: str, limit: int = 100, own: frozenset[str] = A, **more: Any) -> Standing:
    parties = Parties(own, own | more.get("group", frozenset()))
    return await book.reserve("c1", parties, id, "EUR", up_to(limit), more.get("now", NOW), 14)


async def test_the_book_of_a_customer_and_its_reservations(book: PostgresBook) -> None:
    """One database for all that follows from one book: groups, other customers, expiry, acceptance, release."""
    await book.load("c1", [loan("entity:a", "10"), loan("entity:b", "20"), loan("entity:c", "40")], {})
    await book.load("c2", [loan("entity:a", "80")], {})
    own = await look(book, Parties(A, A), "app", NOW)
    assert [one.outstanding.amount for one in own.loans] == ["10"]
    assert [one.outstanding.amount for one in await book.loans("c1", B | C)] == ["20", "40"]

    await book.load("c1", [loan("entity:a", "10"), loan("entity:b", "20")], {"entity:a": "g", "entity:b": "g"})
    grouped = await look(book, Parties(A, A), "app", NOW)
    assert grouped.parties == Parties(A, A | B)
    assert [one.outstanding.amount for one in grouped.loans] == ["10", "20"]

    # The same application asks twice and has one reservation; another one sees it, as does one of the group.
    assert (await reserve(book, "app-1", 60)).in_flight == []
    assert (await reserve(book, "app-1", 70)).in_flight == []
    (held,) = (await look(book, Parties(B, B), "app-2", NOW)).in_flight
    assert (held.application_id, held.amount, held.currency) == ("app-1", Decimal(70), "EUR")
    assert (await look(book, Parties(C, C), "app-2", NOW)).in_flight == []
    assert (await look(book, Parties(A, A), "app-2", NOW, "c2")).in_flight == []

    # What is accepted holds longer than what was reserved, and only as much as was.
    assert not await book.keep("c1", "app-1", Decimal(71), NOW, 60)
    assert await book.keep("c1", "app-1", Decimal(65), NOW, 60)
    await reserve(book, "app-1", 100)
    later = NOW + timedelta(days=30)
    (kept,) = (await look(book, Parties(A, A), "app-2", later)).in_flight
    assert kept.amount == 65
    assert await book.keep("c1", "app-1", Decimal(65), NOW, 60)

    # A loan of the book that came of it takes its place.
    await book.load("c1", [loan("entity:a", "65", applicationId="app-1")], {})
    assert (await look(book, Parties(A, A), "app-2", NOW)).in_flight == []
    await book.load("c1", [], {})

    # A reservation that is over, or given back, is none; nor is one of nothing.
    await book.release("c1", "app-1")
    await book.release("c1", "app-1")
    assert (await look(book, Parties(A, A), "app-2", NOW)).in_flight == []
    await reserve(book, "app-3", 10)
    assert not await book.keep("c1", "app-3", Decimal(10), NOW + timedelta(days=15), 60)
    assert (await look(book, Parties(A, A), "app-2", NOW + timedelta(days=15))).in_flight == []
    await reserve(book, "app-3", 0)
    assert (await look(book, Parties(A, A), "app-2", NOW)).in_flight == []


async def test_applications_at_the_same_moment_share_a_limit(book: PostgresBook) -> None:
    async def take(number: int) -> Standing:
        others = B if number % 2 else A  # each names the other as connected, or is the other
        own = A if number % 2 else B
        return await book.reserve(
            "c1",
            Parties(own, own | others),
            f"app-{number}",
            "EUR",
            lambda standing: min(Decimal(40), Decimal(100) - sum(one.amount for one in standing.in_flight)),
            NOW,
            14,
        )

    await asyncio.gather(*(take(number) for number in range(8)))
    held = (await look(book, Parties(A, A | B), "none", NOW)).in_flight
    assert sum(one.amount for one in held) == 100
    assert sorted(one.amount for one in held) == [20, 40, 40]
