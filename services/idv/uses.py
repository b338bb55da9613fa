"""Who has used which document: another person with the same number is a sign of fraud.

A use is noted before others are looked for, each in a transaction of its own, so that of two at the same moment one at
least sees the other; noting it again changes nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.documents.transliteration import transliterated
from libs.events.models import CheckRequested, Document, Individual

_GIVEN = """unnest(CAST(:customers AS text[]), CAST(:documents AS text[]), CAST(:entities AS text[]),
                CAST(:persons AS text[]))"""
_NOTE = text(f"""
    INSERT INTO document_uses (customer_id, document, entity_id, person)
    SELECT * FROM {_GIVEN}
    ON CONFLICT (customer_id, document, entity_id) DO UPDATE SET person = excluded.person
    WHERE document_uses.person <> excluded.person""")
_OF_OTHERS = text(f"""
    SELECT DISTINCT customer, given.document, entity
    FROM {_GIVEN} AS given(customer, document, entity, person)
    JOIN document_uses AS used ON used.customer_id = customer AND used.document = given.document
    WHERE used.entity_id <> entity AND used.person <> given.person""")


class Use(NamedTuple):
    """A person, as an entity of a customer, has shown a document."""

    customer: str
    document: str
    entity: str
    person: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one row of."""
        return self[:3]


@dataclass(slots=True, eq=False)
class _Asked:
    uses: Sequence[Use]
    of_others: "asyncio.Future[set[tuple[str, str, str]]]"


class Uses:
    """The uses in a database; those that are asked about while it is busy go there together."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._asked: list[_Asked] = []
        self._asking: asyncio.Task[None] | None = None

    async def by_others(self, request: CheckRequested) -> frozenset[int]:
        """Note the documents of a person; the places of those that another person of the customer has used.

        Raises what the database raises.
        """
        uses = _uses(request)
        if not uses:
            return frozenset()
        asked = _Asked(list(uses.values()), asyncio.get_running_loop().create_future())
        self._asked.append(asked)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        found = await asked.of_others
        return frozenset(place for place, use in uses.items() if use.key in found)

    async def _ask(self) -> None:
        while self._asked:
            together, self._asked = self._asked, []
            try:
                found = await self._found({use.key: use for one in together for use in one.uses})
            except Exception as error:
                for one in together:
                    if not one.of_others.done():
                        one.of_others.set_exception(error)
            else:
                for one in together:
                    if not one.of_others.done():  # it is, where nobody waits for it any more
                        one.of_others.set_result(found)

    async def _found(self, uses: dict[tuple[str, str, str], Use]) -> set[tuple[str, str, str]]:
        """In the order of the rows, so that two instances never wait for each other."""
        columns = zip(*(uses[key] for key in sorted(uses)), strict=True)
        given = dict(zip(("customers", "documents", "entities", "persons"), map(list, columns), strict=True))
        async with self.engine.connect() as connection:
            each_alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await each_alone.execute(_NOTE, given)
            return {(row[0], row[1], row[2]) for row in await each_alone.execute(_OF_OTHERS, given)}


def _uses(request: CheckRequested) -> dict[int, Use]:
    """By the place of the document; one without a number is none."""
    customer, entity = request.task.customerId, request.task.entityId
    marks = {place: _document(customer, document) for place, document in enumerate(request.individual.documents)}
    if not any(marks.values()):
        return {}
    person = _person(customer, request.individual)
    return {place: Use(customer, mark, entity, person) for place, mark in marks.items() if mark}


def _document(customer: str, document: Document) -> str:
    number = "".join(letter for letter in (document.primaryIdentifier or "").upper() if letter.isalnum())
    return _hashed(customer, document.type, document.country, number) if number else ""


def _person(customer: str, person: Individual) -> str:
    given = transliterated(person.name.givenName or "").split()[:1]
    birth = person.dateOfBirth.normalized if person.dateOfBirth else ""
    return _hashed(customer, transliterated(person.name.familyName or "").replace(" ", ""), *given, birth)


def _hashed(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
