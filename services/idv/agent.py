"""The check `idv`: documents are verified by what is written in them, so nothing has to be asked or loaded."""

from datetime import datetime

from libs.events.models import CheckRequested, StepResult
from libs.streaming.check import Check
from services.idv.rules import verify


def check() -> Check:
    """The check of the documents of a person."""

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        return verify(request, now)

    return Check(name="idv", answer=answer, repeatable=True)
