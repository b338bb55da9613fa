"""A register and a bureau over HTTP as the manual describes them, against a real server that fails and stalls."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer

from libs.streaming.check import CheckFailed
from services.prescreening.agent import check_with
from services.prescreening.part import Means
from services.prescreening.parts import PARTS
from services.prescreening.sources import http
from services.prescreening.sources.assembly import SourceSettings, sources
from services.prescreening.sources.http import HttpSource
from tests.factory import application
from tests.services.prescreening.factory import NOW, consent, request

MANUAL = Path(__file__).resolve().parents[4] / "docs" / "prescreening.md"
PART = "externalCreditReport"
SECRETS = {"CREDIT_BUREAU_AUTHORIZATION": "Bearer s3cret"}
REPORT = {
    "file": "f-1",
    "date": "2026-11-10",
    "score": 512,
    "subject": {"first": "Jonas", "last": "Achterberg", "born": "1979-08-21"},
    "debts": [{"type": "LOAN", "owed": "5000.00", "monthly": "210.00", "since": "2019-02-01", "months": [0, 0, 0]}] * 2,
}


@dataclass
class Bureau:
    """What it was asked; it fails so many times before it answers."""

    failures: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def handle(self, question: web.Request) -> web.StreamResponse:
        self.asked.append(await question.json())
        self.headers.append(dict(question.headers))
        if len(self.asked) <= self.failures:
            raise web.HTTPServiceUnavailable
        return web.json_response({"request": self.asked[-1]["id"], "reports": [REPORT]})


Ask = Callable[..., Awaitable[Any]]


@asynccontextmanager
async def asked(tmp_path: Path, bureau: Bureau) -> AsyncIterator[Ask]:
    """Asks for a credit report of the manual's bureau, which is at the server."""
    found = re.search(r"```yaml\n(version.*?)```", MANUAL.read_text(), re.DOTALL)
    assert found
    document = yaml.safe_load(found[1])
    server = web.Application()
    server.router.add_post("/v2/reports", bureau.handle)
    async with TestServer(server) as running:
        document["sources"][0]["http"] |= {"url": str(running.make_url("/v2/reports")), "timeoutSeconds": 2}
        (tmp_path / "sources.yaml").write_text(yaml.safe_dump(document))
        found_in = SourceSettings(prescreening_sources=str(tmp_path / "sources.yaml"))
        known = sources(found_in, SECRETS, None)
        check = check_with(Means(sources=known), {PART: PARTS[PART]})

        async def ask(*consents: Any) -> Any:
            applied = application(consents=list(consents))
            return await check.answer(request(applied, settings={"check": PART, "raises": ""}), NOW)

        try:
            yield ask
        finally:
            for source in known.bureaus.sources:
                assert isinstance(source, HttpSource)
                await source.close()


async def test_the_bureau_of_the_manual_is_asked_once_with_its_secret_and_tried_again(tmp_path: Path) -> None:
    bureau = Bureau(failures=1)
    async with asked(tmp_path, bureau) as ask:
        result = await ask(consent())
        assert (await ask(consent())).outcome == result.outcome
    first, second = bureau.asked
    assert first == second
    assert first["id"] == bureau.headers[0]["Idempotency-Key"]
    assert bureau.headers[0]["Authorization"] == "Bearer s3cret"
    told = {one.name: one.value for one in result.outcome.measures}
    assert (told["liabilities.outstanding"], told["score.position"]) == ("10000.00", "82.4")
    (call,) = result.providers
    assert (call.source, call.result) == ("example-bureau", "MATCH")
    assert "Achterberg" in call.answer
    assert "prescreening/sources" in [one.id for one in result.references]


async def test_a_bureau_that_stays_down_is_an_outage_and_without_consent_is_not_asked(tmp_path: Path) -> None:
    bureau = Bureau(failures=99)
    async with asked(tmp_path, bureau) as ask:
        assert (await ask()).providers[0].result == "MISSING_DATA"
        assert bureau.asked == []
        with pytest.raises(CheckFailed, match=r"waits for example-bureau \(answered with status 503\)") as raised:
            await ask(consent())
    assert raised.value.error == "Check.SourceUnavailable"
    assert len(bureau.asked) == 3


def test_a_credit_report_always_needs_a_consent() -> None:
    document = yaml.safe_load(re.findall(r"```yaml\n(version.*?)```", MANUAL.read_text(), re.DOTALL)[0])
    (entry,) = http.parse(document).sources
    assert entry.model_copy(update={"consent": None}).about.consent == "CREDIT_REPORT"
    with pytest.raises(ValueError, match="the environment has no CREDIT_BUREAU_AUTHORIZATION"):
        http.bureau(entry, {})
