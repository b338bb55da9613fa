"""A scope without an execution behind it."""

from datetime import datetime
from typing import Any

from libs.asl.size import Known
from tests.libs.asl.factory import NOW


class FixedScope:
    """A scope whose context names execution e1, with two variables, and whose seeds are counted."""

    def __init__(self) -> None:
        self.draws = 0

    @property
    def now(self) -> datetime:
        return NOW

    @property
    def known(self) -> Known:
        return Known(None, 0)

    def variables(self) -> dict[str, Any]:
        return {"person": {"name": "Ada", "names": ["Ada", "Lovelace"]}, "n": 5}

    def context(self) -> dict[str, Any]:
        return {"Execution": {"Id": "e1"}}

    def seed(self) -> str:
        self.draws += 1
        return str(self.draws)
