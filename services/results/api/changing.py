"""A person changed through the API: what is asked for becomes an event, and the answer waits for what came of it."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import orjson
from fastapi import Response
from pydantic import ValidationError

from libs.events.message import Event
from libs.events.models import EntityChanged
from services.results import individuals, merging, views
from services.results.api import attachments, models, queries, results
from services.results.api.attachments import at_level
from services.results.api.caller import Caller
from services.results.api.parts import Parts
from services.results.api.problems import Problem, answer, conflict, not_found, unfit
from services.results.api.results import Person
from services.results.fold import DELETED, UPDATED
from services.results.merging import Place
from services.results.person import IndividualJson
from services.results.service import Results

Json: TypeAlias = dict[str, Any]
# A record of Kafka's is 1 MB at most, and a person stands in it twice.
LARGEST = 300_000
# What the service says of a person, whatever is sent.
OWN = {"entityId", "entityType", "createdAt", "schemaVersion"}
LATER: dict[int | str, dict[str, Any]] = {
    202: {"model": models.ChangeAccepted, "description": "Published; not yet applied."}
}


class Sent(NamedTuple):
    """Where in the body a change of the person stands; so many steps of a place in the change are not in the body."""

    root: Place
    skipped: int = 0

    def place(self, place: Place) -> Place:
        """Where in the body that stands which is at a place of the change."""
        return (*self.root, *place[self.skipped :])


INDIVIDUAL = Sent(("individual",))


async def known(parts: Parts, caller: Caller, entity_id: str) -> Person:
    """The person as they are now; raises Problem where there is none."""
    async with parts.engine.connect() as reading:
        found = await results.person(reading, caller.customer_id, entity_id)
    if found is None:
        raise not_found("individual", "path.entityId")
    return found


async def created(parts: Parts, caller: Caller, individual: IndividualJson) -> Person:
    """A person who is to be created, their files kept; raises Problem where there is one of their id."""
    entity_id = individual.entityId or caller.new_id("entity")
    if individual.entityId:
        async with parts.engine.connect() as reading:
            again = await queries.individual_change(reading, caller.customer_id, entity_id, _change_id(caller))
            if not again and await queries.individual(reading, caller.customer_id, entity_id):
                raise conflict("there is a person with this id already", "individual.entityId")
            if await queries.deleted(reading, caller.customer_id, entity_id):
                raise conflict("a person with this id was deleted", "individual.entityId")
    given = individual.model_dump(mode="json", exclude_none=True, exclude_unset=True)
    return await changed(parts, Person(entity_id, 0, {}), given)


async def changed(parts: Parts, before: Person, change: Mapping[str, Any], sent: Sent = INDIVIDUAL) -> Person:
    """The person after a change of some parts, their files kept; raises Problem with the place in the change."""
    if change.get("entityId") not in (None, before.entity_id):
        raise _unfit(sent.place(("entityId",)), "is another one's than the path's")
    # Looking into files of megabytes keeps nobody else waiting.
    given, files = await asyncio.to_thread(attachments.taken, dict(change), before.told, sent.place)
    try:
        after = merging.merged(before.told, given)
    except merging.Unfit as problem:
        raise _unfit(sent.place(problem.place), str(problem)) from None
    person = validated(after, given, sent)
    _plausible(person, parts.clock().date(), sent)
    told = await _told(parts, before, person, sent)
    await attachments.keep(parts.blobs, files)
    return before._replace(told=told)


def validated(after: Json, given: Any, sent: Sent) -> IndividualJson:
    """A person of the contract's form; raises Problem with the places in what was given."""
    try:
        return IndividualJson.model_validate(after)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise unfit([{**one, "loc": sent.place(merging.origin(given, after, one["loc"]))} for one in found]) from None


async def _told(parts: Parts, before: Person, person: IndividualJson, sent: Sent) -> Json:
    """What is kept of a person: each part with its id, each document with its times."""
    told = merging.without_empty(person.model_dump(mode="json", exclude_none=True, exclude=OWN))
    try:
        told = merging.identified(before.entity_id, told)
    except merging.Unfit as problem:
        raise _unfit(sent.place(problem.place), str(problem)) from None
    told = merging.stamped(before.told, told, parts.clock().isoformat())
    if len(str(told)) > LARGEST:
        raise _unfit(sent.root, f"the person is larger than {LARGEST:,} characters")
    return told


