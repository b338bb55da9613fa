"""A decision table: for each figure what it has to be, what a person should look at, and the code of the reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import Field

from libs.events.models import Measure, StepResultCode
from libs.events.record import Record
from services.prescreening.judging.bound import Bound, Value
from services.prescreening.judging.reasons import Reasons
from services.prescreening.rules import FAIL, GRAVEST_FIRST, MISSING_DATA, PARTIAL, PASS, UNCHECKED, Judged

Word = Literal["PASS", "REVIEW", "UNCHECKED", "MISSING_DATA", "FAIL"]
RESULTS: Mapping[Word, StepResultCode] = {
    "PASS": PASS,
    "REVIEW": PARTIAL,
    "UNCHECKED": UNCHECKED,
    "MISSING_DATA": MISSING_DATA,
    "FAIL": FAIL,
}


class Figure(NamedTuple):
    """A number or word that a check found, and its unit; without a value it could not be had."""

    value: Value | None
    unit: str


Figures = Mapping[str, Figure]


class Row(Record):
    """One line: where the facts are these, the figure has to be within `pass`, or is looked at within `review`.

    `missing`: what it comes to where the figure could not be had; a row whose figure was not asked for says nothing.
    """

    figure: str
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    passes: Annotated[Bound, Field(alias="pass")]
    review: Bound | None = None
    otherwise: Word = "FAIL"
    missing: Word = "UNCHECKED"
    code: str

    def concerns(self, facts: Mapping[str, str]) -> bool:
        """Whether the row is about such an applicant."""
        return all(facts.get(name) in words for name, words in self.where.items())

    def result(self, value: Value | None) -> StepResultCode:
        """What the figure comes to."""
        if value is None:
            return RESULTS[self.missing]
        if self.passes.holds(value):
            return PASS
        return PARTIAL if self.review is not None and self.review.holds(value) else RESULTS[self.otherwise]


class Table(Record):
    """The rows of a check; the policy of one that asks for more has it besides."""

    version: str
    rows: tuple[Row, ...]


T = TypeVar("T", bound=Table)


@dataclass(frozen=True, slots=True)
class Judging(Generic[T]):
    """A check's policy with the reasons that it names."""

    table: T
    reasons: Reasons

    def judge(self, about: str, figures: Figures, facts: Mapping[str, str] | None = None) -> list[Judged]:
        """Each row that is about one of the figures, what weighs most first; all that pass are one."""
        rows = [row for row in self.table.rows if row.figure in figures and row.concerns(facts or {})]
        against = [self._judged(row, figures[row.figure]) for row in rows if not _passes(row, figures)]
        against.sort(key=lambda one: (GRAVEST_FIRST.index(one.result), -self.reasons.weight(one.code)))
        passing = [_measure(row, figures[row.figure], PASS) for row in rows if _passes(row, figures)]
        told = [_told(name, figure) for name, figure in figures.items() if name not in {row.figure for row in rows}]
        if passing or told or not rows:
            message = f"{len(passing)} of {len(rows)} figures are as the policy wants them"
            against.append(
                Judged(PASS if passing else UNCHECKED, f"{about}_FIGURES", message, about, (*passing, *told))
            )
        return against

    def because(self, code: str, about: str, result: StepResultCode, figure: Figure, would_pass: str) -> Judged:
        """Something that no row is about."""
        value = written(figure.value)
        message, told = self.reasons.words(code, value, figure.unit, would_pass)
        measured = Measure(
            name=about.lower(), value=value, unit=figure.unit, wouldPass=would_pass, passed=result is PASS
        )
        return Judged(result, code, message, about, (measured,), told=told)

    def _judged(self, row: Row, figure: Figure) -> Judged:
        result = row.result(figure.value)
        message, told = self.reasons.words(row.code, written(figure.value), figure.unit, row.passes.told())
        about = row.figure.partition(".")[0].upper()
        return Judged(result, row.code, message, about, (_measure(row, figure, result),), told=told)


def read(document: Mapping[str, Any], of: type[T], reasons: Reasons) -> Judging[T]:
    """The policy in a document; raises ValueError with the path to what is wrong in it."""
    table = of.model_validate({**document, "version": str(document.get("version", ""))})
    for number, row in enumerate(table.rows):
        if row.code not in reasons:
            raise ValueError(f'rows.{number}.code: "{row.code}" is no code of the reasons')
    return Judging(table, reasons)


def written(value: Value | None) -> str | None:
    """A value as evidence: a number has no exponent."""
    return value if value is None or isinstance(value, str) else f"{value:f}"


def measures(figures: Figures, names: Iterable[str]) -> list[Measure]:
    """Some of the figures, for later steps."""
    return [_told(name, figures[name]) for name in names if name in figures]


def _passes(row: Row, figures: Figures) -> bool:
    return row.result(figures[row.figure].value) is PASS


def _told(name: str, figure: Figure) -> Measure:
    return Measure(name=name, value=written(figure.value), unit=figure.unit)


def _measure(row: Row, figure: Figure, result: StepResultCode) -> Measure:
    return Measure(
        name=row.figure,
        value=written(figure.value),
        unit=figure.unit,
        wouldPass=row.passes.told(),
        passed=result is PASS,
    )
