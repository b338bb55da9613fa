"""Asking sources at once: who covers the applicant, who is late, and for whom a consent is lacking."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest

from libs.events.models import Address, CheckRequested
from libs.sources.unavailable import SourceUnavailable
from services.prescreening.judging.consent import Agreed
from services.prescreening.sources.asking import Asking
from services.prescreening.sources.port import About
from tests.factory import application
from tests.services.prescreening.factory import JONAS, NOW, company, consent, request

AGREED = {"CREDIT_REPORT": Agreed(versions=("2026-01",), days=90)}


@dataclass
class Told:
    """A source that says this after so many seconds, or that it cannot."""

    about: About
    says: tuple[str, ...] = ("a record",)
    after: float = 0
    down: str | None = None
    asked: int = 0

    async def ask(self, request: CheckRequested) -> tuple[tuple[str, ...], str | None]:
        self.asked += 1
        await asyncio.sleep(self.after)
        if self.down:
            raise SourceUnavailable(self.down)
        return self.says, "its text"


def source(id: str = "one", **more: object) -> Told:
    about = {name: more.pop(name) for name in ("countries", "consent") if name in more}
    return Told(About(id=id, provider="p", **about), **more)  # type: ignore[arg-type]


async def test_each_answers_for_itself_in_the_order_of_the_sources() -> None:
    ticks = count()
    sources = [source(), source("two", down="it is down"), source("three", after=9), source("four", says=())]
    asking = Asking(sources, timedelta(seconds=0.05), lambda: float(next(ticks)))
    answers = await asking.ask(request(), {}, NOW)
    calls = [answer.call(order) for order, answer in enumerate(answers, 1)]
    assert [(call.source, call.result, call.error) for call in calls] == [
        ("one", "MATCH", None),
        ("two", "ERROR", "it is down"),
        ("three", "TIMEOUT", "no answer within 0.05 s"),
        ("four", "NO_MATCH", None),
    ]
    assert [answer.given for answer in answers] == [True, False, False, True]
    assert calls[0].answer == "its text"
    assert all(call.endedAt > NOW for call in calls)


async def test_without_a_consent_that_holds_nobody_is_asked() -> None:
    bureau = source(consent="CREDIT_REPORT")
    applied = application(consents=[consent(version="2020-01")])
    (answer,) = await Asking([bureau]).ask(request(applied), AGREED, NOW)
    assert (answer.lacks, bureau.asked) == ("VERSION", 0)
    (answer,) = await Asking([bureau]).ask(request(application(consents=[consent()])), AGREED, NOW)
    assert (answer.records, bureau.asked) == (("a record",), 1)


@pytest.mark.parametrize(("country", "asked"), [("DEU", 1), ("FRA", 0)])
async def test_a_source_is_asked_about_its_countries(country: str, asked: int) -> None:
    german = source(countries={"DEU"})
    home = Address(unstructuredLongForm="1 Example", country=country)
    await Asking([german]).ask(request(individual=JONAS.model_copy(update={"addresses": [home]})), {}, NOW)
    assert german.asked == asked
    await Asking([german]).ask(request(application(company=company(country=country))), {}, NOW)
    assert german.asked == 2 * asked
