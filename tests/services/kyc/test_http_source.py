"""A source over HTTP as its document describes it, against a real server that fails, stalls, drips and lies."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from libs.events.models import CheckRequested, StepResultCode
from libs.sources.unavailable import SourceUnavailable
from libs.streaming.check import Check, CheckFailed
from services.kyc import http_config
from services.kyc.agent import check_with
from services.kyc.asking import Asking
from services.kyc.http_source import HttpSource
from tests.services.kyc import http_server
from tests.services.kyc.factory import NOW, POLICY, WORDS, individual, request
from tests.services.kyc.http_server import Behaviour, Bureau, bureau, told

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "kyc.md"
SECRETS = {"BUREAU_AUTHORIZATION": "Bearer s3cret"}
AGREED = individual(consents=["CREDITHEADER"])


def document(**http: Any) -> dict[str, Any]:
    """The example of the manual, with other fields of `http`."""
    found = re.search(r"```yaml\n(.*?)```", MANUAL.read_text(), re.DOTALL)
    assert found
    example: dict[str, Any] = yaml.safe_load(found[1])
    example["sources"][0]["http"] |= http
    return example


def source_of(described: Mapping[str, Any], environ: Mapping[str, str] = SECRETS) -> HttpSource:
    return HttpSource(http_config.parse(described).sources[0], environ)


@asynccontextmanager
async def asked(behaviour: Behaviour, **http: Any) -> AsyncIterator[tuple[Bureau, HttpSource]]:
    """A server that behaves so, and the source that is described for it."""
    async with bureau(behaviour) as server:
        source = source_of(document(**{"url": server.url, "timeoutSeconds": 0.3, **http}))
        yield server, source
        await source.close()


def check_of(source: HttpSource) -> Check:
    return check_with(Asking([source]), POLICY, WORDS, [])


def another(number: int) -> CheckRequested:
    """The request of another execution."""
    asking = request(AGREED, "1+1")
    return asking.model_copy(update={"task": asking.task.model_copy(update={"workflowExecutionId": f"e-{number}"})})


async def test_the_question_is_asked_and_the_answer_compared() -> None:
    async with asked(http_server.right) as (server, source):
        result = await check_of(source).answer(request(AGREED, "1+1"), NOW)
    assert result.outcome.result is StepResultCode.MATCH
    (question,) = server.asked
    assert (question["surname"], question["first"], question["born"]) == ("Whitaker", "Sarah", "1984-03-09")
    (headers,) = server.headers
    assert (headers["Authorization"], headers["X-Product"]) == ("Bearer s3cret", "identity")
    assert headers["Idempotency-Key"] == question["id"]
    assert request(AGREED).task.token not in str(headers) + str(question)
    strengths = {finding.objectType: finding.matchStrengths for finding in result.findings}
    assert [strengths["DATE_OF_BIRTH"]["fullDateOfBirth"], strengths["ADDRESS"]["fullAddress"]] == [100, 100]
    (call,) = result.providers
    assert (call.name, call.source, call.result) == ("credit-bureau", "au-credit-header", "MATCH")
    assert told(call.answer)["body"]["hits"] == [http_server.SARAH]


async def test_a_question_in_the_url() -> None:
    query = '{"id": requestId, "surname": individual.name.familyName, "copies": 2}'
    async with asked(http_server.right, method="GET", body=None, query=query) as (server, source):
        assert len((await source.lookup(request(AGREED))).records) == 1
    (question,) = server.asked
    assert (question["surname"], question["copies"]) == ("Whitaker", "2")


async def test_without_the_consent_nothing_is_sent() -> None:
    async with asked(http_server.right) as (server, source):
        result = await check_of(source).answer(request(individual(), "1+1"), NOW)
    assert result.outcome.result is StepResultCode.MISSING_DATA
    assert (server.asked, result.providers[0].result) == ([], "MISSING_DATA")


@pytest.mark.parametrize(
    "behaviour", [http_server.nobody, http_server.not_found, http_server.another_person], ids=lambda one: one.__name__
)
async def test_a_source_that_says_no(behaviour: Behaviour) -> None:
    async with asked(behaviour) as (_, source):
        result = await check_of(source).answer(request(AGREED, "1+1"), NOW)
    assert result.outcome.result is StepResultCode.NO_MATCH
    assert (result.providers[0].result, result.providers[0].error) == ("NO_MATCH", None)


@pytest.mark.parametrize(
    ("behaviour", "problem"),
    [
        (http_server.failing, "answered with status 500"),
        (http_server.redirecting, "answered with status 307"),
        (http_server.hanging_up, "the call failed: ServerDisconnectedError"),
        (http_server.stalling, "no answer within 0.3 s"),
        (http_server.dripping, "no answer within 0.3 s"),
        (http_server.endless, "its answer is longer than 65536 bytes"),
        (http_server.garbage, "its answer is no JSON"),
        (http_server.bomb, "its answer is no JSON"),
        (http_server.error_document, "its answer was not understood"),
        (http_server.another_question, "its answer was not understood"),
        (http_server.malformed, "records.0.name.familyName: Input should be a valid string"),
        (http_server.long_text, "records.0.name.familyName: a text of more than 300 characters"),
        (http_server.many_homes, "records.0.addresses.0.unstructuredLongForm: more than 100 of them"),
        (http_server.too_many, "its answer has more than 20 records"),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
async def test_a_source_that_cannot_answer(behaviour: Behaviour, problem: str) -> None:
    begun = time.monotonic()
    async with asked(behaviour) as (_, source):
        with pytest.raises(CheckFailed) as failure:
            await check_of(source).answer(request(AGREED, "1+1"), NOW)
    assert failure.value.error == "Check.SourceUnavailable"
    assert failure.value.cause == f"1+1 waits for au-credit-header ({problem})"
    assert failure.value.found
    assert "Sarah" not in failure.value.cause + failure.value.found.outcome.model_dump_json()
    expected = "SERVICE_TIMEOUT" if "within" in problem else "SERVICE_ERROR"
    assert expected in [issue.issue for issue in failure.value.found.outcome.issues]
    assert time.monotonic() - begun < 3


async def test_nobody_at_the_port_is_an_outage() -> None:
    async with asked(http_server.right) as (_, source):
        pass
    with pytest.raises(SourceUnavailable, match="the call failed: ClientConnectorError"):
        await source.lookup(request(AGREED))
    await source.close()


async def test_a_request_that_comes_again_asks_the_source_once() -> None:
    async with asked(http_server.slow) as (server, source):
        again = request(AGREED)
        together = await asyncio.gather(*(source.lookup(again) for _ in range(5)))
        attempt = again.model_copy(update={"task": again.task.model_copy(update={"attempt": 1, "token": "token-2"})})
        later = await source.lookup(attempt)
        assert {one.text for one in together} == {later.text}
        assert len(server.asked) == 1
        await source.lookup(another(1))
        assert len(server.asked) == 2


async def test_an_answer_that_nobody_waited_for_is_there_for_the_next_attempt() -> None:
    async with asked(http_server.slow) as (server, source):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(source.lookup(request(AGREED)), 0.02)
        assert (await source.lookup(request(AGREED))).records
        assert len(server.asked) == 1


async def test_a_failure_is_not_kept() -> None:
    async with asked(http_server.failing) as (server, source):
        with pytest.raises(SourceUnavailable):
            await source.lookup(request(AGREED))
        server.behaviour = http_server.right
        assert (await source.lookup(request(AGREED))).records


async def test_a_failure_is_asked_again_under_the_same_id_where_the_document_says_so() -> None:
    async with asked(http_server.failing_once, attempts=2) as (server, source):
        assert (await source.lookup(request(AGREED))).records
    first, second = server.asked
    assert first["id"] == second["id"]


async def test_a_source_that_keeps_failing_is_left_alone_and_tried_again() -> None:
    async with asked(http_server.failing, circuitBreaker={"failures": 3, "seconds": 0.2}) as (server, source):
        for number in range(5):
            with pytest.raises(SourceUnavailable):
                await source.lookup(another(number))
        assert len(server.asked) == 3
        with pytest.raises(SourceUnavailable, match="not asked: it has failed 3 times in a row"):
            await source.lookup(another(9))
        await asyncio.sleep(0.25)
        for number in (10, 11):  # one more is tried, and its failure is enough
            with pytest.raises(SourceUnavailable):
                await source.lookup(another(number))
        assert len(server.asked) == 4
        server.behaviour = http_server.right
        await asyncio.sleep(0.25)
        assert (await source.lookup(another(9))).records


async def test_stalling_counts_as_failing() -> None:
    async with asked(http_server.stalling, timeoutSeconds=0.05, circuitBreaker={"failures": 2, "seconds": 30}) as (
        server,
        source,
    ):
        for number in range(3):
            with pytest.raises(SourceUnavailable):
                await source.lookup(another(number))
        assert len(server.asked) == 2


async def test_calls_are_kept_within_the_rate() -> None:
    async with asked(http_server.right, rateLimit={"calls": 2, "seconds": 10}) as (server, source):
        found = await asyncio.gather(*(source.lookup(another(number)) for number in range(4)), return_exceptions=True)
        assert len(server.asked) == 2
    refused = [str(one) for one in found if isinstance(one, SourceUnavailable)]
    assert refused == ["not asked: more calls are waiting than its rate allows"] * 2


def test_a_secret_that_is_not_there_is_refused_with_its_place() -> None:
    place = "sources.au-credit-header.http.secretHeaders.Authorization: the environment has no BUREAU_AUTHORIZATION"
    with pytest.raises(ValueError, match=re.escape(place)):
        source_of(document(), {})


@pytest.mark.parametrize(
    ("http", "place"),
    [
        ({"records": "[hits.{"}, r"sources\.0\.http\.records\n.*not JSONata"),
        ({"url": "ftp://bureau.example"}, r"sources\.0\.http\.url"),
        ({"timeoutSecond": 3}, r"sources\.0\.http\.timeoutSecond\n"),
        ({"circuitBreaker": {"failures": 0}}, r"sources\.0\.http\.circuitBreaker\.failures"),
    ],
)
def test_a_document_with_a_mistake_is_refused_with_its_place(http: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        source_of(document(**http))
