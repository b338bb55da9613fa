from datetime import timedelta
from pathlib import Path

import pytest

from libs.events.models import StepResultCode
from libs.screening import files
from libs.screening.matching import matcher
from libs.screening.watchlist import WatchlistRefused, read
from libs.streaming.check import CheckFailed
from services.aml.agent import Watchlists, check
from services.aml.publish import published
from tests.libs.screening.factory import NOW, event, facts, list_file, request, watchlist


async def test_without_a_list_the_check_cannot_be_made() -> None:
    with pytest.raises(CheckFailed) as failure:
        await check().answer(request(), NOW)
    assert failure.value.error == "Check.SourceUnavailable"


async def test_the_published_list_is_loaded_and_named_in_the_answer() -> None:
    aml = check()
    aml.references[0].apply(event(published()))
    result = await aml.answer(request("Vladimir Putin"), NOW)
    assert result.outcome.result is StepResultCode.HIT
    reference = result.references[0]
    assert (reference.id, reference.version, reference.sha256) == (
        published().id, published().version, published().sha256,
    )  # fmt: skip
    assert reference.ageSeconds == (NOW - published().publishedAt).total_seconds()


@pytest.mark.parametrize(
    ("bounds", "cause"),
    [
        ("{ofac-sdn: {list_max_age: P2D}}", "ofac-sdn is 3 days, 0:00:00 old, list_max_age is 2 days, 0:00:00"),
        ("{un-sc: {list_max_age: PT1H}}", "un-sc is not loaded, list_max_age is 1:00:00"),
        ("{ofac-sdn: {list_max_age: P3D}}", None),
    ],
)
async def test_a_list_older_than_the_policy_has_it_makes_the_check_unavailable(
    tmp_path: Path, bounds: str, cause: str | None
) -> None:
    (tmp_path / "lists.yaml").write_text(f'version: "1"\nlists: {bounds}')
    aml = check({"AML_LISTS": str(tmp_path / "lists.yaml")})
    announced = published().model_copy(update={"checkedAt": NOW - timedelta(days=3)})
    aml.references[0].apply(event(announced))
    if cause is None:
        assert (await aml.answer(request(), NOW)).references[0].ageSeconds == 3 * 86_400
        return
    with pytest.raises(CheckFailed) as failure:
        await aml.answer(request(), NOW)
    assert (failure.value.error, failure.value.cause) == ("Check.SourceUnavailable", cause)


async def test_a_list_that_is_confirmed_again_is_young_again() -> None:
    aml = check({})
    aml.references[0].apply(event(published()))
    aml.references[0].apply(event(published().model_copy(update={"checkedAt": NOW})))
    assert (await aml.answer(request(), NOW)).references[0].ageSeconds == 0


@pytest.mark.parametrize(
    ("versions", "error"),
    [
        ('{"ofac-sdn": "2999-01-01"}', "Check.ListNotLoaded"),
        ('{"un": "1"}', "Check.ListNotLoaded"),
        ("no JSON", "Check.BadSettings"),
        ("[1]", "Check.BadSettings"),
    ],
)
async def test_nobody_is_screened_against_a_list_older_than_asked_for(versions: str, error: str) -> None:
    aml = check()
    aml.references[0].apply(event(published()))
    with pytest.raises(CheckFailed) as failure:
        await aml.answer(request().model_copy(update={"settings": {"listVersions": versions}}), NOW)
    assert failure.value.error == error
    fresh = request().model_copy(update={"settings": {"listVersions": f'{{"ofac-sdn": "{published().version}"}}'}})
    assert (await aml.answer(fresh, NOW)).outcome.result is StepResultCode.CLEAR


async def test_a_list_with_another_hash_is_refused_and_the_cause_is_told() -> None:
    aml = check()
    aml.references[0].apply(event(published().model_copy(update={"sha256": "0" * 64})))
    with pytest.raises(CheckFailed, match="SHA-256"):
        await aml.answer(request(), NOW)


def test_the_old_list_is_kept_where_the_new_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "ROOT", tmp_path)
    first = watchlist(facts(1, "Ivan PETROVSKY"), version="1")
    (tmp_path / "list.gz").write_bytes(list_file(facts(1, "Ivan PETROVSKY")))
    announced = published().model_copy(update={"version": "1", "sha256": first.sha256, "uri": "package:list.gz"})
    watchlists = Watchlists(matcher())
    watchlists.apply(event(announced))
    index = watchlists.lists["ofac-sdn"]
    watchlists.apply(event(announced.model_copy(update={"version": "2", "sha256": "f" * 64})))
    assert watchlists.lists["ofac-sdn"] is index
    assert "SHA-256" in watchlists.refused["ofac-sdn"]
    watchlists.apply(event(announced))
    assert watchlists.lists["ofac-sdn"] is index
    watchlists.apply(event(announced.model_copy(update={"version": "3"})))
    assert watchlists.lists["ofac-sdn"].watchlist.version == "3"
    assert watchlists.refused == {}


@pytest.mark.parametrize("uri", ["https://example.com/list", "package:../../etc/passwd", "package:no/such/file"])
def test_a_list_that_cannot_be_read_is_refused(uri: str) -> None:
    with pytest.raises(WatchlistRefused):
        files.fetch(uri)


@pytest.mark.parametrize("content", [b"no gzip", list_file(), list_file({"id": "x"})])
def test_a_file_that_is_no_list_is_refused(content: bytes) -> None:
    import hashlib

    with pytest.raises(WatchlistRefused):
        read(content, "ofac-sdn", "1", hashlib.sha256(content).hexdigest())
