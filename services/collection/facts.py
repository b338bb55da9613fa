"""What is true of a collection: the names that the statechart's conditions are made of."""

from collections.abc import Callable

from services.collection.collected import ASKED, COLLECTING, SELF_IMAGE, Collected
from services.collection.details import is_complete
from services.collection.policy import SELFIE, Policy


def facts(one: Collected, policy: Policy) -> frozenset[str]:
    """The names of what is true."""
    return frozenset(name for name, holds in FACTS.items() if holds(one, policy))


def document_slots(one: Collected, policy: Policy) -> list[str]:
    """The pictures that the documents of this round need."""
    return [slot for document in one.chosen for slot in policy.slots(document["type"])]


def slots(one: Collected, policy: Policy) -> list[str]:
    """Every picture that this round needs."""
    return [*document_slots(one, policy), *([SELFIE] if selfie_wanted(one, policy) else [])]


def selfie_wanted(one: Collected, policy: Policy) -> bool:
    """The first round wants a selfie, another one where it was asked for."""
    return one.round == 1 or any(asked["type"] == SELF_IMAGE for asked in one.asked)


def consented(one: Collected, policy: Policy) -> bool:
    """Every consent that the policy asks for was given, in the version that it asks for now or an earlier one."""
    return all(consent.name in one.consents for consent in policy.consents)


def pictures(one: Collected, policy: Policy) -> bool:
    """Each side of each document was photographed well enough."""
    return all(one.taken(slot) for slot in document_slots(one, policy))


def documents_reviewed(one: Collected, policy: Policy) -> bool:
    """The applicant has told each document's number, as read or corrected."""
    return all(document.get("number") for document in one.chosen)


def documents_done(one: Collected, policy: Policy) -> bool:
    """Nothing is left to do about documents; of another round than the first there may be none."""
    chosen = bool(one.chosen) or one.round > 1
    return chosen and pictures(one, policy) and documents_reviewed(one, policy)


def selfie(one: Collected, policy: Policy) -> bool:
    """There is a selfie of this round."""
    return one.taken(SELFIE) is not None


def submittable(one: Collected, policy: Policy) -> bool:
    """Nothing is left to give."""
    given = consented(one, policy) and is_complete(one.details, policy.youngest, one.created_at.date())
    return given and documents_done(one, policy) and (selfie(one, policy) or not selfie_wanted(one, policy))


FACTS: dict[str, Callable[[Collected, Policy], bool]] = {
    "open": lambda one, policy: one.status in (COLLECTING, ASKED),
    "submitted": lambda one, policy: one.status != COLLECTING,
    "first_round": lambda one, policy: one.round == 1,
    "consented": consented,
    "details": lambda one, policy: is_complete(one.details, policy.youngest, one.created_at.date()),
    "selection": lambda one, policy: bool(one.chosen),
    "pictures": pictures,
    "documents_reviewed": documents_reviewed,
    "documents_done": documents_done,
    "selfie_wanted": selfie_wanted,
    "selfie": selfie,
    "submittable": submittable,
}
