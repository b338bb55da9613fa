"""Documents that every check goes by, read from their files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from services.prescreening.judging import reasons, table
from services.prescreening.judging.reasons import Reasons
from services.prescreening.judging.table import Judging, Table

DATA = Path(__file__).parents[1] / "data"

T = TypeVar("T", bound=Table)


def known_reasons(folder: Path = DATA) -> Reasons:
    """The reasons of every `reasons*.csv` of a folder; raises ValueError with file and line of what is wrong."""
    found = Reasons({})
    for path in sorted(folder.glob("reasons*.csv")):
        try:
            found = found.with_those(reasons.read(path.read_text(encoding="utf-8").splitlines()))
        except ValueError as error:
            raise ValueError(f"{path.name}: {error}") from error
    return found


def reader(of: type[T]) -> Callable[[Mapping[str, Any]], Judging[T]]:
    """Reads the policy of a check."""
    return lambda document: table.read(document, of, known_reasons())
