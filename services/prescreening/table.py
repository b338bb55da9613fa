"""A decision table: a row asks one figure for a limit, and says what it means to miss it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from libs.events.models import Measure, StepResultCode
from services.prescreening.rules import PASS, Judged, at_least, at_most, measure

PERSON, COMPANY = "PERSON", "COMPANY"
PLACES = Decimal("0.01")
Figures = Mapping[str, Decimal | int | None]


class Row(BaseModel):
    """One row. `why` says what the figure is, in words that an applicant may be told.

    `absent`: what it means that the figure could not be had; without it the row is then left out.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    figure: str
    unit: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    otherwise: StepResultCode
    code: str
    why: str
    absent: StepResultCode | None = None
    about: str = "ACCOUNT"
    applicants: Annotated[tuple[Literal["PERSON", "COMPANY"], ...], Field(min_length=1)] = (PERSON, COMPANY)

    @model_validator(mode="after")
    def _one_limit(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("a row has either at_least or at_most")
        return self

    def judged(self, value: Decimal | int | None) -> Judged | None:
        """What comes of a value; None where nothing does."""
        if value is None:
            return None if self.absent is None else self._told(self.absent, self._absent())
        if isinstance(value, Decimal):
            value = value.quantize(PLACES)
        if self.at_least is not None:
            figure = at_least(self.figure, value, self.at_least, self.unit)
        else:
            figure = at_most(self.figure, value, self.at_most or Decimal(0), self.unit)
        return self._told(PASS if figure.passed else self.otherwise, figure)

    def _absent(self) -> Measure:
        limit = f"at least {self.at_least}" if self.at_least is not None else f"at most {self.at_most}"
        return measure(self.figure, None, self.unit, limit, passed=False)

    def _told(self, result: StepResultCode, figure: Measure) -> Judged:
        code = self.figure.upper().replace(".", "_") if result is PASS else self.code
        value = "not known" if figure.value is None else f"{figure.value} {self.unit}"
        return Judged(result, code, f"{self.why}: {value}; {figure.wouldPass} passes", self.about, (figure,))


def rows(document: Any) -> Sequence[Row]:
    """The rows of a policy; raises pydantic's ValidationError with the place of each problem."""
    return TypeAdapter(tuple[Row, ...]).validate_python(document)


def judge(table: Sequence[Row], figures: Figures, applicant: str) -> list[Judged]:
    """What comes of every row that is about such an applicant; raises KeyError for a figure that is none."""
    found = (row.judged(figures[row.figure]) for row in table if applicant in row.applicants)
    return [one for one in found if one is not None]
