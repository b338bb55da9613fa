"""The personal details as a form has them: what is wrong with each field, and the person that they make."""

import re
from collections.abc import Mapping
from datetime import date

from libs.events.models import Address, DateOfBirth, Document, Individual, Name

# Longest text of a field.
LONGEST = 200
REQUIRED = ("givenName", "familyName", "dateOfBirth", "nationality", "street", "locality", "country")
FIELDS = (*REQUIRED, "middleName", "postalCode", "email", "phone")
COUNTRY = re.compile(r"[A-Z]{3}")
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PHONE = re.compile(r"\+?\d{6,15}")
APART = re.compile(r"[\s().\-/]+")


def tidied(given: Mapping[str, str]) -> dict[str, str]:
    """The known fields of a form, without what cannot be seen at their ends or in them."""
    return {name: " ".join(given[name].replace("\0", "").split())[:LONGEST] for name in FIELDS if name in given}


def problems(details: Mapping[str, str], youngest: int, today: date) -> dict[str, str]:
    """The code of what is wrong, by field, in the order of the form."""
    found = {name: "missing" for name in REQUIRED if not details.get(name)}
    if (born := details.get("dateOfBirth")) and (wrong := _birth(born, youngest, today)):
        found["dateOfBirth"] = wrong
    for name in ("nationality", "country"):
        if details.get(name) and not COUNTRY.fullmatch(details[name]):
            found[name] = "no_country"
    if details.get("email") and not EMAIL.fullmatch(details["email"]):
        found["email"] = "no_email"
    if details.get("phone") and not PHONE.fullmatch(APART.sub("", details["phone"])):
        found["phone"] = "no_phone"
    return {name: found[name] for name in FIELDS if name in found}


def is_complete(details: Mapping[str, str], youngest: int, today: date) -> bool:
    """Whether the form is good as it is."""
    return not problems(details, youngest, today)


def individual(details: Mapping[str, str], consents: list[str], documents: list[Document]) -> Individual:
    """The person of a form that is complete."""
    return Individual(
        name=Name(
            givenName=details["givenName"],
            middleName=details.get("middleName") or None,
            familyName=details["familyName"],
        ),
        dateOfBirth=DateOfBirth(normalized=details["dateOfBirth"]),
        nationality=details["nationality"],
        addresses=[
            Address(
                type="RESIDENTIAL",
                streetName=details["street"],
                locality=details["locality"],
                postalCode=details.get("postalCode") or None,
                country=details["country"],
                unstructuredLongForm=_line(details),
            )
        ],
        emailAddresses=[details["email"]] if details.get("email") else [],
        phoneNumbers=[APART.sub("", details["phone"])] if details.get("phone") else [],
        consents=consents,
        documents=documents,
    )


def _line(details: Mapping[str, str]) -> str:
    place = " ".join(part for part in (details.get("postalCode"), details["locality"]) if part)
    return ", ".join((details["street"], place, details["country"]))


def _birth(text: str, youngest: int, today: date) -> str:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return "no_date"
    if born > today or today.year - born.year > 120:
        return "no_birth"
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return "too_young" if years < youngest else ""
