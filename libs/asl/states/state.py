"""What all kinds of state have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, NoReturn

from libs.asl.catcher import Catcher
from libs.asl.fields import Fields
from libs.asl.outcomes import Leave, Outcome
from libs.asl.retrier import Retrier
from libs.asl.scope import Scope


class State(ABC):
    """One compiled state: pure, shared by every execution of the machine."""

    kind: ClassVar[str]
    retriers: tuple[Retrier, ...] = ()
    catchers: tuple[Catcher, ...] = ()

    def __init__(self, name: str, fields: Fields) -> None:
        self.name = name
        self.entered_type = f"{self.kind}StateEntered"
        self.exited_type = f"{self.kind}StateExited"
        self.next: str | None = None

    @abstractmethod
    def execute(self, raw: Any, scope: Scope) -> Outcome:
        """What comes of entering (or of trying again) with this raw input."""

    def finish(self, raw: Any, result: Any, scope: Scope) -> Leave:
        """What comes of the thing that the state stopped for."""
        return self.never(raw, result)

    def never(self, *_: Any) -> NoReturn:
        """A state of this kind does not stop for anything."""
        raise AssertionError(f"a {self.kind} state does not stop")

    def targets(self) -> Iterator[tuple[str, str]]:
        """Every state this one can go to, with the place of the field that names it."""
        if self.next is not None:
            yield "", self.next
        for index, catcher in enumerate(self.catchers):
            yield f".Catch[{index}]", catcher.next


def read_next(fields: Fields) -> str | None:
    """Next or End: exactly one of them. None means that the branch ends here."""
    end = fields.get("End", False)
    if not isinstance(end, bool):
        fields.problem('"End" must be true or false')
    if fields.has("Next") and end:
        fields.problem('"Next" and "End" exclude each other')
    if not fields.has("Next") and not end:
        fields.problem('either "Next" or "End": true is needed')
    return fields.target("Next")
