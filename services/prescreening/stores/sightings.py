"""What applications had in common: the same device, document, account, address, telephone or e-mail, as keyed hashes.

What an application shows is noted before others are looked for, each in a transaction of its own, so that of two at the
same moment one at least sees the other; noting it again changes nothing.
"""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.comparing.addresses import one_line
from libs.comparing.words import Words
from libs.events.models import CheckRequested
from services.prescreening.identity import application_of, plain
from services.prescreening.stores.others import Others

_NOTE = text("""
    INSERT INTO sightings (customer_id, kind, mark, application_id, entity_id, seen_at)
    SELECT :customer, kind, mark, :application, :entity, :now
    FROM unnest(CAST(:kinds AS text[]), CAST(:marks AS text[])) AS given(kind, mark) ORDER BY kind, mark
    ON CONFLICT DO NOTHING""")
_OTHERS = text("""
    SELECT given.kind, count(DISTINCT seen.application_id) AS applications,
           count(DISTINCT seen.entity_id) FILTER (WHERE seen.entity_id <> :entity) AS persons
    FROM unnest(CAST(:kinds AS text[]), CAST(:marks AS text[]), CAST(:since AS timestamptz[]))
        AS given(kind, mark, since)
    JOIN sightings AS seen ON seen.customer_id = :customer AND seen.kind = given.kind AND seen.mark = given.mark
    WHERE seen.application_id <> :application AND seen.seen_at >= given.since
    GROUP BY given.kind""")


class Sightings:
    """What was seen in a database; `key` is that of the hashes."""

    def __init__(self, engine: AsyncEngine, key: str, words: Words) -> None:
        self._engine, self._key, self._words = engine, key.encode(), words

    async def others(self, request: CheckRequested, days: Mapping[str, int], now: datetime) -> dict[str, Others]:
        """Note what an application shows; by kind, who else showed it within so many days. Raises what the database
        raises."""
        given = sorted(set(self._marks(request)))
        kinds, marks = [kind for kind, _ in given], [mark for _, mark in given]
        columns = {
            "customer": request.task.customerId,
            "application": application_of(request).applicationId,
            "entity": request.task.entityId,
            "kinds": kinds,
            "marks": marks,
        }
        async with self._engine.connect() as connection:
            each_alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await each_alone.execute(_NOTE, columns | {"now": now})
            since = [now - timedelta(days=days[kind]) for kind in kinds]
            rows = await each_alone.execute(_OTHERS, columns | {"since": since})
            found = {row.kind: Others(row.applications, row.persons) for row in rows}
        return {kind: found.get(kind, Others(0, 0)) for kind in dict.fromkeys(kinds)}

    def _marks(self, request: CheckRequested) -> Iterator[tuple[str, str]]:
        for kind, value in _shown(request, self._words):
            if value:
                customer = request.task.customerId
                mark = hmac.digest(self._key, "\0".join((customer, kind, value)).encode(), "sha256")
                yield kind, mark.hex()[:32]


def _shown(request: CheckRequested, words: Words) -> Iterator[tuple[str, str]]:
    """What an application shows of itself, each in one spelling."""
    application, person = application_of(request), request.individual
    yield "device", application.deviceId or ""
    for document in person.documents:
        if number := plain(document.primaryIdentifier):
            yield "document", f"{document.country}:{document.type}:{number}"
    for account in application.accounts:
        yield "account", plain(account.iban or account.number)
    for address in person.addresses[:1]:
        yield "address", one_line(address, words)
    for number in person.phoneNumbers:
        yield "phone", "".join(filter(str.isdigit, number))
    for email in person.emailAddresses:
        yield "email", email.strip().casefold()
