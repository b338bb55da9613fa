from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from libs.events.message import DERIVED, Headers, derived_id, pack_headers, unpack_headers
from tests.factory import NOON, event, onboarded
from tests.libs.events.strategies import texts

headers = st.lists(st.tuples(texts, st.none() | st.binary())).map(tuple)


@given(headers)
def test_headers_come_out_of_the_database_as_they_went_in(given_headers: Headers) -> None:
    assert unpack_headers(pack_headers(given_headers)) == given_headers


def test_a_derived_id_is_the_same_each_time_and_never_changes() -> None:
    assert derived_id("a", "kyc", 0) == derived_id("a", "kyc", "0") == "1e0b56c2-ce28-5117-85a9-cc07c9ac6731"


@given(texts, texts)
def test_a_derived_id_is_a_uuid_of_version_5(cause: str, name: str) -> None:
    assert UUID(derived_id(cause, name)) == uuid5(DERIVED, f"{cause}/{name}")


@given(st.lists(texts.filter(lambda text: text and "/" not in text), min_size=2, max_size=4, unique=True))
def test_each_name_tells_derived_ids_apart(names: list[str]) -> None:
    cause, *rest = names
    assert len({derived_id(cause, *rest[:n]) for n in range(len(rest) + 1)}) == len(rest) + 1


def test_deciding_twice_gives_the_same_event() -> None:
    cause = onboarded(id="e1")
    first, again = (cause.caused("kyc", "results.amended", "answer", "k", cause.data, NOON) for _ in range(2))
    assert first == again


def test_a_caused_event_names_its_cause_and_keeps_the_story() -> None:
    cause = event(onboarded().data, "entity.onboarded", id="e1", correlation="execution-1", traceparent="00-1-2-01")
    effect = cause.caused("orchestration", "kyc.requested", "0", "k", cause.data, NOON)
    assert (effect.causation, effect.correlation, effect.traceparent) == ("e1", "execution-1", "00-1-2-01")
    assert effect.id == derived_id("e1", "orchestration", "kyc.requested", "0")
    assert effect.id != cause.caused("orchestration", "kyc.requested", "1", "k", cause.data, NOON).id
