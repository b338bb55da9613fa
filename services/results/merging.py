"""A person changed in part, in the contract's words; pure.

What is not mentioned stays; null takes a field away. The parts of a list are known by their ids: one with a known id is
changed field by field, any other is added. A date is changed as a whole. So repeating a change changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from libs.events.message import derived_id

Json: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str | int, ...]

# What the ids of the parts of a list are called.
LISTS: Mapping[str, str] = {
    "alternateNames": "nameId",
    "alternateDatesOfBirth": "dateOfBirthId",
    "addresses": "addressId",
    "emailAddresses": "emailAddressId",
    "phoneNumbers": "phoneNumberId",
    "externalReferences": "referenceId",
    "consents": "type",
}
SINGLE: Mapping[str, str] = {
    "name": "nameId",
    "dateOfBirth": "dateOfBirthId",
    "gender": "genderId",
    "placeOfBirth": "addressId",
}
DATES = ("dateOfBirth", "alternateDatesOfBirth")
MAPS = ("customAttributes", "informationSources")
DOCUMENTS, DOCUMENT_ID = "documents", "documentId"
ATTACHMENTS, ATTACHMENT_ID = "attachments", "attachmentId"
IDS: Mapping[str, str] = {**LISTS, **SINGLE, DOCUMENTS: DOCUMENT_ID, ATTACHMENTS: ATTACHMENT_ID}
# What is no part of what a part says.
NAMED = frozenset({*IDS.values()} - {"type"})
ASIDE = NAMED | {"createdAt", "updatedAt"}


class Unfit(ValueError):
    """A change that is not of the person's form; `place` is the path in it."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__(text)
        self.place = place


def merged(known: Json, change: Json) -> Json:
    """A person after a change; raises Unfit."""
    after = dict(known)
    for name, given in change.items():
        at = (name,)
        if given is None:
            after.pop(name, None)
        elif name == DOCUMENTS:
            after[name] = _documents(known.get(name, {}), _object(given, at), at)
        elif name in LISTS:
            after[name] = _list(known.get(name, []), _array(given, at), name, at)
        elif name in MAPS:
            after[name] = _without_null({**known.get(name, {}), **_object(given, at)})
        elif name in SINGLE:
            after[name] = _part(known.get(name, {}), _object(given, at), name, at)
        else:
            after[name] = given
    return after


def _fields(known: Json, given: Json, place: Place) -> Json:
    """A part of a person after a change."""
    after = dict(known)
    for name, value in given.items():
        at = (*place, name)
        if value is None:
            after.pop(name, None)
        elif name == ATTACHMENTS:
            after[name] = _list(known.get(name, []), _array(value, at), name, at)
        elif name in MAPS:
            after[name] = _without_null({**known.get(name, {}), **_object(value, at)})
        else:
            after[name] = value
    return after


def _list(known: Sequence[Json], given: Sequence[Any], name: str, place: Place) -> list[Json]:
    after = list(known)
    for number, one in enumerate(given):
        _object(one, (*place, number))
    _refuse_twice(given, name, place)
    for number, one in enumerate(given):
        at = (*place, number)
        id = one.get(IDS[name])
        where = next((where for where, other in enumerate(after) if id and other.get(IDS[name]) == id), None)
        if where is None:
            after.append(one)
        else:
            after[where] = _part(after[where], one, name, at)
    return after


def _part(known: Json, given: Json, name: str, place: Place) -> Json:
    """One object of a person; with another id it is another one."""
    id_name = IDS[name]
    if given.get(id_name, known.get(id_name)) != known.get(id_name):
        return given
    kept = {id_name: known[id_name]} if id_name in known else {}
    return _fields(kept if name in DATES else known, given, place)


def _documents(known: Mapping[str, Sequence[Json]], given: Json, place: Place) -> Json:
    """A document under another class than before is moved there."""
    after = {group: list(several) for group, several in known.items()}
    for group, several in given.items():
        for number, one in enumerate(_array(several, (*place, group))):
            at = (*place, group, number)
            id = _object(one, at).get(DOCUMENT_ID)
            before, where = _find(after, id)
            now = _fields(after[before][where], one, at) if before else one
            if before == group:
                after[group][where] = now
            else:
                if before:
                    del after[before][where]
                after.setdefault(group, []).append(now)
    return after


def _find(documents: Mapping[str, Sequence[Json]], id: object) -> tuple[str, int]:
    """The class and the place of a document; no class where there is none of this id."""
    found = (
        (group, where)
        for group, several in documents.items()
        for where, one in enumerate(several)
        if id and one.get(DOCUMENT_ID) == id
    )
    return next(found, ("", 0))


def origin(change: Any, after: Any, place: Sequence[str | int]) -> Place:
    """Where in a change that stands which stands at a place of what came of it; else the place itself."""
    found: list[str | int] = []
    for step in place:
        if isinstance(step, int) and isinstance(after, list) and isinstance(change, list):
            step_there, after = step, after[step] if step < len(after) else None
            step = next((at for at, one in enumerate(change) if _is_of(one, after)), step_there)
            change = change[step] if step < len(change) else None
        else:
            after, change = (one.get(step) if isinstance(one, dict) else None for one in (after, change))
        found.append(step)
    return tuple(found)


def _is_of(given: Any, after: Any) -> bool:
    if given is after or not (isinstance(given, dict) and isinstance(after, dict)):
        return given is after
    names = NAMED & given.keys() & after.keys()
    return any(given[name] == after[name] for name in names)


