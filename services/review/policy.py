"""How cases are handled, as a policy has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from libs.events.models import ReferenceVersion

VERSION_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Waiting:
    """Until when somebody is waited for, and what comes of it if nothing is heard."""

    remind_after: timedelta
    due_after: timedelta
    outcome: str


@dataclass(frozen=True, slots=True)
class SecondPerson:
    """When a decision waits for another reviewer."""

    risk_levels: frozenset[str]
    accepted_hits: bool

    def is_asked(self, risk: str | None, accepted_hit: bool) -> bool:
        """Whether a decision at this level of risk, and with a hit that was accepted as true, waits."""
        return risk in self.risk_levels or (accepted_hit and self.accepted_hits)


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy, named as its file; its version is the hash of the document."""

    name: str
    sha256: str
    reviewer: Waiting
    applicant: Waiting
    open_hits_refuse: bool
    approve: SecondPerson
    reject: SecondPerson
    reject_reasons: Mapping[str, str]
    resubmit_reasons: Mapping[str, str]

    @property
    def version(self) -> str:
        """Name and version, as decisions tell it."""
        return f"review/{self.name}@{self.sha256[:VERSION_DIGITS]}"

    @property
    def reference(self) -> ReferenceVersion:
        """What answers say that they rest on."""
        return ReferenceVersion(id=f"review/{self.name}", version=self.sha256[:VERSION_DIGITS], sha256=self.sha256)
