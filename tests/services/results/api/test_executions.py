"""Reading executions and overriding them."""

import asyncio
from typing import Any

import httpx
import pytest
import pytest_asyncio

from libs.events.models import ExecutionState, ExecutionStatus, HistoryEvent, ResultsAmended
from services.results.api import models
from services.results.api.history import Seen
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.conftest import Projection

pytestmark = pytest.mark.asyncio

LIST = "/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions"
BEGIN = factory.onboarded("e1")
ONE = f"{LIST}/{execution_id(BEGIN.id)}"


@pytest_asyncio.fixture
async def done(projection: Projection, api: httpx.AsyncClient) -> httpx.AsyncClient:
    """A person whose onboarding has passed, with a hit."""
    await projection.fold([BEGIN, *factory.story(BEGIN, hit=True)])
    return api


async def override(api: httpx.AsyncClient, status: str = "FAIL", **headers: str) -> httpx.Response:
    return await api.patch(ONE, json={"status": status, "comment": {"text": "called them"}}, headers=headers)


async def test_one_execution_with_every_step(done: httpx.AsyncClient) -> None:
    response = await done.get(ONE)

    assert response.status_code == 200
    result = models.Execution.model_validate(response.json()).workflowResult
    steps = {step.stepName: step for step in result.workflowStepResults}
    assert (steps["START"].result, steps["FINISH"].result) == ("COMPLETE", "COMPLETE")
    assert [one.objectType for one in steps["KYC"].processResults] == ["NAME", "DATE_OF_BIRTH", "ADDRESS", "DOCUMENT"]
    assert [one["provider"] for one in steps["KYC"].serviceProviders] == ["au-elec-roll", "au-passport"]
    (rule,) = steps["KYC"].summary["matchedRules"]
    assert rule["ruleMatches"][0]["matchTypes"]["address"] == {
        "objectType": "ADDRESS", "matchCount": 1, "matchSources": ["au-elec-roll"], "nonMatchSources": ["au-passport"],
        "isChecked": True, "isVerified": True,
    }  # fmt: skip
    (hit,) = steps["AML"].processResults
    assert hit.supplementaryData is not None
    assert hit.supplementaryData["matchData"]["strength"] == 93.0
    assert hit.supplementaryData["sanctionData"] == [
        {"sourceName": "ofac-sdn", "countryCode": "sy", "sourceReason": "SDGT"}
    ]
    assert (hit.systemStatus, hit.manualStatus, hit.state, hit.class_) == ("VALID", None, "COMPLETED", "AML")
    assert steps["DECISION"].summary["workflowExecutionResult"] == "PASS"
    assert steps["RISK"].risk is not None
    assert steps["RISK"].risk["level"] == "LOW"
    assert [(issue["category"], issue["severity"]) for issue in result.issues] == [("AML", "BLOCK")]
    assert result.steps.failed == ["AML"]
    assert (result.isManual, result.statusOverrideAt, result.lifecyclePhase) == (False, None, "ONBOARDING")


async def test_steps_of_one_name_are_told_as_one(projection: Projection, api: httpx.AsyncClient) -> None:
    settings = ({"ruleSet": "1+1", "sources": "au-elec-roll"}, {"ruleSet": "2+2"})
    steps = [factory.kyc(id).model_copy(update={"settings": one}) for id, one in zip("ab", settings, strict=True)]
    await projection.fold([
        BEGIN,
        *(factory.progressed(BEGIN, number, accepted=[step]) for number, step in enumerate(steps, 1)),
        factory.progressed(BEGIN, 3, state=ExecutionState.SUCCEEDED),
    ])  # fmt: skip

    result = models.Execution.model_validate((await api.get(ONE)).json()).workflowResult

    assert [step.stepName for step in result.workflowStepResults] == ["START", "KYC", "FINISH"]
    assert len(result.workflowStepResults[1].processResults) == 8
    notes = {
        name: note["value"] for name, note in (result.workflowStepResults[1].notes or {}).items() if "setting" in name
    }
    assert notes == {
        "run.1.setting.ruleSet": "1+1",
        "run.1.setting.sources": "au-elec-roll",
        "run.2.setting.ruleSet": "2+2",
    }
    assert result.status == "UNCHECKED"


async def test_an_execution_that_failed_says_why(projection: Projection, api: httpx.AsyncClient) -> None:
    failed = factory.progressed(BEGIN, 1, state=ExecutionState.TIMED_OUT, error="States.Timeout", cause="too slow")
    await projection.fold([BEGIN, failed])

    result = (await api.get(ONE)).json()["workflowResult"]

    assert (result["workflowExecutionState"], result["result"]) == ("TIMEOUT", "UNCHECKED")
    assert result["errors"] == [{"code": "States.Timeout", "description": "too slow"}]


