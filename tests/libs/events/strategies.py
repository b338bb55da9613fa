"""Any record that the schemas allow, for properties that hold of all of them."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from libs.events import models
from libs.events.catalogue import NAMESPACE, schema, topics
from libs.events.message import Event
from libs.events.record import Record

# The one character that no database column takes as text; the codec refuses it.
texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=12)
times = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "double": st.floats(allow_nan=False),
    "string": texts,
    "bytes": st.binary(max_size=20),
}


def model_of(record: str) -> type[Record]:
    """The generated class of a record."""
    return getattr(models, record.removeprefix(NAMESPACE))  # type: ignore[no-any-return]


def records(record: str) -> st.SearchStrategy[Record]:
    """Instances of a published record."""
    return _datum(schema(record), {}).map(model_of(record).model_validate)


def events() -> st.SearchStrategy[Event]:
    """Events of any topic."""
    return st.sampled_from(sorted(topics())).flatmap(
        lambda topic: st.builds(
            Event,
            id=texts.filter(bool),
            topic=st.just(topic),
            source=texts.filter(bool),
            time=times,
            key=texts,
            data=records(topics()[topic].schema),
            correlation=st.none() | texts.filter(bool),
            causation=st.none() | texts.filter(bool),
            traceparent=st.none() | texts.filter(bool),
        )
    )


def _datum(node: Any, named: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Data of one type; named types are met in full before they are met by name."""
    if isinstance(node, list):
        return st.one_of([_datum(branch, named) for branch in node])
    if isinstance(node, str):
        return PLAIN[node] if node in PLAIN else _datum(named[node], named)
    if "name" in node:
        named[NAMESPACE + node["name"]] = node
    if node["type"] == "record":
        return st.fixed_dictionaries({field["name"]: _datum(field["type"], named) for field in node["fields"]})
    if node["type"] == "enum":
        return st.sampled_from(node["symbols"])
    if node["type"] == "array":
        return st.lists(_datum(node["items"], named), max_size=2)
    if node["type"] == "map":
        return st.dictionaries(texts, _datum(node["values"], named), max_size=2)
    return times if node.get("logicalType") == "timestamp-micros" else _datum(node["type"], named)
