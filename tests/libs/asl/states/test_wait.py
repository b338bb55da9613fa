"""Wait."""

from typing import Any

import pytest

from tests.libs.asl.factory import Story, after, state


@pytest.mark.parametrize(
    ("fields", "value", "seconds"),
    [
        ({"Seconds": 5}, {}, 5),
        ({"SecondsPath": "$.s"}, {"s": 7}, 7),
        ({"Timestamp": "2026-01-01T00:01:00Z"}, {}, 60),
        ({"TimestampPath": "$.t"}, {"t": "2026-01-01T02:00:00+01:00"}, 3600),
        ({"TimestampPath": "$.t", "InputPath": "$.in"}, {"in": {"t": "2026-01-01T00:00:01Z"}}, 1),
    ],
)
def test_it_goes_on_when_the_time_has_come(fields: dict[str, Any], value: Any, seconds: int) -> None:
    story = Story({"W": state("Wait", **fields)}, value)
    assert (story.status, story.execution.next_due) == ("RUNNING", after(seconds))
    assert not story.wait(seconds - 0.001).applied
    assert story.wait(0.001).applied
    assert story.status == "SUCCEEDED"
    assert story.history[-1].timestamp == after(seconds)


@pytest.mark.parametrize("fields", [{"Seconds": 0}, {"Timestamp": "2020-01-01T00:00:00Z"}])
def test_a_time_that_has_passed_is_not_waited_for(fields: dict[str, Any]) -> None:
    assert Story({"W": state("Wait", **fields)}, {"a": 1}).output == {"a": 1}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({"SecondsPath": "$.s"}, {"s": -1}),
        ({"SecondsPath": "$.s"}, {"s": 1.5}),
        ({"SecondsPath": "$.s"}, {"s": "5"}),
        ({"SecondsPath": "$.s"}, {"s": True}),
        ({"SecondsPath": "$.s"}, {"s": 10**9}),
        ({"SecondsPath": "$.s"}, {}),
        ({"TimestampPath": "$.t"}, {"t": "tomorrow"}),
        ({"TimestampPath": "$.t"}, {"t": 5}),
    ],
)
def test_a_time_that_is_none_is_an_error(fields: dict[str, Any], value: Any) -> None:
    assert Story({"W": state("Wait", **fields)}, value).error == "States.Runtime"
