"""A person as monitoring knows them: what they are watched for, and their data for as long as they are."""

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

Person: TypeAlias = tuple[str, str]
"""Customer and entity."""


class Subscription(NamedTuple):
    """Whether a person is watched for a type, and the number of the request that said so."""

    enabled: bool
    sequence: int


NEVER = Subscription(enabled=False, sequence=0)


@dataclass(slots=True)
class Watched:
    """`entity_version` is None while the person's data is not kept; `individual` is what is to be kept from now on."""

    person: Person
    entity_version: int | None = None
    individual: str | None = None
    subscriptions: dict[str, Subscription] = field(default_factory=dict)

    @property
    def enabled(self) -> bool:
        """The person is watched for something."""
        return any(one.enabled for one in self.subscriptions.values())

    def take(self, version: int, individual: str) -> None:
        """Keep the person's data; an older version never overwrites a newer one."""
        if version >= (self.entity_version or 0):
            self.entity_version, self.individual = version, individual

    def forget(self) -> None:
        """Keep the person's data no more."""
        self.entity_version = self.individual = None
