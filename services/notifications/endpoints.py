"""Who is told what where: a document of the operator's, never what an event says."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from libs.delivery.addresses import Reachable
from libs.delivery.endpoints import problem

ANY = "*"
FIRST_KEY = "1"


class EndpointsRefused(ValueError):
    """The settings or the document cannot be meant; the message has the place."""


class Endpoint(BaseModel):
    """An outside service; the first that fits a customer and a purpose is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1, description="By which its secret is known, and its places are counted.")]
    url: str
    customer: Annotated[str, Field(description="* for any.")] = ANY
    purpose: Annotated[str, Field(description="* for any.")] = ANY
    keys: Annotated[list[str], Field(min_length=1, description="Each signs; two while a secret is changed.")] = [
        FIRST_KEY
    ]

    def fits(self, customer: str, purpose: str) -> bool:
        """Whether it is told this of a customer's."""
        return self.customer in (ANY, customer) and self.purpose in (ANY, purpose)


class Endpoints(BaseModel):
    """Every outside service, in the order in which they are looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpoints: list[Endpoint]

    @model_validator(mode="after")
    def _names_differ(self) -> "Endpoints":
        names = [one.name for one in self.endpoints]
        if again := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f'two are called "{again}"')
        return self

    def of(self, customer: str, purpose: str) -> Endpoint | None:
        """Who is told; None where nobody is."""
        return next((one for one in self.endpoints if one.fits(customer, purpose)), None)

    def named(self, name: str) -> Endpoint | None:
        """The one of a name."""
        return next((one for one in self.endpoints if one.name == name), None)


def read(file: Path, reachable: Reachable) -> Endpoints:
    """The document in a file; raises EndpointsRefused with the file and the place in it."""
    try:
        return parse(file.read_text(), str(file), reachable)
    except (OSError, UnicodeDecodeError) as error:
        raise EndpointsRefused(f"{file}: {error}") from None


def parse(text: str, source: str, reachable: Reachable) -> Endpoints:
    """The document as YAML or JSON; raises EndpointsRefused with `source` and the place in it."""
    try:
        found = Endpoints.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise EndpointsRefused(f"{source}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise EndpointsRefused(f"{source}: {place}: {first['msg']}") from None
    for number, one in enumerate(found.endpoints):
        if (wrong := problem(one.url, reachable)) is not None:
            raise EndpointsRefused(f"{source}: endpoints.{number}.url: {wrong}")
    return found
