"""A case run by moto's interpreter of Amazon States Language, its waiting cut short."""

import json
import logging
import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.api import HistoryEvent, StateMachineType
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramError
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.mocking.mock_config import (
    MockedResponseReturn,
    MockedResponseThrow,
    MockTestCase,
    StateMockedResponses,
)

from libs.asl.simulation import CONTEXT, EXECUTION_ID
from tests.libs.asl.fuzz.generated import Case
from tests.libs.asl.fuzz.told import Told

MANY = 10
_INVOKED = {"ExecutedVersion": "$LATEST", "StatusCode": 200}


def quieten() -> None:
    """For the rest of the process: no waiting, no logging, and the threads that moto gives up die in silence."""
    WaitFunction._wait_interval = lambda *_, **__: None
    retrier_decl.time = SimpleNamespace(sleep=lambda _: None)
    logging.disable(logging.CRITICAL)
    threading.excepthook = lambda _: None


def moto_run(case: Case) -> Told:
    """How the case ends there."""
    program, _ = AmazonStateLanguageParser.parse(json.dumps(case.definition))
    environment = _environment(case)
    program.eval(environment)
    state = environment.program_state()
    history = environment.event_manager.get_event_history()
    entered = [details["name"] for event in history if (details := event.get("stateEnteredEventDetails"))]
    types = ["ExecutionStarted", *_types(history)]
    if isinstance(state, ProgramEnded):
        return Told("SUCCEEDED", environment.states.get_input(), None, None, entered, types)
    assert isinstance(state, ProgramError), state
    failed = state.error or {}
    return Told("FAILED", None, failed.get("error"), failed.get("cause"), entered, types)


def _types(history: Sequence[HistoryEvent]) -> list[str]:
    """The types of events. A function that is mocked fails there as a task; a real one would fail as a function."""
    types = {event["id"]: event["type"].value for event in history}
    return [
        "LambdaFunctionFailed"
        if name == "TaskFailed" and types.get(event.get("previousEventId", 0)) == "LambdaFunctionStarted"
        else name
        for event in history
        for name in [event["type"].value]
    ]


def _environment(case: Case) -> Environment:
    execution = ExecutionData(
        Id=EXECUTION_ID,
        Input=case.input,
        Name=CONTEXT["Execution"]["Name"],
        RoleArn=CONTEXT["Execution"]["RoleArn"],
        StartTime="2026-01-01T00:00:00.000Z",
    )
    machine = StateMachineData(Id=CONTEXT["StateMachine"]["Id"], Name=CONTEXT["StateMachine"]["Name"])
    return Environment(
        aws_execution_details=AWSExecutionDetails("111111111111", "us-east-1", CONTEXT["Execution"]["RoleArn"]),
        execution_type=StateMachineType.STANDARD,
        context=ContextObjectData(Execution=execution, StateMachine=machine),
        event_history_context=EventHistoryContext.of_program_start(),
        cloud_watch_logging_session=None,
        activity_store={},
        mock_test_case=MockTestCase(
            "any-machine", "any", [_responses(name, case.answers[name]) for name in case.answers]
        ),
    )


def _responses(name: str, answers: list[dict[str, Any]]) -> StateMockedResponses:
    filled = [*answers, *([answers[-1]] * (MANY - len(answers)))]
    return StateMockedResponses(name, name, [_response(number, answer) for number, answer in enumerate(filled)])


def _response(number: int, answer: dict[str, Any]) -> MockedResponseReturn | MockedResponseThrow:
    if "error" in answer:
        return MockedResponseThrow(number, number, answer["error"], answer["cause"])
    return MockedResponseReturn(number, number, {**_INVOKED, "Payload": answer["output"]})
