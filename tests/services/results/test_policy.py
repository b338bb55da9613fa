"""The policy of amendments."""

import copy
from dataclasses import replace
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI

from libs.events.models import Document
from services.results.manual_kyc import Misfit, combination
from services.results.policy import SHIPPED, InvalidPolicy, load, parse
from tests.services.results import factory
from tests.services.results.conftest import Projection

POLICY = yaml.safe_load(SHIPPED.read_text())
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "manualKYC": ("POST", "results/mkyc", {"approvedBy": "x", "approvedDocuments": ["d1"]}),
    "manualKYCinvalidation": ("POST", "results/mkyc/invalidate", {}),
    "updateAML": ("PATCH", "results/aml", {"processResults": ["h1"], "manualStatus": "UNKNOWN"}),
    "updateIDV": ("PATCH", "results/idv", {"processResults": ["h1"], "manualStatus": "CLEAR"}),
    "updateMatches": ("PATCH", "results/matchlist", {"processResults": ["h1"], "manualStatus": "UNKNOWN"}),
    "updateDuplicate": ("PATCH", "results/duplicate", {"processResults": ["h1"], "manualStatus": "FALSE_POSITIVE"}),
    "updateFraud": ("PATCH", "results/fraud", {"processResults": ["h1"], "manualStatus": "TRUE_POSITIVE_ACCEPT"}),
    "updateIndividualRiskLevel": ("PATCH", "serviceprofiles/KYC/risk", {"riskLevel": "LOW"}),
    "overrideWorkflowExecutionResult": (
        "PATCH", "serviceprofiles/KYC/workflows/Standard/executions/x", {"status": "PASS"},
    ),
}  # fmt: skip


def changed(path: str, value: Any) -> dict[str, Any]:
    told = copy.deepcopy(POLICY)
    *parts, last = path.split(".")
    at = told
    for part in parts:
        at = at[part]
    at[last] = value
    return told  # type: ignore[no-any-return]


def test_the_shipped_categories_are_those_of_the_guide() -> None:
    assert load().manualKyc.of("AUS") == {
        "primaryPhotographic": ["DRIVERS_LICENSE", "PASSPORT"],
        "primaryNonPhotographic": ["BIRTH_CERT", "CITIZENSHIP"],
        "secondary": ["VISA", "IMMIGRATION", "NATIONAL_HEALTH_ID", "NAME_CHANGE", "MARRIAGE_CERT"],
    }


def test_a_countrys_documents_count_as_its_own_categories_say() -> None:
    policy = parse(changed("manualKyc.countries", {"NZL": {"primaryPhotographic": ["PASSPORT"]}})).manualKyc
    licence, passport = (Document(type=kind, country="NZL") for kind in ("DRIVERS_LICENSE", "PASSPORT"))
    assert isinstance(combination([licence], policy), Misfit)
    assert combination([passport], policy) == "one primary photographic"
    assert combination([licence.model_copy(update={"country": "AUS"})], policy) == "one primary photographic"
    assert isinstance(combination([Document(type="VISA", country="NZL")], policy), Misfit)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("comments", ["updateEverything"], r"comments\.0: Input should be"),
        ("manualKyc.countries", {"nz": {}}, r"manualKyc\.countries\.nz"),
        ("manualKyc.countries", {"NZL": {"secondary": ["PASSPORT"]}}, "NZL: PASSPORT is in two categories"),
        ("manualKyc.combinations", [], r"manualKyc\.combinations"),
        (
            "manualKyc.combinations",
            [{"name": "x", "documents": {"secondary": 0}}],
            r"secondary: Input should be greater",
        ),
        ("reevaluations", [{"workflowName": "x"}], r"reevaluations\.0\.serviceName: Field required"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(path: str, value: Any, problem: str) -> None:
    with pytest.raises(InvalidPolicy, match=problem):
        parse(changed(path, value))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("comment", [None, {}, {"text": " "}])
async def test_an_operation_that_needs_a_reason_is_refused_without_one(
    api: httpx.AsyncClient, app: FastAPI, projection: Projection, operation: str, comment: Any
) -> None:
    begin = factory.onboarded("e1")
    await projection.fold([begin, *factory.story(begin)])
    app.state.parts = replace(app.state.parts, policy=parse(changed("comments", [operation])))
    method, path, body = OPERATIONS[operation]
    response = await api.request(method, f"/v2/individuals/e1/{path}", json={**body, "comment": comment})
    named = {**body, "comment": {"text": "because"}}
    given = await api.request(method, f"/v2/individuals/e1/{path}", json=named)
    assert (response.status_code, response.json()["details"][0]["issueLocation"]) == (422, "comment.text")
    assert given.status_code in (200, 404, 409) or given.json()["details"][0]["issueLocation"] != "comment.text"
