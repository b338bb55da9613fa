"""What the person claims, each thing with the id of its finding's object."""

from dataclasses import dataclass

from libs.comparing.dates import Parts, parts
from libs.comparing.text import folded
from libs.events.message import derived_id
from libs.events.models import Address, CheckRequested, Document, Gender, Name
from services.kyc.policy import MatchType

# Of each kind no more are compared, so that nobody's thousand addresses keep the others waiting.
MOST = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """The comparable things of one person: (id, thing), the legal name and the current address first.

    `leftOut`: the kinds of which there are more than are compared.
    """

    names: tuple[tuple[str, Name], ...]
    dob: tuple[str, Parts] | None
    dobUnreadable: bool
    addresses: tuple[tuple[str, Address], ...]
    documents: tuple[tuple[str, Document], ...]
    gender: tuple[str, Gender] | None = None
    leftOut: tuple[MatchType, ...] = ()

    @property
    def given(self) -> frozenset[MatchType]:
        """The kinds of thing that there is something to compare of."""
        return frozenset(kind for kind, ids in self.ids.items() if ids)

    @property
    def ids(self) -> dict[MatchType, list[str]]:
        """The ids of the things, by their kind."""
        return {
            "name": [id for id, _ in self.names],
            "dob": [self.dob[0]] if self.dob else [],
            "address": [id for id, _ in self.addresses],
            "gender": [self.gender[0]] if self.gender else [],
            "document": [id for id, _ in self.documents],
        }


def claim(request: CheckRequested) -> Claim:
    """What the person of a request claims; a name, address or document without content is not given."""
    person, entity = request.individual, request.task.entityId
    dob, gender = person.dateOfBirth, person.gender
    read = parts(dob.normalized) if dob else None
    named = (("name", person.name), *((f"alternateName/{at}", name) for at, name in enumerate(person.alternateNames)))
    addresses = enumerate(person.addresses[:MOST])
    documents = enumerate(person.documents[:MOST])
    counts: dict[MatchType, int] = {
        "name": len(named),
        "address": len(person.addresses),
        "document": len(person.documents),
    }
    return Claim(
        names=tuple(
            (name.nameId or derived_id(entity, at), name) for at, name in named[:MOST] if folded(name.familyName)
        ),
        dob=(dob.dateOfBirthId or derived_id(entity, "dob"), read) if dob and read else None,
        dobUnreadable=dob is not None and read is None,
        addresses=tuple((a.addressId or derived_id(entity, f"address/{at}"), a) for at, a in addresses if _placed(a)),
        documents=tuple(
            (document.documentId or derived_id(entity, f"document/{at}"), document)
            for at, document in documents
            if folded(document.primaryIdentifier or "")
        ),
        gender=(derived_id(entity, "gender"), gender) if gender and gender is not Gender.UNSPECIFIED else None,
        leftOut=tuple(kind for kind, count in counts.items() if count > MOST),
    )


def _placed(address: Address) -> bool:
    return bool(folded(address.streetName or address.unstructuredLongForm or ""))
