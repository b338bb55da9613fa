"""Keys under which a record is found again although the person writes it a little differently."""

from collections.abc import Iterable, Iterator

from libs.comparing.dates import parts
from libs.comparing.text import folded, phonetic
from libs.events.models import Address, Document, Individual, Name

Key = tuple[str, str, str]


class Keyring:
    """The keys of the person who was last asked for: the sources of one register are asked for them in a row."""

    def __init__(self) -> None:
        self._person: Individual | None = None
        self._keys: frozenset[Key] = frozenset()

    def of(self, person: Individual) -> frozenset[Key]:
        """Every key under which the person might be found."""
        if person is not self._person:
            birth = person.dateOfBirth.normalized if person.dateOfBirth else None
            self._keys = keys([person.name, *person.alternateNames], birth, person.addresses, person.documents)
            self._person = person
        return self._keys


def keys(
    names: Iterable[Name], birth: str | None, addresses: Iterable[Address], documents: Iterable[Document]
) -> frozenset[Key]:
    """How each name sounds with year of birth, birthday and postal code; whole names; document numbers."""
    sides = list(_sides(birth, addresses))
    named = list(names)
    sounding = ((kind, sound, value) for name in named for sound in _sounds(name) for kind, value in sides)
    whole = (("name", "", "".join(sorted(_words(name)))) for name in named)
    numbered = (("document", document.country, _number(document)) for document in documents if _number(document))
    return frozenset((*sounding, *whole, *numbered))


def _sides(birth: str | None, addresses: Iterable[Address]) -> Iterator[tuple[str, str]]:
    date = parts(birth or "") or ()
    if date:
        yield "year", date[0]
    if len(date) == 3:
        yield "birthday", f"{date[1]}-{date[2]}"
    for address in addresses:
        if address.postalCode:
            yield "postal code", folded(address.postalCode).replace(" ", "")
        elif address.unstructuredLongForm:
            # The postal code of an address in one line is one of its numbers.
            yield from (("postal code", word) for word in folded(address.unstructuredLongForm).split() if _coded(word))


def _coded(word: str) -> bool:
    return word.isdigit() and len(word) >= 4


def _sounds(name: Name) -> set[str]:
    """Each word of the family name and of the given name, which may stand in each other's place."""
    return {phonetic(word) for word in f"{folded(name.familyName)} {folded(name.givenName or '')}".split()}


def _words(name: Name) -> list[str]:
    return f"{folded(name.givenName or '')} {folded(name.familyName)}".split()


def _number(document: Document) -> str:
    return folded(document.primaryIdentifier or "").replace(" ", "")
