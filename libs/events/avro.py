"""Avro's bytes, unframed: a record is its fields one after the other, so a field can be taken and put in as it lies."""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any, TypeAlias

import fastavro

from libs.events.released import Released

# Takes a datum, changes it, and returns it.
Naming: TypeAlias = Callable[[Any], Any]


def write(schema: Released, datum: dict[str, Any], encoded: Mapping[str, bytes]) -> bytes:
    """A record's bytes: the fields in `encoded` come in their Avro form, the others from `datum`, which is changed.

    Raises ValueError, TypeError or OverflowError for what Avro cannot hold.
    """
    buffer = io.BytesIO()
    for fields, part in _parts(schema, frozenset(encoded)):
        if part is None:
            buffer.writelines(encoded[field] for field in fields)
        else:
            fastavro.schemaless_writer(buffer, part, _naming(schema, fields)(datum))
    return buffer.getvalue()


def write_field(schema: Released, field: str, value: Any) -> bytes:
    """One field's Avro form, to be given to `write`."""
    others = {name: b"" for name in _names(schema) if name != field}
    return write(schema, {field: value}, others)


def write_array(items: Sequence[bytes]) -> bytes:
    """The Avro form of an array whose items are given in theirs: one block and its end."""
    buffer = io.BytesIO()
    if items:
        fastavro.schemaless_writer(buffer, "long", len(items))
        buffer.writelines(items)
    buffer.write(b"\0")
    return buffer.getvalue()


def of_optional(value: bytes) -> bytes | None:
    """The Avro form of what is in a field of type null-or-something, given the field's.

    None where it is null, or where its branch is not written as briefly as it can be, as some writer might.
    """
    return value[1:] if value[:1] == b"\x02" else None


def read(writer: Released, reader: Released, buffer: io.BytesIO, kept: Collection[str]) -> tuple[Any, dict[str, bytes]]:
    """The record that begins at the buffer's position, and the Avro form of the fields in `kept`.

    Where another version wrote it, nothing is kept: its bytes are not the reader's.
    Raises whatever fastavro raises where the bytes are no such record.
    """
    same = writer.id == reader.id
    if not same or not kept:
        return fastavro.schemaless_reader(buffer, writer.parsed, None if same else reader.parsed), {}
    datum: Any = {}
    encoded: dict[str, bytes] = {}
    for fields, part in _parts(reader, frozenset(kept)):
        for one in (fields,) if part is not None else ((field,) for field in fields):
            begin = buffer.tell()
            datum |= fastavro.schemaless_reader(buffer, _part(reader, one), None)
            if part is None:
                encoded[one[0]] = buffer.getbuffer()[begin : buffer.tell()].tobytes()
    return datum, encoded


@cache
def _names(schema: Released) -> tuple[str, ...]:
    return tuple(field["name"] for field in schema.parsed["fields"])


@cache
def _parts(schema: Released, apart: frozenset[str]) -> list[tuple[tuple[str, ...], Any]]:
    """The fields in their order, in runs with a schema of their own each; none for a run of the fields `apart`."""
    runs = [(there, tuple(run)) for there, run in groupby(_names(schema), apart.__contains__)]
    return [(fields, None if there else _part(schema, fields)) for there, fields in runs]


@cache
def _part(schema: Released, fields: tuple[str, ...]) -> Any:
    """The schema of a run of fields; a type that stands in full in an earlier field is known by its name."""
    if fields == _names(schema):
        return schema.parsed
    known: dict[str, Any] = {}
    for number, field in enumerate(schema.parsed["fields"]):
        one = {"type": "record", "name": f"{schema.record}.Field{number}", "fields": [field]}
        if field["name"] == fields[0]:
            several = [each for each in schema.parsed["fields"] if each["name"] in fields]
            return fastavro.parse_schema({**one, "fields": several}, known)
        fastavro.parse_schema(one, known)
    raise LookupError(f"{schema.record} has no field {fields[0]}")


@cache
def _naming(schema: Released, fields: tuple[str, ...]) -> Naming:
    """Puts the branch's name to each optional record; fastavro would else validate to find out, at each depth."""
    known: dict[str, Any] = {}
    everything = _named(schema.parsed, known)
    if fields == _names(schema):
        return everything or _as_it_is
    return _named(_part(schema, fields), known) or _as_it_is


def _named(schema: Any, known: dict[str, Any]) -> Naming | None:
    """What names the branches in a datum of this schema; None where there are none. Maps of ours hold no records."""
    schema = known.get(schema, schema) if isinstance(schema, str) else schema
    if isinstance(schema, list):
        return _named_union(schema, known)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "record":
        known[schema["name"]] = schema
        return _named_record(schema, known)
    if kind == "array":
        return _named_array(schema, known)
    return None


def _named_array(schema: dict[str, Any], known: dict[str, Any]) -> Naming | None:
    inner = _named(schema["items"], known)
    return None if inner is None else lambda items: [inner(item) for item in items]


def _named_record(schema: dict[str, Any], known: dict[str, Any]) -> Naming | None:
    found = [(field["name"], _named(field["type"], known)) for field in schema["fields"]]
    inner = [(name, naming) for name, naming in found if naming is not None]

    def name_fields(datum: dict[str, Any]) -> dict[str, Any]:
        for name, naming in inner:
            datum[name] = naming(datum[name])
        return datum

    return name_fields if inner else None


def _named_union(branches: list[Any], known: dict[str, Any]) -> Naming | None:
    """Of the unions we use: null or one record."""
    records = [known.get(one, one) if isinstance(one, str) else one for one in branches if one != "null"]
    if len(records) != 1 or not isinstance(records[0], dict) or records[0]["type"] != "record":
        return None
    inner, name = _named(records[0], known) or _as_it_is, records[0]["name"]
    return lambda datum: None if datum is None else (name, inner(datum))


def _as_it_is(datum: Any) -> Any:
    return datum
