"""A person as a line of labelled pairs gives one: plain fields, each a text or a list of texts."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from libs.events.jsonl import BadLine
from libs.events.models import Address, DateOfBirth, Document, Individual, Name
from services.duplicates.traits import Traits, traits_of

FIELDS = ("name", "dob", "address", "city", "document", "email", "phone")
DATE = re.compile(r"(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?")
# What no name, address or number is longer than, in characters, and how many of one kind a person may have.
LONGEST, MOST = 1000, 20


class BadPerson(BadLine):
    """A person that is not given as this module reads one; the text names the field."""


class Given(NamedTuple):
    """A person's traits, and the fields of theirs that were not compared, each with the reason."""

    traits: Traits
    ignored: dict[str, str]


def person(fields: Any, place: str) -> Given:
    """`{"name", "dob"?, "address"?, "city"?, "document"?, "email"?, "phone"?}` as traits; raises BadPerson."""
    if not isinstance(fields, dict):
        raise BadPerson(f"{place}: must be an object")
    texts = {field: _texts(fields.get(field), f"{place}.{field}") for field in FIELDS}
    dobs = [date for text in texts["dob"] if (date := _date(text))]
    ignored = {field: "not compared" for field in fields if field not in FIELDS}
    if texts["dob"] and not dobs:
        ignored["dob"] = "unreadable"
    return Given(traits_of(_individual(texts, dobs)), ignored)


def _individual(texts: Mapping[str, list[str]], dobs: list[str]) -> Individual:
    names = [Name(familyName=text) for text in texts["name"]] or [Name(familyName="")]
    lines = [Address(country="", unstructuredLongForm=line) for line in texts["address"]]
    towns = [Address(country="", locality=town) for town in texts["city"]]
    return Individual(
        name=names[0],
        alternateNames=names[1:],
        dateOfBirth=DateOfBirth(normalized=dobs[0]) if dobs else None,
        addresses=lines + towns,
        documents=[Document(type="", country="", primaryIdentifier=number) for number in texts["document"]],
        emailAddresses=texts["email"],
        phoneNumbers=texts["phone"],
    )


def _texts(value: Any, place: str) -> list[str]:
    """The texts of a field; none where it is missing, null or empty."""
    given = value if isinstance(value, list) else [] if value is None else [value]
    if len(given) > MOST:
        raise BadPerson(f"{place}: has more than {MOST} values")
    for text in given:
        if not isinstance(text, str):
            raise BadPerson(f"{place}: must be a text or a list of texts, not {_kind(text)}")
        if len(text) > LONGEST:
            raise BadPerson(f"{place}: is longer than {LONGEST} characters")
    return [text for text in given if text.strip()]


def _kind(value: Any) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", dict: "an object", list: "a list"}
    return kinds.get(type(value), "null")


def _date(text: str) -> str:
    """YYYY-MM-DD, YYYY-MM or YYYY, with or without the hyphens; empty where it is neither."""
    found = DATE.fullmatch(text.strip())
    return "-".join(filter(None, found.groups())) if found else ""