async def test_an_override_changes_the_status_and_says_who_and_when(
    done: httpx.AsyncClient, projection: Projection
) -> None:
    before = (await done.get(ONE)).json()["workflowResult"]

    response = await override(done)

    assert response.status_code == 200, response.text
    told = models.Overridden.model_validate(response.json())
    (event,) = projection.published
    assert isinstance(event.data, ResultsAmended)
    assert (event.data.expectedVersion, event.data.comment, event.key) == (9, "called them", "c1:e1")
    after = response.json()["workflowResult"]
    assert {name for name in after if after[name] != before.get(name)} == {
        "status", "statusOverrideAt", "statusOverrideBy", "statusOverrideRequestId", "isManual", "updatedAt",
        "updatedBy", "version",
    }  # fmt: skip
    assert (after["status"], after["result"], after["statusOverrideBy"]) == ("FAIL", "PASS", "officer")
    assert after["statusOverrideRequestId"] == told.requestId
    assert response.headers["ETag"] == '"10"'


async def test_of_two_at_once_on_one_version_one_is_refused(done: httpx.AsyncClient, projection: Projection) -> None:
    projection.folds = False
    first, second = await asyncio.gather(override(done, "FAIL"), override(done, "REVIEW"))
    assert [first.status_code, second.status_code] == [202, 202]
    assert models.OverrideAccepted.model_validate(first.json()).workflowExecutionId == execution_id(BEGIN.id)

    await projection.fold(projection.published)

    history = models.History.model_validate((await done.get(f"{ONE}/history")).json())
    assert [one["accepted"] for one in history.overrides] == [True, False]
    assert "version 9" in history.overrides[1]["refusal"]


async def test_a_refused_override_answers_409(done: httpx.AsyncClient, projection: Projection) -> None:
    """Another's override gets to the topic first."""
    folds = projection.fold

    async def other_first(events: Any, size: int = 500) -> None:
        await folds([factory.amended(BEGIN, version=9, status=ExecutionStatus.REVIEW)])
        await folds(events, size)

    projection.fold = other_first  # type: ignore[method-assign]

    response = await override(done)

    assert response.status_code == 409
    error = models.Error.model_validate(response.json())
    assert "made on version 9, the execution is at version 10" in error.errorMsg
    assert (await done.get(ONE)).json()["workflowResult"]["status"] == "REVIEW"


async def test_an_override_of_a_version_seen_before(done: httpx.AsyncClient) -> None:
    etag = (await done.get(ONE)).headers["ETag"]
    assert (await override(done, "REVIEW", **{"If-Match": etag})).status_code == 200

    refused = await override(done, "FAIL", **{"If-Match": etag})

    assert refused.status_code == 409
    assert refused.json()["details"][0]["issueLocation"] == "header.If-Match"


async def test_what_still_runs_is_not_overridden(projection: Projection, api: httpx.AsyncClient) -> None:
    await projection.fold([BEGIN, *factory.story(BEGIN)[:4]])

    response = await override(api)

    assert response.status_code == 409
    assert projection.published == []


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({}, "status"),
        ({"status": "GOOD"}, "status"),
        ({"status": "PASS", "comment": {"txt": "x"}}, "comment.txt"),
        ({"status": "PASS", "result": "PASS"}, "result"),
    ],
)
async def test_a_bad_override_is_refused(
    done: httpx.AsyncClient, projection: Projection, sent: dict[str, Any], place: str
) -> None:
    response = await done.patch(ONE, json=sent)

    assert response.status_code == 422
    assert response.json()["details"][0]["issueLocation"] == place
    assert projection.published == []


@pytest.mark.parametrize("part", ["e1", "KYC", "Standard", execution_id(BEGIN.id)])
@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_every_part_of_the_path_counts(done: httpx.AsyncClient, part: str, method: str) -> None:
    response = await done.request(method, ONE.replace(part, "other"), json={"status": "PASS"})

    assert response.status_code == 404
    models.Error.model_validate(response.json())


async def test_the_history_in_pages(done: httpx.AsyncClient) -> None:
    first = models.History.model_validate((await done.get(f"{ONE}/history", params={"limit": 5})).json())
    rest = models.History.model_validate((await done.get(f"{ONE}/history", params={"after": first.nextAfter})).json())

    assert [event["id"] for event in first.events + rest.events] == list(range(1, 10))
    assert first.events[0]["stateEnteredEventDetails"] == {"name": "KYC"}
    assert (rest.nextAfter, rest.nextToken) == (None, None)


