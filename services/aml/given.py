"""A person as a line of JSON gives one: plain fields, each a text or a list of texts."""

import re
from typing import Any

from rigour.territories import lookup_territory

from libs.events.jsonl import BadLine
from libs.events.models import DateOfBirth, Gender, Individual, Name
from libs.screening.person import Person
from libs.screening.person import person as screened

# What no name is longer than, in characters, and how many of one kind a person may have.
LONGEST, MOST = 1000, 50
DATE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[T ].*)?")
GENDERS = {"male": Gender.MALE, "m": Gender.MALE, "female": Gender.FEMALE, "f": Gender.FEMALE}


class BadPerson(BadLine):
    """A person that is not given as this module reads one; the text names the field."""


def person(fields: Any, place: str) -> tuple[Person, dict[str, Any]]:
    """`{"name", "aliases"?, "dob"?, "country"?, "gender"?, …}` to be screened, and as the facts of a listed person.

    `nationality` counts as a country. Other fields are not looked at. Raises BadPerson.
    """
    if not isinstance(fields, dict):
        raise BadPerson(f"{place}: must be an object")
    names = _texts(fields, "name", place)
    if not any(name.strip() for name in names):
        raise BadPerson(f"{place}.name: is missing")
    aliases = [*names[1:], *_texts(fields, "aliases", place)]
    dates = [date for text in _texts(fields, "dob", place) if (date := _date(text))]
    territories = [
        lookup_territory(text) for field in ("country", "nationality") for text in _texts(fields, field, place)
    ]
    countries = [territory.code for territory in territories if territory is not None]
    gender = next((GENDERS.get(text.casefold()) for text in _texts(fields, "gender", place)), None)
    individual = Individual(
        name=Name(familyName="", displayName=names[0]),
        alternateNames=[Name(familyName="", displayName=alias) for alias in aliases],
        dateOfBirth=DateOfBirth(normalized=dates[0]) if dates else None,
        gender=gender,
        nationality=countries[0] if countries else None,
    )
    facts = {
        "id": place,
        "schema": "Person",
        "name": names[0],
        "aliases": [{"name": alias, "quality": "strong"} for alias in aliases],
        "datesOfBirth": dates,
        "countries": countries,
        "gender": gender.value.lower() if gender else "",
    }
    return screened(individual, place), facts


def _texts(fields: dict[str, Any], field: str, place: str) -> list[str]:
    """The texts of a field; none where it is missing, null or empty."""
    value = fields.get(field)
    given = value if isinstance(value, list) else [] if value is None else [value]
    if len(given) > MOST:
        raise BadPerson(f"{place}.{field}: has more than {MOST} values")
    for text in given:
        if not isinstance(text, str):
            raise BadPerson(f"{place}.{field}: must be a text or a list of texts")
        if len(text) > LONGEST:
            raise BadPerson(f"{place}.{field}: has {len(text)} characters, at most {LONGEST} are taken")
    return [text for text in given if text.strip()]


def _date(text: str) -> str | None:
    """The date in ISO 8601, as exact as given; what is none cannot speak against a match."""
    match = DATE.fullmatch(text.strip())
    return "-".join(part for part in match.groups() if part) if match else None