def identified(entity_id: str, person: Json) -> Json:
    """The person with an id for every part that had none; a part that says what another says is left out.

    Raises Unfit where two parts have one id.
    """
    after = dict(person)
    used = set(_ids(person))
    for name in SINGLE.keys() & person.keys():
        after[name] = _named(entity_id, name, person[name], used)
    for name in LISTS.keys() & person.keys():
        after[name] = _each(entity_id, name, person[name], used)
    if DOCUMENTS in person:
        after[DOCUMENTS] = {
            group: [_with_attachments(entity_id, one, used) for one in _each(entity_id, DOCUMENTS, several, used)]
            for group, several in person[DOCUMENTS].items()
        }
        _refuse_twice([*_every_document(after)], DOCUMENTS)
    return after


def _with_attachments(entity_id: str, document: Json, used: set[str]) -> Json:
    if not document.get(ATTACHMENTS):
        return document
    return {**document, ATTACHMENTS: _each(entity_id, ATTACHMENTS, document[ATTACHMENTS], used)}


def _each(entity_id: str, name: str, several: Sequence[Json], used: set[str]) -> list[Json]:
    _refuse_twice(several, name)
    said = [_said(one) for one in several]
    return [
        _named(entity_id, name, one, used)
        for at, one in enumerate(several)
        if IDS[name] in one or not any(said[at] == said[other] for other in _others(several, name, at))
    ]


def _others(several: Sequence[Json], name: str, at: int) -> Iterator[int]:
    """The parts beside which one without an id counts as a repeat: those with an id, and those before it."""
    return (other for other, one in enumerate(several) if other < at or (IDS[name] in one and other != at))


def _refuse_twice(several: Sequence[Json], name: str, place: Place = ()) -> None:
    seen: set[str] = set()
    for at, one in enumerate(several):
        if (id := one.get(IDS[name])) in seen:
            raise Unfit((*(place or (name,)), at, IDS[name]), f"{str(id)[:50]!r} is there twice")
        seen |= {id} if id else set()


def _named(entity_id: str, name: str, part: Json, used: set[str]) -> Json:
    if part.get(IDS[name]):
        return part
    said, number = _said(part), 0
    while (id := derived_id(entity_id, "results", name, said, number)) in used:
        number += 1
    used.add(id)
    return {IDS[name]: id, **part}


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _ids(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in NAMED and isinstance(one, str):
                yield one
            yield from _ids(one)


def _said(part: Json) -> str:
    """What a part says, whatever its ids and times are."""
    return orjson.dumps(saying(part), option=orjson.OPT_SORT_KEYS).decode()


def saying(value: Any) -> Any:
    """A value without the ids and times of its parts."""
    if isinstance(value, list):
        return [saying(one) for one in value]
    if isinstance(value, dict):
        return {name: saying(one) for name, one in value.items() if name not in ASIDE}
    return value


def stamped(before: Json, after: Json, now: str) -> Json:
    """The person with the times at which each document and each attachment was added and changed last."""
    known = {one[DOCUMENT_ID]: one for one in _every_document(before)}
    documents = {
        group: [_document_stamped(known.get(one[DOCUMENT_ID], {}), one, now) for one in several]
        for group, several in after.get(DOCUMENTS, {}).items()
    }
    return {**after, **({DOCUMENTS: documents} if documents else {})}


def _document_stamped(before: Json, after: Json, now: str) -> Json:
    known = {one[ATTACHMENT_ID]: one for one in before.get(ATTACHMENTS, [])}
    attachments = [_stamp(known.get(one[ATTACHMENT_ID], {}), one, now) for one in after.get(ATTACHMENTS, [])]
    return _stamp(before, {**after, **({ATTACHMENTS: attachments} if attachments else {})}, now)


def _stamp(before: Json, after: Json, now: str) -> Json:
    changed = saying(before) != saying(after)
    updated = now if changed else before.get("updatedAt")
    times = {"createdAt": before.get("createdAt") or (now if not before else None), "updatedAt": updated}
    bare = {name: value for name, value in after.items() if name not in times}
    return {**bare, **_without_null(times)}


def _every_document(person: Json) -> Iterator[Json]:
    for several in person.get(DOCUMENTS, {}).values():
        yield from several


def without_empty(value: Any) -> Any:
    """A value without nulls, empty lists and empty objects within it."""
    if isinstance(value, list):
        return [without_empty(one) for one in value]
    if isinstance(value, dict):
        pruned = {name: without_empty(one) for name, one in value.items()}
        return {name: one for name, one in pruned.items() if one is not None and one != [] and one != {}}
    return value


def _without_null(given: Json) -> Json:
    return {name: value for name, value in given.items() if value is not None}


def _object(given: Any, place: Place) -> Json:
    if not isinstance(given, dict):
        raise Unfit(place, "is not an object")
    return given


def _array(given: Any, place: Place) -> list[Any]:
    if not isinstance(given, list):
        raise Unfit(place, "is not a list")
    return given


def removed(person: Json, name: str, id: str) -> Json | None:
    """The person without the part of a list that has this id; None where there is none."""
    left = [one for one in person.get(name, []) if one.get(IDS[name]) != id]
    return None if len(left) == len(person.get(name, [])) else {**person, name: left}


def without_document(person: Json, id: str, attachment_id: str | None = None) -> Json | None:
    """The person without a document, or one attachment of it; None where there is none."""
    group, where = _find(person.get(DOCUMENTS, {}), id)
    if not group:
        return None
    several = list(person[DOCUMENTS][group])
    if attachment_id is None:
        del several[where]
    elif (left := removed(several[where], ATTACHMENTS, attachment_id)) is None:
        return None
    else:
        several[where] = left
    return {**person, DOCUMENTS: {**person[DOCUMENTS], group: several}}


def document_of(person: Json, id: str) -> tuple[str, Json] | None:
    """A document and its class; None where there is none of this id."""
    group, where = _find(person.get(DOCUMENTS, {}), id)
    return (group, person[DOCUMENTS][group][where]) if group else None
