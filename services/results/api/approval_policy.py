"""What takes a second person: the rules of a document."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from libs.events.models import ExecutionStatus
from services.results.api.kinds import KINDS, OVERRIDE

SHIPPED = Path(__file__).with_name("approvals.yaml")

STATUSES = {name: kind.statuses for name, kind in KINDS.items()} | {OVERRIDE: [one.value for one in ExecutionStatus]}


class PolicyError(Exception):
    """The document cannot be used; names the places."""


class Rule(BaseModel):
    """What is said of which findings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    kinds: Annotated[list[str], Field(min_length=1)]
    statuses: Annotated[list[str], Field(min_length=1)]
    having: Literal["sanctionData", "pepData", "watchlistData", "mediaData"] | None = None

    @model_validator(mode="after")
    def _can_fit(self) -> Self:
        for kind in self.kinds:
            known = STATUSES.get(kind)
            if known is None:
                raise ValueError(f"kinds: {kind} is none of {', '.join(STATUSES)}")
            if not set(self.statuses) & set(known):
                raise ValueError(f"statuses: {kind} takes none of these; it takes {', '.join(known)}")
        if unknown := set(self.statuses) - {status for kind in self.kinds for status in STATUSES[kind]}:
            raise ValueError(f"statuses: {', '.join(sorted(unknown))} is said by none of {', '.join(self.kinds)}")
        return self

    def fits(self, kind: str, status: str, findings: Iterable[Mapping[str, Any]]) -> bool:
        """`findings`: the documents of the process results."""
        if kind not in self.kinds or status not in self.statuses:
            return False
        return self.having is None or any(self.having in (one.get("supplementaryData") or {}) for one in findings)


class ApprovalPolicy(BaseModel):
    """The rules, in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: list[Rule]

    def rule(self, kind: str, status: str, findings: Iterable[Mapping[str, Any]] = ()) -> Rule | None:
        """The first rule that asks for a second person; None where none does."""
        told = list(findings)
        return next((rule for rule in self.rules if rule.fits(kind, status, told)), None)


def read(file: Path = SHIPPED) -> ApprovalPolicy:
    """The policy of a document; raises PolicyError."""
    try:
        return ApprovalPolicy.model_validate(yaml.safe_load(file.read_text()))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_url=False)]
        raise PolicyError(f"{file}: {'; '.join(places)}") from None
    except (OSError, yaml.YAMLError) as error:
        raise PolicyError(f"{file}: {error}") from None
