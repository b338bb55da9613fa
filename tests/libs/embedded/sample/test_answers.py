from typing import Any

from libs.embedded.sample.answers import Answer, answer, execution_path


def result(**changed: Any) -> dict[str, Any]:
    """A Workflow-Result; the reasons stand in an order of the database's own."""
    notes = {
        "decision.rule": "aml-hit",
        "reason.RISK_HIGH": "RISK: The score is HIGH.",
        "reason.SANCTION_HIT": "AML: 1 open hit",
    }
    steps = [step("AML", "HIT"), step("DECISION", "COMPLETE", notes)]
    whole = {
        "status": "REVIEW",
        "workflowExecutionState": "COMPLETED",
        "errors": [],
        "startedAt": "2026-01-02T03:04:05.000000Z",
        "endedAt": "2026-01-02T03:04:05.250000Z",
        "workflowStepResults": steps,
    }
    return whole | changed


def step(name: str, code: str, notes: dict[str, str] | None = None) -> dict[str, Any]:
    return {"stepName": name, "result": code, "notes": {key: {"value": text} for key, text in (notes or {}).items()}}


def test_the_reasons_of_the_deciding_step_come_first() -> None:
    assert answer(result()) == Answer(
        "REVIEW", {"AML": "HIT", "DECISION": "COMPLETE"}, "AML", "1 open hit; RISK: The score is HIGH.", 250
    )


def test_an_execution_that_failed_tells_its_error() -> None:
    errors = [{"code": "States.Timeout", "description": "no answer"}]
    found = answer(result(status=None, workflowExecutionState="TIMEOUT", errors=errors, workflowStepResults=[]))
    assert (found.status, found.why) == ("TIMEOUT", "States.Timeout: no answer")


def test_ids_are_quoted_in_the_path() -> None:
    assert "/individuals/a%2Fb/" in execution_path("a/b", "x")
