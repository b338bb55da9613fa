"""The history as lines."""

from libs.asl.simulation import Recorded, simulate
from libs.asl.trace import event_document, trace
from tests.libs.asl.factory import machine, state

RUN = simulate(machine({"A": state("Wait", Seconds=90)}), {"long": "x" * 200}, Recorded([]))


def test_a_line_tells_the_event_its_time_and_what_it_holds() -> None:
    lines = list(trace(RUN.history))
    assert lines[2].startswith("    3      90.000s  WaitStateExited               A  {")
    assert all(len(line) < 200 for line in lines)


def test_an_event_as_json_has_awss_names() -> None:
    assert event_document(RUN.history[1]) == {
        "id": 2,
        "previousEventId": 0,
        "type": "WaitStateEntered",
        "timestamp": "2026-01-01T00:00:00+00:00",
        "details": {"name": "A", "input": {"long": "x" * 200}},
    }
