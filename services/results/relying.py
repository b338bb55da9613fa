"""What each finding relied on of the person: where that has changed since, the finding is stale."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

NAMES = ("name", "alternateNames")
# What no finding relies on: how the parts of a person are called, and what others call the person.
ASIDE = frozenset({"nameId", "dateOfBirthId", "addressId", "documentId", "attachmentId", "externalReferences"})

# The parts of a person by the class of the finding; of a class that is not named here, the whole person.
BY_CLASS: Mapping[str, Sequence[str]] = {
    "KYC": NAMES,
    "ID": (*NAMES, "dateOfBirth"),
    "IDV": (*NAMES, "dateOfBirth"),
    "AML": (*NAMES, "dateOfBirth", "gender", "nationality", "countryOfBirth"),
}
# The list that holds the object of a finding, and what its ids are called there.
OBJECTS: Mapping[str, tuple[str, str]] = {
    "ADDRESS": ("addresses", "addressId"),
    "DOCUMENT": ("documents", "documentId"),
}
SINGLE: Mapping[str, str] = {"DATE_OF_BIRTH": "dateOfBirth", "GENDER": "gender"}


def relied_on(process_class: str, object_type: str, object_id: str | None, person: Json) -> Json:
    """The values of a person that a finding of this class relied on, and of the object that it is about."""
    if process_class not in BY_CLASS:
        return {name: said(value) for name, value in person.items() if name not in ASIDE}
    parts = {part: person.get(part) for part in BY_CLASS[process_class]}
    if object_type in SINGLE:
        parts["object"] = person.get(SINGLE[object_type])
    elif object_type in OBJECTS:
        part, name = OBJECTS[object_type]
        known = person.get(part) or []
        parts["object"] = next((one for one in known if object_id and one.get(name) == object_id), known)
    return {name: said(value) for name, value in parts.items()}


def said(value: Any) -> Any:
    """A person, or a part of one, without what nothing relies on."""
    if isinstance(value, list):
        return [said(one) for one in value]
    if isinstance(value, dict):
        return {name: said(one) for name, one in value.items() if name not in ASIDE}
    return value
