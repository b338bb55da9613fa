"""The steps with registers and bureau that ship and a real database: what is asked, reserved, kept and given back."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from libs.events.models import (
    ConnectedParty,
    DeclaredLiability,
    ExecutionStatus,
    Money,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.store.engine import connect
from libs.streaming.check import CheckFailed
from libs.streaming.memory import MemoryBroker
from services.prescreening.agent import check_with
from services.prescreening.part import Means
from services.prescreening.parts import PARTS
from services.prescreening.rules_internal_exposure import parties_of
from services.prescreening.setup import set_up
from services.prescreening.sources.assembly import DATA, SourceSettings, sources
from services.prescreening.stores.book import PostgresBook
from services.prescreening.stores.loading import load, loans
from tests.factory import application
from tests.services.prescreening.factory import JONAS, NOW, company, consent, outcome, request

CLEAR = [outcome("AML", StepResultCode.CLEAR), outcome("BLOCKLIST", StepResultCode.CLEAR)]
STATEMENTS = [
    outcome("BANK_STATEMENTS", income__median="9000.00 EUR"),
    outcome("FINANCIAL_STATEMENTS", ebitda="96000.00 EUR"),
]
LAST = ("externalCreditReport", "internalExposure", "fraud", "ongoingLoans", "paymentHistory")


@pytest.fixture
async def means(fresh_database_url: str) -> AsyncIterator[Means]:
    await set_up(fresh_database_url, MemoryBroker())
    await load(fresh_database_url, "c1", loans((DATA / "registers/loans.csv").read_text().splitlines()), {})
    engine = connect(fresh_database_url)
    yield Means(engine=engine, sources=sources(SourceSettings(prescreening_hash_key="a key"), {}, engine))
    await engine.dispose()


def blaufink(id: str = "app-1", amount: str = "20000.00", **more: Any) -> Any:
    """A company that the shipped registers know, and that tells of what it owes."""
    owed = Money(amount="19200.00", currency="EUR")
    given = {
        "company": company(),
        "consents": [consent()],
        "liabilities": [DeclaredLiability(kind="LOAN", outstanding=owed)],
    }
    return application(id, amount, **given | more)


async def ask(means: Means, part: str, applied: Any, evidence: Sequence[StepOutcome] = (), **more: Any) -> StepResult:
    asked = request(applied, evidence=list(evidence), settings={"check": part, "raises": ""}, **more)
    return await check_with(means, {part: PARTS[part]}).answer(asked, NOW)


async def through(means: Means, applied: Any) -> list[StepOutcome]:
    """Every step but the last, each with the outcomes of those before."""
    found = [*STATEMENTS, *CLEAR, (await ask(means, "customerInformation", applied)).outcome]
    for part in LAST:
        found.append((await ask(means, part, applied, found)).outcome)
    return found


async def in_flight(means: Means, applied: Any, days: int = 0) -> list[tuple[str, int]]:
    """What other applications of the same parties hold."""
    assert means.engine is not None
    parties = parties_of(request(applied))
    book, now = PostgresBook(means.engine), NOW + timedelta(days=days)
    found = await book.reserve("c1", parties, "another", "EUR", lambda _: Decimal(0), now, 1)
    return [(one.application_id, int(one.amount)) for one in found.in_flight]


async def test_an_application_that_is_accepted_holds_what_it_takes(means: Means) -> None:
    applied = blaufink()
    found = await through(means, applied)
    assert [(one.stepName, one.result.value) for one in found if one.result is not StepResultCode.PASS] == [
        ("AML", "CLEAR"),
        ("BLOCKLIST", "CLEAR"),
    ]
    assert await in_flight(means, applied) == [("app-1", 20000)]
    result = await ask(means, "finalDecision", applied, found)
    assert result.outcome.decision is not None
    assert result.outcome.decision.status is ExecutionStatus.PASS
    assert {one.name: one.value for one in result.outcome.measures}["offer.amount"] == "20000"
    assert [one.id for one in result.references] == ["prescreening/rates", "prescreening/final_decision"]
    assert await in_flight(means, applied, days=30) == [("app-1", 20000)]
    # Decided again it is decided alike.
    again = await ask(means, "finalDecision", applied, found)
    assert again.outcome == result.outcome


async def test_a_step_that_fails_gives_back_what_was_reserved(means: Means) -> None:
    applied = blaufink()
    found = await through(means, applied)
    changed = outcome("BANK_STATEMENTS", StepResultCode.FAIL, "SUM_DOES_NOT_FIT")
    assert await in_flight(means, applied) == [("app-1", 20000)]
    fraud = await ask(means, "fraud", applied, [*found, changed])
    assert fraud.outcome.result is StepResultCode.FAIL
    assert await in_flight(means, applied) == []
    # What is held no longer is not accepted.
    result = await ask(means, "finalDecision", applied, found)
    assert [one.code for one in result.outcome.reasons] == ["RESERVATION_LAPSED"]


async def test_a_second_application_has_what_the_first_leaves(means: Means) -> None:
    await ask(means, "internalExposure", blaufink("app-1", "100000.00"))
    second = await ask(means, "internalExposure", blaufink("app-2", "100000.00"))
    assert second.outcome.result is StepResultCode.PARTIAL
    assert [one.code for one in second.outcome.reasons] == ["EXPOSURE_PARTY", "EXPOSURE_FIGURES"]
    assert await in_flight(means, blaufink()) == [("app-1", 100000), ("app-2", 50000)]
    third = await ask(means, "internalExposure", blaufink("app-3", "1000.00"))
    assert third.outcome.result is StepResultCode.FAIL


async def test_earlier_loans_of_the_applicant_count_and_not_those_of_the_group(means: Means) -> None:
    party = ConnectedParty(relation="PARENT_COMPANY", registerNumber="HRB 900102")
    applied = blaufink(connectedParties=[party])
    exposure = (await ask(means, "internalExposure", applied)).outcome
    assert {one.name: one.value for one in exposure.measures}["exposure.group"] == "12500.00"
    history = (await ask(means, "paymentHistory", applied)).outcome
    assert {one.name: one.value for one in history.measures} == {
        "history": "SOME",
        "loans.earlier": "1",
        "late.worst": "3",
    }


async def test_without_consent_no_bureau_is_asked(means: Means) -> None:
    result = await ask(means, "externalCreditReport", blaufink(consents=[]))
    assert result.outcome.result is StepResultCode.MISSING_DATA
    assert [(call.source, call.error) for call in result.providers] == [("local-bureau", "consent: MISSING")]
    assert result.outcome.reasons[0].told == "We need your agreement to obtain a credit report."


async def test_without_a_database_what_it_would_tell_is_open() -> None:
    bare = Means(sources=sources(SourceSettings(), {}, None))
    for part in ("internalExposure", "paymentHistory"):
        assert (await ask(bare, part, blaufink())).outcome.result is StepResultCode.UNCHECKED
    assert (await ask(bare, "fraud", blaufink(), CLEAR)).outcome.result is StepResultCode.UNCHECKED
    with pytest.raises(CheckFailed, match="no registers, bureaus or stores are configured"):
        await ask(Means(), "fraud", blaufink())


async def test_registers_of_ones_own(tmp_path: Any) -> None:
    for name in ("companies", "persons", "reports"):
        (tmp_path / f"{name}.jsonl").write_text("")
    bare = Means(sources=sources(SourceSettings(prescreening_registers=str(tmp_path)), {}, None))
    result = await ask(bare, "customerInformation", blaufink(), individual=JONAS)
    assert [one.code for one in result.outcome.reasons if one.told] == ["COMPANY_UNKNOWN"]
    (tmp_path / "persons.jsonl").write_text('{"reference": "r-1"}\n')
    with pytest.raises(ValueError, match=r"persons\.jsonl:1: name: Field required"):
        sources(SourceSettings(prescreening_registers=str(tmp_path)), {}, None)
