"""What a form of each state does to a collection: fields are kept as entered, and what is wrong with them is told."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from services.collection import details
from services.collection.collected import Collected
from services.collection.facts import facts, slots
from services.collection.policy import Policy

# Of a document's fields.
LONGEST = 40


class Form(Protocol):
    """A form as it was sent: one field may have several values."""

    def get(self, name: str, otherwise: str = "") -> str: ...
    def getlist(self, name: str) -> Sequence[str]: ...


Problems = dict[str, str]


def enter(state: str, one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    """Take in a form; what is wrong, by field, as codes."""
    return ENTRIES[state](one, form, policy, today) if state in ENTRIES else {}


def _consents(one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    one.consents = [consent.name for consent in policy.consents if form.get(f"consent-{consent.name}")]
    return {f"consent-{consent.name}": "consent" for consent in policy.consents if consent.name not in one.consents}


def _details(one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    given: Mapping[str, str] = {name: form.get(name) for name in details.FIELDS if form.get(name, "\0") != "\0"}
    one.details = {**one.details, **details.tidied(given)}
    return details.problems(one.details, policy.youngest, today)


def _selection(one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    chosen = [type for type in policy.documents if type in form.getlist("document")]
    before = {document["type"]: document for document in one.chosen}
    kept = [document for document in one.documents if document["round"] != one.round]
    problems: Problems = {} if chosen else {"document": "documents"}
    for type in chosen:
        country = form.get(f"country-{type}") or one.details.get("nationality", "")
        if not details.COUNTRY.fullmatch(country):
            problems[f"country-{type}"], country = "no_country", ""
        kept.append({**before.get(type, {}), "type": type, "country": country, "round": one.round})
    one.documents = kept
    return problems


def _review(one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    problems: Problems = {}
    for document in one.chosen:
        for name in ("number", "expiryDate"):
            field = f"{document['type']}-{name}"
            given = " ".join(form.get(field, document.get(name, "")).replace("\0", "").split())
            document[name] = given[:LONGEST]
        if not document["number"]:
            problems[f"{document['type']}-number"] = "missing"
        if document["expiryDate"] and (wrong := _expiry(document["expiryDate"], today)):
            problems[f"{document['type']}-expiryDate"] = wrong
    return problems


def _pictures(one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    known = facts(one, policy)
    if "pictures" in known:
        return {}
    return {slot: "missing" for slot in slots(one, policy) if slot != "selfie" and not one.taken(slot)}


def _selfie(one: Collected, form: Form, policy: Policy, today: date) -> Problems:
    return {} if one.taken("selfie") else {"selfie": "missing"}


def _expiry(text: str, today: date) -> str:
    try:
        return "expired" if date.fromisoformat(text) < today else ""
    except ValueError:
        return "no_date"


ENTRIES: dict[str, Callable[[Collected, Form, Policy, date], Problems]] = {
    "welcome": _consents,
    "personal_details": _details,
    "document_selection": _selection,
    "document_photo": _pictures,
    "document_review": _review,
    "selfie": _selfie,
}
