"""A case run again without asking anybody: the same, or what has changed since."""

from dataclasses import dataclass

from libs.asl import Machine
from libs.asl.draft import TaskToken
from libs.asl.step import plain_token
from libs.audit.case import Case
from libs.audit.comparing import Difference, cause_of, changed_pins, difference, pin_line
from libs.audit.following import Answered, Following, NotRepeatable
from libs.audit.parts import Parts
from libs.events.fingerprint import fingerprint
from libs.events.models import CheckRequested, ReferenceVersion, StepResult
from libs.streaming.check import Check, CheckFailed, with_provider

INPUT = "individual"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of running a case again. `again` was made anew, `recorded` was taken as it was answered then."""

    first: Difference | None
    where: str
    again: tuple[str, ...]
    recorded: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """The verdict for a person to read: `identical`, or the cause of the first difference."""
        if self.first is None:
            told = ["identical", f"  made again: {', '.join(('the workflow', *self.again))}"]
            return [*told, f"  as answered then: {', '.join(self.recorded) or 'nothing'}"]
        return [f"different at {self.where}: {self.first.cause} changed", *(f"  {line}" for line in self.first.lines)]


async def replay(case: Case, machine: Machine, parts: Parts, task_token: TaskToken = plain_token) -> Verdict:
    """Run a case again, up to the first difference; raises NotRepeatable."""
    if len({chapter.entityVersion for chapter in case.chapters}) > 1:
        raise NotRepeatable("it was redriven with other data of the person than it was started with")
    if (changed := _changed_input(case)) is not None:
        return Verdict(changed, "the beginning", (), ())
    following = Following(machine, case.chapters, task_token)
    following.run()
    again: list[str] = []
    recorded: list[str] = []
    for answered in following.answered:
        name = answered.result.outcome.stepName
        found, made = await _difference(case, answered, parts, task_token)
        (again if made else recorded).append(name)
        if found is not None:
            where = f"step {answered.sequence}, {name}"
            return Verdict(found, where, tuple(again), tuple(recorded))
    if (parted := following.parted) is not None:
        lines = [f"recorded: {parted.recorded[:300]}", f"now:      {parted.now[:300]}"]
        found = Difference("what the workflow language makes of the story", lines)
        return Verdict(found, f"step {parted.sequence}, the workflow", tuple(again), tuple(recorded))
    return Verdict(None, "", tuple(again), tuple(recorded))


def _changed_input(case: Case) -> Difference | None:
    """The person as recorded is another than the one that was decided on."""
    pinned = [one for result in case.accepted for one in result.references if one.id == INPUT]
    version = str(case.chapters[-1].entityVersion)
    pins = changed_pins(pinned, [ReferenceVersion(id=INPUT, version=version, sha256=fingerprint(case.person))])
    return Difference(cause_of(pins), list(map(pin_line, pins))) if pins else None


async def _difference(
    case: Case, answered: Answered, parts: Parts, task_token: TaskToken
) -> tuple[Difference | None, bool]:
    """The difference of one answer, and whether it was made again."""
    name = parts.asked(answered.task)
    check = await parts.check(name) if name is not None else None
    if check is None or not (check.repeatable or check.again):
        return None, False
    request = parts.request(case, answered.task, task_token(case.id, answered.task.task_id))
    try:
        return difference(answered.result, await _made(check, request, answered.result)), True
    except CheckFailed as failed:
        return Difference("what the check needs", [f"{failed.error}: {failed.cause}"]), True


async def _made(check: Check, request: CheckRequested, recorded: StepResult) -> StepResult:
    """The answer made anew, or where sources would have to be asked their recorded ones judged anew."""
    answer = check.again(recorded) if check.again else check.answer
    return with_provider(check.name, await answer(request, recorded.startedAt))
