"""The check of the answers itself: each kind of difference is found, with its place."""

from typing import Any

import httpx
import pytest

from services.results.api.contract import document, extensions
from tests.contract import problems

ONE = "/v2/individuals/e1/serviceprofiles/KYC/workflows/Standard/executions/x1"
ID = {"requestId": "r1"}
MATCHES: dict[str, Any] = {"requestId": "r1", "processResults": [{"class": "AML", "manualStatus": "FALSE_POSITIVE"}]}


def told(
    body: Any, path: str = "/v2/individuals/e1/results/aml", method: str = "PATCH", status: int = 200
) -> list[str]:
    """What is wrong with an answer, without the beginning of its place."""
    found = problems(method, path, httpx.Response(status, json=body))
    return [one.removeprefix(f"{method} {path} {status}") for one in found]


def finding(**values: Any) -> dict[str, Any]:
    return {"requestId": "r1", "processResults": [values]}


@pytest.mark.parametrize(
    "body",
    [
        MATCHES,
        finding(manualStatus=None),
        finding(createdAt="2026-03-01T09:00:00Z", notes={"any name": {"type": "general.string", "value": "x"}}),
        finding(supplementaryData={"type": "AML", "matchData": {"spReferenceId": "1", "name": "x"}}),
        finding(supplementaryData={"type": "KYC_NAME", "matchStrengths": {"fullName": 100}}),
    ],
)
def test_what_the_contract_has(body: Any) -> None:
    assert told(body) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (finding(found="x"), ".processResults[0].found: is no field of Process-Result-Object, and not listed as added"),
        (finding(schemaVersion="1"), ".processResults[0].schemaVersion: '1' is no integer"),
        (finding(schemaVersion=True), ".processResults[0].schemaVersion: True is no integer"),
        (finding(createdAt="yesterday"), ".processResults[0].createdAt: 'yesterday' is no date-time"),
        (finding(**{"class": "XYZ"}), ".processResults[0].class: 'XYZ' is no value of Process-Result-ClassEnum"),
        (finding(stepName=None), ".processResults[0].stepName: None is no string"),
        (finding(errors={}), ".processResults[0].errors: {} is no array"),
        (finding(notes={"a": {"type": "x"}}), ".processResults[0].notes.a.value: is missing"),
        (finding(providerResult="x"), ".processResults[0].providerResult: 'x' is no object"),
        ([], ": [] is no object"),
        (
            {**MATCHES, "total": 1},
            ".total: is no field of updateAML 200, and not listed as added",
        ),
    ],
)
def test_a_difference_is_told_with_its_place(body: Any, problem: str) -> None:
    assert told(body) == [problem]


def test_what_is_listed_as_optional_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(extensions()["optional"], "Attribute", ["value"])
    assert told(finding(notes={"a": {"type": "x"}})) == []


def test_a_manual_status_is_any_of_those_of_all_kinds() -> None:
    assert told(finding(manualStatus="PASS")) == []
    assert len(told(finding(manualStatus="GOOD"))) == 1


def test_of_several_schemas_one_has_to_fit() -> None:
    assert len(told(finding(supplementaryData={"type": "KYC_NAME", "matchStrengths": {"fullName": "100"}}))) == 1


def test_a_status_that_the_contract_does_not_have() -> None:
    assert told(ID, status=206) == [": no such status of updateAML"]
    assert told({**ID, "amendmentId": "a1"}, status=202) == []


def test_an_error_has_its_form_wherever_it_comes_from() -> None:
    error = {"errorCode": "NOT_FOUND", "errorMsg": "no", "details": [{"issue": "x", "issueLocation": "path"}]}
    assert told(error, "/v2/nothing", status=404) == []
    (problem,) = told({"detail": "Not Found"}, "/v2/nothing", status=404)
    assert problem.startswith(".detail: is no field of Error or Error-Base")


def test_operations_of_ours_are_as_we_describe_them() -> None:
    commanded = {"requestId": "r1", "commandId": "c1", "workflowExecutionId": "x1"}
    stop = "/v2/executions/x1/stop"
    assert told(commanded, stop, "POST", 202) == []
    assert told(ID, stop, "POST", 202) == [
        ": $: 'commandId' is a required property",
        ": $: 'workflowExecutionId' is a required property",
    ]
    assert told(commanded, stop, "POST", 200) == [": is no status that we describe"]
    assert told(ID, "/v2/nowhere", "GET") == [": is described nowhere"]


def test_what_runs_may_tell_its_state_only() -> None:
    assert told({**ID, "workflowExecutionState": "IN_PROGRESS"}, ONE, "GET") == []
    assert len(told({**ID, "workflowExecutionState": "INPROGRESS"}, ONE, "GET")) == 1


def test_each_extension_adds_to_something_that_is_there() -> None:
    schemas = document()["components"]["schemas"]
    ids = {one["operationId"]: one for item in document()["paths"].values() for one in item.values()}
    answers = {f"{id} {status}" for id, one in ids.items() for status in one["responses"]}
    assert extensions()["fields"].keys() <= schemas.keys() | answers
    assert extensions()["values"].keys() | extensions()["optional"].keys() <= schemas.keys()
    assert extensions()["answers"].keys() | extensions()["parameters"].keys() <= ids.keys()
    assert not [
        one
        for one in extensions()["operations"]
        if one in {f"{m.upper()} {p}" for p, i in document()["paths"].items() for m in i}
    ]
