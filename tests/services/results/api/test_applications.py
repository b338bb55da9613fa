"""Applications sent through the API, and the log of what came of them."""

import base64
import csv
import io
from typing import Any

import httpx
import pytest

from libs.events.applications import execution_id
from libs.events.models import ApplicationSubmitted, EntityChanged, StepResultCode
from services.results.api import models
from services.results.log import as_csv
from tests.services.results import factory
from tests.services.results.conftest import OTHER_CUSTOMER, Projection, body

pytestmark = pytest.mark.asyncio

CSV = b"Date,Amount,Balance\n2026-01-31,12.50,12.50\n"
WORKFLOW = {"serviceName": factory.SERVICE, "workflowName": factory.WORKFLOW}


def application(id: str = "app-1", amount: str = "25000.00", **more: Any) -> dict[str, Any]:
    """What is sent of an application, with a statement."""
    statement = {"kind": "BANK_STATEMENT", "format": "CSV", "base64": base64.b64encode(CSV).decode()}
    asked = {"amount": amount, "currency": "EUR"}
    return {
        "applicationId": id, "requestedAmount": asked, "termMonths": 36, "purpose": "CAR", "files": [statement], **more
    }  # fmt: skip


def sent(**more: Any) -> dict[str, Any]:
    return {**body(), **WORKFLOW, "application": application(), **more}


async def test_an_application_is_screened_and_can_be_read_as_it_was_sent(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    response = await api.post("/v2/applications", json=sent())
    assert response.status_code == 200, response.text
    told = models.Executed.model_validate(response.json())
    created, event = projection.published
    assert isinstance(created.data, EntityChanged)
    assert isinstance(event.data, ApplicationSubmitted)
    assert told.workflowResult.workflowExecutionId == execution_id("c1", "app-1")
    (file,) = event.data.application.files
    assert (file.mediaType, file.size) == ("text/plain", len(CSV))
    shown = models.ShownApplication.model_validate((await api.get("/v2/applications/app-1")).json())
    assert (shown.status, shown.entityId, shown.application) == ("PASS", event.data.entityId, event.data.application)
    assert (await api.get("/v2/applications/app-1", headers=OTHER_CUSTOMER)).status_code == 404


async def test_what_was_sent_before_is_answered_and_another_application_refused(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    first = await api.post("/v2/applications", json=sent())
    again = await api.post("/v2/applications", json=sent())
    assert again.status_code == 200
    assert (
        again.json()["workflowResult"]["workflowExecutionId"] == first.json()["workflowResult"]["workflowExecutionId"]
    )
    assert len(projection.published) == 2
    other = await api.post("/v2/applications", json=sent(application=application(amount="26000.00")))
    assert other.status_code == 409
    assert other.json()["details"][0]["issueLocation"] == "body.application.applicationId"


async def test_somebody_who_is_known_applies_and_is_waited_for_no_longer_than_asked(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    await projection.fold([factory.onboarded()])
    projection.runs = False
    given = {**WORKFLOW, "application": application(), "entityId": "e1"}
    response = await api.post("/v2/applications", json=given, headers={"X-Frankie-Background": "1"})
    assert response.status_code == 202
    assert models.Accepted.model_validate(response.json()).entityId == "e1"
    assert [event.topic for event in projection.published] == ["application.submitted"]
    nobody = await api.post("/v2/applications", json={**given, "application": application("app-2"), "entityId": "e9"})
    assert nobody.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"requestedAmount": {"amount": "a lot", "currency": "EUR"}}, "application.requestedAmount.amount"),
        ({"termMonths": 0}, "application.termMonths"),
        ({"files": [{"kind": "BANK_STATEMENT"}]}, "application.files[0]"),
        ({"files": [{"kind": "BANK_STATEMENT", "base64": "%%"}]}, "application.files[0].base64"),
        ({"files": [{"kind": "BANK_STATEMENT", "base64": base64.b64encode(b"MZ\0\1").decode()}]}, "files[0].base64"),
    ],
)
async def test_what_is_no_application_is_refused_with_its_place(
    api: httpx.AsyncClient, projection: Projection, wrong: dict[str, Any], place: str
) -> None:
    response = await api.post("/v2/applications", json=sent(application=application(**wrong)))
    assert response.status_code in (400, 422)
    assert response.json()["details"][0]["issueLocation"].endswith(place)
    assert projection.published == []


async def test_the_log_tells_who_did_what_on_which_data_by_which_rules(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    await api.post("/v2/applications", json=sent())
    told = models.Log.model_validate(
        (await api.get("/v2/log", params={"workflowExecutionId": execution_id("c1", "app-1")})).json()
    )
    started, *steps = told.entries
    assert (started.what, started.by, started.applicationId) == ("STARTED", "integrator", "app-1")
    assert [one.step for one in steps][-1] == "DECISION"
    aml = next(one for one in steps if one.step == "AML")
    assert (aml.what, aml.result, aml.by) == ("STEP", "CLEAR", "vetstream")
    assert aml.milliseconds is not None
    assert aml.data is not None
    assert [len(one["sha256"]) for one in aml.data["files"]] == [64]
    assert aml.definition
    text = (await api.get("/v2/log", params={"entityId": started.entityId})).text
    assert not [word for word in ("Ada", "Nkemelu") if word in text]


async def test_the_log_is_read_by_time_step_and_outcome_a_page_at_a_time(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    begins = [factory.onboarded(f"e{number}", seconds=100 * number) for number in range(3)]
    for number, begin in enumerate(begins):
        await projection.fold([begin, *factory.story(begin, hit=number == 1, seconds=100 * number)])
    all_of = {"after": "2026-03-01T00:00:00Z", "before": "2026-03-02T00:00:00Z"}
    whole = await read(api, **all_of)
    assert sorted(whole, key=lambda one: one["at"]) == whole
    paged: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = (await api.get("/v2/log", params={**all_of, "limit": 4, **token})).json()
        paged += page["entries"]
        if "nextToken" not in page:
            break
        token = {"nextToken": page["nextToken"]}
    assert paged == whole
    hits = await read(api, steps="AML", results=StepResultCode.HIT.value, **all_of)
    assert [(one["entityId"], one["step"], one["result"]) for one in hits] == [("e1", "AML", "HIT")]
    later = await read(api, after=factory.at(150).isoformat())
    assert {one["entityId"] for one in later} == {"e2"}
    assert await read(api) == []
    assert (await api.get("/v2/log", params={"nextToken": "x"})).status_code == 400


async def read(api: httpx.AsyncClient, **params: str) -> list[Any]:
    response = await api.get("/v2/log", params=params)
    assert response.status_code == 200, response.text
    return list(response.json()["entries"])


async def test_the_log_is_a_file_of_json_lines_or_a_table_without_formulas(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    begin = factory.onboarded()
    await projection.fold([begin, *factory.story(begin)])
    params = {"after": "2026-03-01T00:00:00Z"}
    lines = (await api.get("/v2/log/export", params=params)).text.splitlines()
    table = (await api.get("/v2/log/export", params={**params, "format": "csv"})).text
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(lines) == len(rows) == len(await read(api, **params))
    assert rows[0]["what"] == "STARTED"
    assert as_csv({"by": '=HYPERLINK("http://x")', "step": "-1", "milliseconds": 5}).split(",")[2:4] == [
        '"\'=HYPERLINK(""http://x"")"',
        "'-1",
    ]
