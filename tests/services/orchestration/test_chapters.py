"""However much a step has to tell, each record of it can be taken by all who read it."""

from libs.events.codec import LARGEST_BYTES, decode
from libs.events.models import StepOutcome, StepResultCode
from tests.factory import requested
from tests.services.orchestration.conftest import Alone, answer
from tests.services.orchestration.test_service import KYC

# With the name that it is assigned to, and the list that it stands in, AWS's limit to the byte.
LARGE = "x" * (262_144 - 12)


async def test_a_step_that_tells_much_is_told_in_several_chapters(alone: Alone) -> None:
    passing = {"Type": "Pass", "Assign": {"large.$": "$[1]"}}
    await alone.define(
        "Large",
        {
            "Make": {"Type": "Pass", "Result": ["", LARGE], "Next": "Again"},
            "Again": {**passing, "Next": "Ask"},
            "Ask": {**KYC, "Parameters": {}, "ResultPath": None},
        },
    )
    await alone.take(requested("Large"))
    (request,) = alone.requests("kyc")
    await alone.take(answer(request, "kyc", StepOutcome(stepName="KYC", result=StepResultCode.MATCH)))
    chapters = alone.chapters()
    assert [chapter.sequence for chapter in chapters] == list(range(1, len(chapters) + 1))
    assert [chapter.started is not None for chapter in chapters] == [True] + [False] * (len(chapters) - 1)
    ids = [one.id for chapter in chapters for one in chapter.history]
    assert ids == list(range(1, len(ids) + 1))
    assert [chapter.state for chapter in chapters] == ["RUNNING"] * (len(chapters) - 1) + ["SUCCEEDED"]
    assert [len(chapter.accepted) for chapter in chapters if chapter.accepted] == [1]
    assert len(chapters[-1].output or "") > len(LARGE)
    logs = [m for place, log in alone.broker.logs.items() if place.topic == "workflow.progressed" for m in log]
    assert max(len(message.value or b"") for message in logs) <= LARGEST_BYTES
    assert [decode(message) for message in logs]
