"""What a loan costs a year, as a table: by purpose, and by how good the score is."""

from collections.abc import Sequence
from decimal import Decimal

from libs.events.models import StepOutcome
from libs.events.record import Record
from services.prescreening.judging.evidence import Source, figure


class Price(Record):
    """A line: from this score on, for these purposes or for every one."""

    rate: Decimal
    fromScore: Decimal = Decimal(0)
    purposes: tuple[str, ...] = ()


class Pricing(Record):
    """The first line that fits; where there is no score, the last one."""

    score: Source
    prices: tuple[Price, ...]

    def annual_rate(self, evidence: Sequence[StepOutcome], purpose: str) -> Decimal:
        """0.08 for 8 % a year."""
        found = figure(evidence, self.score)
        score = found.value if found and isinstance(found.value, Decimal) else None
        for price in self.prices:
            if (not price.purposes or purpose in price.purposes) and score is not None and score >= price.fromScore:
                return price.rate
        return self.prices[-1].rate
