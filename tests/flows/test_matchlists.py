"""A customer's lists through all services: what a match comes to, and that no list silences a sanctions list."""

import pytest

from libs.embedded.sample.people import read_people
from libs.events.matchlists import entry_id, list_id, published
from libs.events.models import (
    Individual,
    MatchlistAction,
    MatchlistAttribute,
    MatchlistEntryPublished,
    StepOutcome,
)
from tests.factory import NOON, onboarded
from tests.flows.system import System, execution_of
from tests.flows.test_onboarding import outcome

# Of the sample: whom every source knows and no list has, and whom a sanctions list may have.
CLEAN, SANCTIONED = (
    next(one.individual for one in read_people() if (one.group, str(one.expected.status)) == told)
    for told in (("clean", "PASS"), ("alias", "REVIEW"))
)


def listed(action: str, individual: Individual) -> MatchlistEntryPublished:
    """An entry that matches on the whole name."""
    name = f"{individual.name.givenName} {individual.name.familyName}"
    attributes = [MatchlistAttribute(type="IND_DISPLAY_NAME", value=name)]
    of_list = list_id("c1", f"Our {action} list")
    return MatchlistEntryPublished(
        customerId="c1",
        matchlistId=of_list,
        name=f"Our {action} list",
        action=MatchlistAction(action),
        entryId=entry_id(of_list, None, attributes),
        attributes=attributes,
    )


async def told(system: System, individual: Individual, *actions: str) -> tuple[str, dict[str, StepOutcome]]:
    """The status of a person who is on lists with these actions, and each step's outcome."""
    entries = [listed(action, individual) for action in actions]
    event = onboarded("p1", individual=individual)
    try:
        await system.publish(*(published(entry, "test", NOON) for entry in entries), event)
        await system.settle()
    finally:  # the check, with its lists, is shared by all tests
        gone = [entry.model_copy(update={"isActive": False}) for entry in entries]
        await system.publish(*(published(entry, "test", NOON) for entry in gone))
        await system.settle()
    story = system.story(execution_of(event))
    steps = {one.outcome.stepName: one.outcome for chapter in story for one in chapter.accepted}
    return (await outcome(system, event))[1], steps


@pytest.mark.parametrize(
    ("actions", "status", "result", "reason"),
    [
        ((), "PASS", "CLEAR", "NOT_LISTED"),
        (("BLOCK",), "FAIL", "HIT", "LISTED_BLOCK"),
        (("REVIEW",), "REVIEW", "HIT", "LISTED_REVIEW"),
        (("ALLOW",), "PASS", "CLEAR", "LISTED_ALLOW"),
        (("ALERT",), "REVIEW", "HIT", "LISTED_ALERT"),
        (("NONE",), "PASS", "CLEAR", "LISTED_NONE"),
        (("ALLOW", "REVIEW", "BLOCK"), "FAIL", "HIT", "LISTED_BLOCK"),
        (("ALLOW", "REVIEW"), "REVIEW", "HIT", "LISTED_REVIEW"),
        (("NONE", "ALERT", "ALLOW"), "PASS", "CLEAR", "LISTED_ALLOW"),
        (("NONE", "ALERT"), "REVIEW", "HIT", "LISTED_ALERT"),
    ],
)
async def test_what_a_list_comes_to(
    system: System, actions: tuple[str, ...], status: str, result: str, reason: str
) -> None:
    found, steps = await told(system, CLEAN, *actions)
    assert (found, steps["BLOCKLIST"].result, steps["BLOCKLIST"].reasons[0].code) == (status, result, reason)


async def test_an_allow_list_silences_no_sanctions_list_and_the_decision_says_so(system: System) -> None:
    status, steps = await told(system, SANCTIONED, "ALLOW")
    assert (status, steps["BLOCKLIST"].result, steps["AML"].result) == ("REVIEW", "CLEAR", "HIT")
    decision = steps["DECISION"]
    assert decision.decision is not None
    assert decision.decision.rule == "aml-hit"
    (reason,) = (one for one in decision.reasons if one.code == "LISTED_ALLOW")
    assert reason.message is not None
    assert reason.message.startswith("BLOCKLIST: Listed in Our ALLOW list, ")
    assert reason.message.endswith("AML screening is not suppressed by it.")
