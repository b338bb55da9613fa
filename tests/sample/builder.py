"""The sample in the making: whoever is taken from the register is taken once."""

from collections.abc import Sequence
from random import Random

from libs.embedded.sample.people import CUSTOMER, Expected, SamplePerson
from libs.events.models import (
    ExecutionStatus,
    Individual,
    MatchlistAction,
    MatchlistAttribute,
    MatchlistEntryPublished,
    StepResultCode,
)
from tests.sample.changes import Fits, whole
from tests.sample.register import Citizen
from tests.sample.watchlist import Watchlist, other_year


class Builder:
    """The people and the entries of lists so far."""

    def __init__(self, citizens: Sequence[Citizen], watchlist: Watchlist, draw: Random) -> None:
        self.people: list[SamplePerson] = []
        self.entries: list[MatchlistEntryPublished] = []
        self.watchlist = watchlist
        self._left = draw.sample(list(citizens), len(citizens))

    def add(
        self, who: Citizen | str, group: str, note: str, person: Individual, status: ExecutionStatus, *,
        after: str | None = None, missed: bool = False, **steps: StepResultCode,
    ) -> str:  # fmt: skip
        """Someone with what is expected of them; returns their id."""
        # The same person has the same id in every sample: else the next one would be taken for a duplicate.
        entity_id = who if isinstance(who, str) else f"citizen-{who.number}"
        self.people.append(
            SamplePerson(
                entityId=entity_id, group=group, note=note, individual=person, after=after, knownMiss=missed,
                expected=Expected(status=status, steps=steps),
            )
        )  # fmt: skip
        return entity_id

    def take(self, *fits: Fits) -> Citizen:
        """The next citizen who fits and whom the sanctions list has nobody like."""
        found = next(one for one in self._left if all(fit(one) for fit in fits) and self._unlisted(one))
        self._left.remove(found)
        return found

    def take_every(self, *fits: Fits) -> list[Citizen]:
        """All those who fit, by their number."""
        found = [one for one in self._left if all(fit(one) for fit in fits) and self._unlisted(one)]
        for one in found:
            self._left.remove(one)
        return sorted(found, key=lambda one: one.number)

    def _unlisted(self, citizen: Citizen) -> bool:
        return all(other_year(entry, citizen.born or "0001") for entry in self.watchlist.near(whole(citizen)))

    def entry(self, name: str, action: MatchlistAction, *, valid_to: str | None = None, **attributes: str) -> None:
        """An entry of the list of this name."""
        number = 1 + sum(entry.matchlistId == name for entry in self.entries)
        self.entries.append(
            MatchlistEntryPublished(
                customerId=CUSTOMER, matchlistId=name, name=name.capitalize(), action=action,
                entryId=f"{name}-{number:02}",
                attributes=[MatchlistAttribute(type=kind, value=value) for kind, value in attributes.items()],
                validTo=valid_to,
            )
        )  # fmt: skip
