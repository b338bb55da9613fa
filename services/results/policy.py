"""The policy of amendments: when a comment is needed, which documents will do, and what is judged again."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from services.results.person import DocumentType

SHIPPED = Path(__file__).parent / "policies" / "amendments.yaml"

Operation = Literal[
    "overrideWorkflowExecutionResult", "manualKYC", "manualKYCinvalidation", "updateAML", "updateIDV", "updateMatches",
    "updateDuplicate", "updateFraud", "updateIndividualRiskLevel",
]  # fmt: skip
Category = Literal["primaryPhotographic", "primaryNonPhotographic", "secondary"]
Categories: TypeAlias = dict[Category, list[DocumentType]]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class InvalidPolicy(ValueError):
    """A policy that cannot be used; the text has the place of each problem."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Combination(_Part):
    """Documents that will do together: how many of each category."""

    name: Annotated[str, Field(min_length=1)]
    documents: Annotated[dict[Category, Annotated[int, Field(ge=1)]], Field(min_length=1)]


class ManualKycPolicy(_Part):
    """What documents count as, by country, and which of them will do."""

    combinations: Annotated[list[Combination], Field(min_length=1)]
    default: Categories
    countries: dict[Country, Categories]

    @model_validator(mode="after")
    def _one_category_each(self) -> Self:
        for country in ("", *self.countries):
            types = [one for types in self.of(country).values() for one in types]
            twice = sorted({one for one in types if types.count(one) > 1})
            if twice:
                raise ValueError(f"{country or 'default'}: {twice[0]} is in two categories")
        return self

    def of(self, country: str) -> Categories:
        """The categories of a country's documents."""
        return self.default | self.countries.get(country, {})


class Reevaluation(_Part):
    """Whose risk and decision are judged again, by which workflow of the same service."""

    serviceName: str
    workflowName: str
    by: str


class AmendmentPolicy(_Part):
    """The whole document."""

    version: str
    comments: frozenset[Operation]
    manualKyc: ManualKycPolicy
    reevaluations: list[Reevaluation]

    def reevaluated_by(self, service_name: str | None, workflow_name: str | None) -> str | None:
        """The workflow by which executions of another are judged again; None where they are not."""
        named = (service_name, workflow_name)
        return next((one.by for one in self.reevaluations if (one.serviceName, one.workflowName) == named), None)


def parse(document: Any) -> AmendmentPolicy:
    """The policy in a document; raises InvalidPolicy."""
    try:
        return AmendmentPolicy.model_validate(document)
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise InvalidPolicy("\n".join(lines)) from None


def load(path: Path | None = None) -> AmendmentPolicy:
    """The policy of a file, or the shipped one; raises InvalidPolicy."""
    return parse(yaml.safe_load((path or SHIPPED).read_text()))
