"""What a Task written for AWS calls, and the form of its answer."""

import pytest

from libs.asl.integration import answer_to, call_of

ARN = "arn:aws:lambda:us-east-1:111111111111:function:ask"
INVOKE = "arn:aws:states:::lambda:invoke"
SDK = "arn:aws:states:::aws-sdk:lambda:invoke"
TOKEN = f"{INVOKE}.waitForTaskToken"


@pytest.mark.parametrize("name", ["ask", "ask:7", ARN, f"{ARN}:$LATEST", "111111111111:function:ask"])
def test_a_function_is_known_however_it_is_named(name: str) -> None:
    call = call_of(INVOKE, {"FunctionName": name, "Payload": {"a": 1}})
    assert (call.function, call.payload) == ("ask", {"a": 1})


def test_a_function_called_by_its_arn_is_given_the_parameters() -> None:
    call = call_of(f"{ARN}:live", {"a": 1})
    assert (call.function, call.payload) == ("ask", {"a": 1})


def test_what_the_sdk_hands_over_is_json_text() -> None:
    assert call_of(SDK, {"FunctionName": "ask", "Payload": '{"a": 1}'}).payload == {"a": 1}
    assert call_of(SDK, {"FunctionName": "ask", "Payload": "plain"}).payload == "plain"


def test_another_resource_is_no_function() -> None:
    call = call_of("arn:aws:states:::sns:publish", {"Message": "x"})
    assert (call.function, call.payload) == (None, {"Message": "x"})


@pytest.mark.parametrize("parameters", [None, {}, {"FunctionName": 7}])
def test_parameters_that_name_no_function_call_none(parameters: object) -> None:
    assert call_of(INVOKE, parameters).function is None


def test_an_answer_has_the_form_that_the_machine_expects() -> None:
    envelope = {"ExecutedVersion": "$LATEST", "StatusCode": 200}
    assert answer_to(INVOKE, {"a": 1}) == {**envelope, "Payload": {"a": 1}}
    assert answer_to(SDK, {"a": 1}) == {**envelope, "Payload": '{"a": 1}'}
    assert answer_to(ARN, {"a": 1}) == answer_to(TOKEN, {"a": 1}) == {"a": 1}
