"""How long the records of a deleted person are kept, by country: `data/retention.yaml`."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

TABLE = Path(__file__).parent / "data" / "retention.yaml"
Years = Annotated[int, Field(ge=0, le=100)]


class Duty(BaseModel):
    """A country's law."""

    model_config = ConfigDict(extra="forbid")

    years: Years
    source: str


class Table(BaseModel):
    """Years by country (ISO 3166-1 alpha-3), and of all others."""

    model_config = ConfigDict(extra="forbid")

    default: Years
    countries: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Duty]


@cache
def table(path: Path = TABLE) -> Table:
    """The table, read once; raises ValueError with the place of what is wrong."""
    return Table.model_validate(yaml.safe_load(path.read_text()))


def kept_until(person: Mapping[str, Any], deleted: date) -> date:
    """The last day of the records of a person (contract: Individual) who is deleted on a day."""
    duty = table().countries.get(_country(person))
    year = deleted.year + (duty.years if duty else table().default)
    leap_day = (deleted.month, deleted.day) == (2, 29)
    return date(year, 3, 1) if leap_day else deleted.replace(year=year)


def _country(person: Mapping[str, Any]) -> str:
    addresses = person.get("addresses", [])
    current = [one for one in addresses if one.get("status", "CURRENT") == "CURRENT"]
    homes = [one for one in current if one.get("type") == "RESIDENTIAL"]
    return str(next((one["country"] for one in homes or current), person.get("nationality", "")))