@pytest.mark.parametrize("reverse", [False, True])
async def test_the_history_by_tokens_in_either_order(done: httpx.AsyncClient, reverse: bool) -> None:
    asked: dict[str, Any] = {"maxResults": 4, "reverseOrder": reverse}
    ids: list[int] = []
    token: str | None = ""
    while token is not None:
        page = models.History.model_validate(
            (await done.get(f"{ONE}/history", params=asked | ({"nextToken": token} if token else {}))).json()
        )
        assert len(page.events) <= 4
        ids += [event["id"] for event in page.events]
        token = page.nextToken
    assert ids == sorted(range(1, 10), reverse=reverse)


async def test_events_without_what_states_took_in(projection: Projection, api: httpx.AsyncClient) -> None:
    begun = HistoryEvent(
        id=1, previousEventId=0, type="ExecutionStarted", timestamp=factory.START, details='{"input":{}}'
    )
    await projection.fold([BEGIN, factory.progressed(BEGIN, 1, history=[begun])])
    for included, details in ((True, {"input": "{}", "inputDetails": {"truncated": False}}), (False, {})):
        response = await api.get(f"{ONE}/history", params={"includeExecutionData": included})
        assert response.json()["events"][0]["executionStartedEventDetails"] == details


@pytest.mark.parametrize("token", ["x", "!", "W10=", Seen("other", False, 3).token(), Seen("e", True, 3).token()])
async def test_a_token_of_something_else_is_refused(done: httpx.AsyncClient, token: str) -> None:
    response = await done.get(f"{ONE}/history", params={"nextToken": token})

    assert response.status_code == 400
    assert response.json()["details"][0]["issueLocation"] == "query.nextToken"


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [3, 2, 1]),
        ({"sort": "asc"}, [1, 2, 3]),
        ({"limit": 2}, [3, 2]),
        ({"limit": 2, "page": 2}, [1]),
        ({"workflowResults": "PASS"}, [1]),
        ({"workflowResults": ["PASS", "REVIEW"]}, [2, 1]),
        ({"workflowResults": "PASS,REVIEW"}, [2, 1]),
        ({"workflowExecutionStates": "IN_PROGRESS"}, [3]),
        ({"workflowExecutionStates": "INPROGRESS"}, [3]),
        ({"startedAtAfter": "2026-03-01T09:30:00Z"}, [3]),
        ({"startedAtBefore": "2026-03-01T09:30:00"}, [2, 1]),
        ({"endedAtBefore": "2026-03-01T19:00:00+10:00"}, []),
        ({"endedAtAfter": "2026-03-01T09:00:00Z", "sortFields": "result"}, [2, 1]),
    ],
)
async def test_executions_are_listed(
    api: httpx.AsyncClient, projection: Projection, filters: dict[str, Any], numbers: list[int]
) -> None:
    begins = [factory.onboarded("e1", id=str(number)) for number in (1, 2, 3)]
    await projection.fold([
        *begins,
        *factory.story(begins[0]),
        *factory.story(begins[1], status=ExecutionStatus.REVIEW, seconds=60),
        factory.progressed(begins[2], 1, seconds=3600),
    ])  # fmt: skip
    ids = {execution_id(str(number)): number for number in (1, 2, 3)}

    response = await api.get(LIST, params=filters)

    told = models.Executions.model_validate(response.json())
    assert [ids[one.workflowExecutionId] for one in told.workflowResults] == numbers
    assert told.meta["count"] == len(numbers)
    assert told.meta["total"] == (3 if "limit" in filters else len(numbers))


@pytest.mark.parametrize(
    ("filters", "place"),
    [
        ({"limit": 0}, "query.limit"),
        ({"limit": 201}, "query.limit"),
        ({"page": 0}, "query.page"),
        ({"page": 10**9}, "query.page"),
        ({"sort": "up"}, "query.sort"),
        ({"sortFields": "name"}, "query.sortFields"),
        ({"workflowResults": "GOOD"}, "query.workflowResults"),
        ({"workflowExecutionStates": "RUNNING"}, "query.workflowExecutionStates"),
        ({"startedAtAfter": "yesterday"}, "query.startedAtAfter"),
    ],
)
async def test_bad_filters_are_refused_with_the_place(
    done: httpx.AsyncClient, filters: dict[str, Any], place: str
) -> None:
    response = await done.get(LIST, params=filters)

    assert response.status_code == 400
    assert models.Error.model_validate(response.json()).details[0].issueLocation == place
