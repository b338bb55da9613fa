"""What people decided that checks are to count: kept, refused where another came before, given to what starts later."""

from libs.events.message import Event
from libs.events.models import RulingChanged, RulingRequested
from tests.factory import NOON, event, requested
from tests.services.orchestration.conftest import Alone

RISK = {
    "Type": "Task",
    "Resource": "vetstream:check:risk",
    "Parameters": {"settings": {"profile": "standard", "override.is_pep": "1"}},
    "End": True,
}


def ruling(id: str, stands_on: str | None = None, check: str = "risk", **settings: str) -> Event:
    data = RulingRequested(
        rulingId=id,
        customerId="c1",
        entityId="p1",
        entityVersion=1,
        check=check,
        settings={name.replace("_", ".", 1): value for name, value in settings.items()},
        standsOn=stands_on,
        comment="known",
        requestedBy="officer",
        requestId=f"request-{id}",
        requestedAt=NOON,
    )
    return event(data, "ruling.requested", id=id, source="results")


def told(alone: Alone) -> list[RulingChanged]:
    return [one.data for one in alone.sent("ruling.changed") if isinstance(one.data, RulingChanged)]


async def test_it_goes_before_what_the_workflow_says_in_what_starts_later(alone: Alone) -> None:
    await alone.define("Assess", {"Risk": RISK})
    await alone.take(requested("Assess"))
    await alone.take(ruling("r1", override_is_pep="7"))
    await alone.take(requested("Assess"), requested("Assess", entity="p2"), requested("Assess", customer="c2"))
    seen = [(one.task.customerId, one.task.entityId, one.settings["override.is_pep"]) for one in alone.requests("risk")]
    assert sorted(seen) == [
        ("c1", "p1", "1"), ("c1", "p1", "7"), ("c1", "p2", "1"), ("c2", "p1", "1"),
    ]  # fmt: skip
    assert {one.settings["profile"] for one in alone.requests("risk")} == {"standard"}


async def test_of_two_on_the_same_the_second_is_refused_and_what_was_before_is_told(alone: Alone) -> None:
    await alone.take(ruling("r1", override_is_pep="7"), ruling("r2", override_is_pep="8"))
    await alone.take(ruling("r3", "r1", override_age="2"), ruling("r4", None, "kyc", manualKyc="{}"))
    assert [(one.rulingId, one.refusal is None, one.previous) for one in told(alone)] == [
        ("r1", True, {}),
        ("r2", False, {"override.is_pep": "7"}),
        ("r3", True, {"override.is_pep": "7"}),
        ("r4", True, {}),
    ]
    first = told(alone)[0]
    assert (first.changedBy, first.changedAt, first.requestId, first.comment) == (
        "officer",
        NOON,
        "request-r1",
        "known",
    )


async def test_taken_back_nothing_is_given_any_more_and_a_repeat_changes_nothing(alone: Alone) -> None:
    await alone.define("Assess", {"Risk": RISK})
    await alone.take(ruling("r1", override_is_pep="7"), ruling("r2", "r1"), ruling("r1", override_is_pep="7"))
    await alone.take(requested("Assess"))
    assert [one.settings["override.is_pep"] for one in alone.requests("risk")] == ["1"]
    assert len(told(alone)) == 2
