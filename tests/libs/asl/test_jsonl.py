"""`run --jsonl` and `check --jsonl`: a line in, a line out, whatever is in it."""

import json
from typing import Any

import pytest

import libs.asl.jsonl
from libs.asl.jsonl import check_line, run_line
from tests.libs.asl.factory import END, task

ONE_PASS = {"StartAt": "A", "States": {"A": END}}
ONE_TASK = {"StartAt": "A", "States": {"A": task()}}
NOWHERE = {"StartAt": "B", "States": {"A": END}}
PROBLEM = {"path": "", "message": '"StartAt" names no state ("B")'}


def ran(**line: Any) -> Any:
    return json.loads(run_line(json.dumps(line).encode()))


def checked(**line: Any) -> Any:
    return json.loads(check_line(json.dumps(line).encode()))


def test_a_run_tells_its_outcome_its_events_and_the_states_entered() -> None:
    assert ran(definition=ONE_PASS, input={"a": 1}) == {
        "status": "SUCCEEDED",
        "output": {"a": 1},
        "events": ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"],
        "states_entered": ["A"],
    }


def test_a_failed_run_tells_error_and_cause() -> None:
    told = ran(definition=ONE_TASK, input={}, task_results=[{"state": "A", "error": "Down", "cause": "it is"}])
    assert (told["status"], told["error"], told["cause"], "output" in told) == ("FAILED", "Down", "it is", False)


def test_a_run_that_nobody_answers_says_who_is_waited_for() -> None:
    told = ran(definition=ONE_TASK, input={}, task_results=[])
    assert (told["status"], told["waiting_for"]) == ("RUNNING", ["A"])


def test_a_run_can_be_express_and_can_be_stopped() -> None:
    tells = {"StartAt": "A", "States": {"A": {**END, "Parameters": {"id.$": "$$.Execution.Id"}}}}
    assert ":express:" in ran(definition=tells, type="EXPRESS")["output"]["id"]
    assert ran(definition=ONE_TASK, stop=True)["status"] == "ABORTED"
    (problem,) = ran(definition=ONE_PASS, type="FAST")["problems"]
    assert problem["message"] == '"type" must be "STANDARD" or "EXPRESS"'


def test_a_definition_that_cannot_be_run_is_invalid() -> None:
    assert ran(definition=NOWHERE, input={}) == {"status": "INVALID", "problems": [PROBLEM]}
    assert checked(definition=NOWHERE) == {"valid": False, "problems": [PROBLEM], "warnings": []}


def test_a_good_definition_is_valid() -> None:
    assert checked(definition=ONE_PASS) == {"valid": True, "problems": [], "warnings": []}


def test_a_warning_leaves_a_definition_valid() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Reject"}]
    told = checked(definition={"StartAt": "A", "States": {"A": task(Catch=catch), "Reject": END}})
    assert (told["valid"], told["problems"]) == (True, [])
    assert [warning["path"] for warning in told["warnings"]] == ["States.A.Catch[0]"]


def test_a_policy_may_come_with_the_line() -> None:
    policy = {"passes": [{"Type": "Pass"}], "requires": {"KYC": [{"Resource": "kyc"}]}}
    told = checked(definition=ONE_PASS, policy=policy)
    assert told["problems"] == [{"path": "States.A", "message": "somebody can pass without KYC: A"}]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{", "a line must be JSON: "),
        (b"\xff", "a line must be JSON: "),
        (b"[" * 100_000, "a line must be JSON: it is nested too deeply"),
        (b"", "a line must be JSON: it is empty"),
        (b" \r\n", "a line must be JSON: it is empty"),
        (b'{"definition": 1} {}', "a line must be JSON: Extra data"),
        (b'{"input": NaN}', "a line must be JSON: NaN is no number of JSON's"),
        (b'{"input": -Infinity}', "a line must be JSON: -Infinity is no number of JSON's"),
        (b'{"input": 1e999}', "a line must be JSON: 1e999 is larger than any number can be"),
        (b'{"input": ' + b"9" * 5000 + b"}", "a line must be JSON: a number has too many digits"),
        (b"7", 'a line must be an object with a "definition"'),
        (b'{"input": 1}', 'a line must be an object with a "definition"'),
        (b'{"definition": 7}', "a definition is a JSON object"),
    ],
)
def test_a_bad_line_is_answered_too(line: bytes, message: str) -> None:
    for answer in (json.loads(run_line(line)), json.loads(check_line(line))):
        assert answer["problems"][0]["message"].startswith(message)
    assert json.loads(run_line(line))["status"] == "INVALID"
    assert json.loads(check_line(line))["valid"] is False


@pytest.mark.parametrize("results", [7, [7]])
def test_results_that_are_no_list_of_objects_are_refused(results: Any) -> None:
    (problem,) = ran(definition=ONE_TASK, task_results=results)["problems"]
    assert problem["message"] == "the results of tasks must be a list of objects"


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ({"state": 5}, '"state" must be the name of a state'),
        ({"error": ["Down"]}, '"error" must be the name of an error'),
        ({"error": "Down", "timed_out": "yes"}, '"timed_out" must be true or false'),
    ],
)
def test_a_result_that_is_none_is_refused_with_its_place(result: Any, message: str) -> None:
    (problem,) = ran(definition=ONE_TASK, task_results=[{"output": 1}, result])["problems"]
    assert problem["message"] == f"task_results[1]: {message}"


def test_what_a_line_says_of_its_run_must_be_understood() -> None:
    (problem,) = ran(definition=ONE_PASS, type=["STANDARD"])["problems"]
    assert problem["message"] == '"type" must be "STANDARD" or "EXPRESS"'
    (problem,) = ran(definition=ONE_PASS, stop="yes")["problems"]
    assert problem["message"] == '"stop" must be true or false'


def test_a_mark_of_the_byte_order_and_fields_of_others_do_no_harm() -> None:
    line = b"\xef\xbb\xbf" + json.dumps({"id": 7, "definition": ONE_PASS, "expected": {}}).encode() + b"\r\n"
    assert json.loads(run_line(line))["status"] == "SUCCEEDED"


def test_what_nobody_foresaw_is_said_in_the_lines_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libs.asl.jsonl, "simulate", lambda *_, **__: 1 / 0)
    (problem,) = ran(definition=ONE_PASS)["problems"]
    assert problem["message"] == "this line cannot be worked on: ZeroDivisionError: division by zero"
