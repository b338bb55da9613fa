"""What a person is listed by: each thing that tells them apart is an entry of its own."""

from collections.abc import Iterator

from libs.events.models import Individual, MatchlistAttribute
from libs.matchlists.attributes import KINDS


def listed_by(person: Individual) -> list[list[MatchlistAttribute]]:
    """The attributes of each entry: the name with the date of birth, each document, e-mail address and telephone.

    A name alone is none: too many have it.
    """
    found = [
        [one for one in attributes if one.value and KINDS[one.type].normalise(one.value)]
        for attributes in _things(person)
    ]
    return list({_key(one): one for one in found if one}.values())


def _things(person: Individual) -> Iterator[list[MatchlistAttribute]]:
    if person.dateOfBirth:
        # Without middle names: who leaves them out is met, too.
        name = f"{person.name.givenName or ''} {person.name.familyName}".strip()
        yield [_of("IND_DISPLAY_NAME", name), _of("IND_DATE_OF_BIRTH", person.dateOfBirth.normalized)]
    for document in person.documents:
        if document.primaryIdentifier:
            kind = [_of("DOC_TYPE", document.type)] if document.type else []
            yield [_of("DOC_PRIMARY_IDENTIFIER", document.primaryIdentifier), *kind]
    yield from ([_of("EMAIL_ADDRESS", address)] for address in person.emailAddresses)
    yield from ([_of("PHONE_NUMBER", number)] for number in person.phoneNumbers)


def _of(type: str, value: str) -> MatchlistAttribute:
    return MatchlistAttribute(type=type, value=value.strip())


def _key(attributes: list[MatchlistAttribute]) -> tuple[str, ...]:
    return tuple(f"{one.type}={KINDS[one.type].normalise(one.value)}" for one in attributes)
