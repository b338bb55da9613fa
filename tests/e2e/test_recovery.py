"""A check is killed while people are on their way; nobody is lost, nobody is checked twice, nothing is refused."""

import asyncio

from libs.events.catalogue import topics
from libs.streaming.kafka import KafkaBroker
from tests.e2e import compose
from tests.e2e.client import ONBOARDING, Customer, of, steps, until
from tests.e2e.containers import System
from tests.e2e.people import strangers

KILLED = "kyc"
# Those of the other checks that are asked at the same moment, of a person without a document.
OTHERS = 3


def answered(customer: Customer, entity: str) -> int:
    """How many checks have answered for a person so far."""
    known = customer.only(entity, running=True)
    if known is None:
        return 0
    history = customer.get(*of(entity, ONBOARDING), "executions", known["workflowExecutionId"], "history")
    return sum(event["type"] == "TaskSucceeded" for event in history["events"])


def test_a_check_that_is_killed_and_started_again_answers_for_everybody(system: System, someone: Customer) -> None:
    people = strangers(20)
    early, late = dict(list(people.items())[:10]), dict(list(people.items())[10:])
    someone.take_on(early)
    system.kill(KILLED)
    someone.take_on(late)
    for entity in late:
        until(f"the other checks of {entity}", lambda one=entity: True if answered(someone, one) == OTHERS else None)  # type: ignore[misc]
    # They wait for the one that is down, and for nothing else.
    states = someone.get("executions", limit="100")["counts"]["states"]
    assert states["IN_PROGRESS"] >= len(late)
    system.start(KILLED)
    ended = someone.outcomes(people)
    system.wait(KILLED, compose.HEALTHY)
    assert {(one["workflowExecutionState"], one["status"], steps(one)["KYC"]) for one in ended.values()} == {
        ("COMPLETED", "FAIL", "NO_MATCH")
    }
    for one in ended.values():
        names = [step["stepName"] for step in one["workflowStepResults"]]
        assert len(names) == len(set(names)), "a step was told twice"


def test_nothing_was_refused_and_nothing_crashed(system: System) -> None:
    letters = [name for name in topics() if name.startswith("dlq.")]
    ends = asyncio.run(KafkaBroker(system.bootstrap).ends(letters))
    assert letters
    assert {place.topic: end for place, (_, end) in ends.items() if end} == {}
    assert system.restarts() == {}