def _plausible(person: IndividualJson, today: date, sent: Sent) -> None:
    """Nobody is born after today."""
    born = person.dateOfBirth
    if born is not None and born.iso > today.isoformat()[: len(born.iso)]:
        raise _unfit(sent.place(("dateOfBirth",)), "lies in the future")


def _change_id(caller: Caller) -> str:
    return caller.new_id("change")


def _unfit(place: Place, text: str) -> Problem:
    return unfit([{"loc": place, "msg": text, "type": "invalid"}])


async def publish(
    parts: Parts, caller: Caller, after: Person, kind: str, comment: str | None = None, kept_until: str | None = None
) -> EntityChanged:
    """Publish a change that makes the next version of a person; `after` is at the version that it was made on."""
    deleted = kind == DELETED
    data = EntityChanged(
        changeId=_change_id(caller),
        customerId=caller.customer_id,
        entityId=after.entity_id,
        entityVersion=after.version + 1,
        kind=kind,
        individual=None if deleted else individuals.record(IndividualJson.model_validate(after.told)),
        document=None if deleted else orjson.dumps(after.told).decode(),
        keptUntil=kept_until,
        comment=comment,
        changedBy=caller.username,
        requestId=caller.request_id,
        changedAt=parts.clock(),
    )
    await parts.publisher.publish(
        Event(
            data.changeId,
            "entity.changed",
            Results.group,
            data.changedAt,
            f"{data.customerId}:{data.entityId}",
            data,
            traceparent=caller.traceparent,
        )
    )
    return data


async def decided(parts: Parts, data: EntityChanged, place: str = "path.entityId") -> queries.Row | None:
    """What the projection made of a change; None where it takes too long. Raises Problem where it was refused."""

    async def look() -> queries.Row | None:
        async with parts.engine.connect() as reading:
            return await queries.individual_change(reading, data.customerId, data.entityId, data.changeId)

    row = await parts.watch.until(data.changeId, look, parts.wait_seconds)
    if row is not None and row["refusal"] is not None:
        raise conflict(f"refused: {row['refusal']}", place)
    return row


async def update(parts: Parts, caller: Caller, before: Person, after: Person, comment: str | None) -> list[Json] | None:
    """Let a change of a person take effect; the process results that it made stale, None where it takes too long.

    One that changes nothing is not told.
    """
    if after.told == before.told:
        return []
    data = await publish(parts, caller, after, UPDATED, comment)
    row = await decided(parts, data)
    if row is None:
        return None
    async with parts.engine.connect() as reading:
        rows = await queries.made_stale(reading, caller.customer_id, after.entity_id, row["changed_at"])
    return [views.process_result(one, one["request_id"]) for one in rows]


async def taken_away(parts: Parts, caller: Caller, before: Person, after: Json, **ids: str) -> Response:
    """A part of a person taken away; `ids` name it."""
    stale = await update(parts, caller, before, before._replace(told=merging.without_empty(after)), None)
    if stale is None:
        return later(caller, before.entity_id)
    told = {"entityId": before.entity_id, **ids, "staleResults": stale}
    return answer(200, {"requestId": caller.request_id, **told})


async def told(parts: Parts, caller: Caller, entity_id: str, status: int, level: str, **more: Any) -> Response:
    """The person and their profiles, as they are now."""
    async with parts.engine.connect() as reading:
        person = await results.person(reading, caller.customer_id, entity_id)
        profiles = await results.service_profiles(reading, caller.customer_id, entity_id)
    if person is None:
        raise not_found("individual", "path.entityId")
    individual = await at_level(parts.blobs, person.shown, level)
    return answer(
        status, {"requestId": caller.request_id, "individual": individual, "serviceProfiles": profiles, **more}
    )


def later(caller: Caller, entity_id: str) -> Response:
    """Published, not yet applied."""
    return answer(202, {"requestId": caller.request_id, "entityId": entity_id})
