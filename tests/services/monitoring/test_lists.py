"""Changes of watchlists, and whom of those who are watched they are about."""

import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from libs.events.message import Event
from libs.events.models import Address, Individual, MonitoringAlerted, WatchlistCompared, WatchlistPublished
from libs.screening import files
from libs.streaming.settings import Settings
from libs.streaming.transaction import Transaction
from services.monitoring import command_line, reacting
from tests.factory import NOON, event, person
from tests.libs.screening.factory import facts, list_file
from tests.services.monitoring.conftest import Alone
from tests.services.monitoring.factory import command

VILLAIN = facts(36, "Wolfgang Bartholomew", datesOfBirth=["1961"], countries=["at"])
OTHERS = [facts(1, "Anton Meier-Schulze", datesOfBirth=["1955"]), facts(2, "Chidi Okafor Eze")]
WOLFGANG = person("Wolfgang", "Bartholomew", "1961-03-04")
NAMESAKE = person("Wolfgang", "Bartholomew", "1999-03-04")
JANE = person("Jane", "Citizen")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where lists are fetched from."""
    monkeypatch.setattr(files, "ROOT", tmp_path)
    return tmp_path


def published(folder: Path, version: str, *entries: dict[str, Any], id: str = "") -> Event:
    content = list_file(*entries)
    (folder / version).write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    data = WatchlistPublished(
        id="ofac-sdn", version=version, sha256=sha256, uri=f"package:{version}", entries=len(entries), publishedAt=NOON
    )
    return event(data, "watchlist.published", "ofac-sdn", id or None, source="aml")


async def watched(alone: Alone, **people: Individual) -> None:
    await alone.take(*[command(entity, individual=individual, types=["AML"]) for entity, individual in people.items()])


async def settle(alone: Alone, *events: Event) -> None:
    """Publish, and let every tick be done: each is due at once."""
    await alone.take(*events)
    for _ in range(10):
        alone.consumer._due.clear()
        await alone.take()


def told(alone: Alone) -> list[tuple[str, str, str | None]]:
    alerts = [one for one in alone.sent("monitoring.alerted") if isinstance(one, MonitoringAlerted)]
    return sorted((one.entityId, one.kind, one.listVersion) for one in alerts)


async def receipts(alone: Alone, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    asked = command_line.arguments().parse_args(["receipts", "--list", "ofac-sdn"])
    assert await command_line.run(asked, Settings(database_url=alone.url)) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_whoever_is_listed_is_told_and_nobody_else(
    alone: Alone, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await watched(alone, wolfgang=WOLFGANG, namesake=NAMESAKE, jane=JANE)
    await settle(alone, published(folder, "v1", *OTHERS))
    assert told(alone) == []
    await settle(alone, published(folder, "v2", *OTHERS, VILLAIN))
    assert told(alone) == [("wolfgang", "LISTED", "v2")]
    (alert,) = alone.sent("monitoring.alerted")
    assert (alert.individual, alert.listId, alert.entryId) == (WOLFGANG, "ofac-sdn", "ofac-36")
    assert alert.reason == "ofac-36 was added to ofac-sdn v2."
    first, second = await receipts(alone, capsys)
    assert (first["version"], first["added"], first["alerts"]) == ("v1", 2, 0)
    counts = ("state", "added", "changed", "removed", "looked_at", "candidates", "alerts", "skipped")
    assert [second[name] for name in counts] == ["DONE", 1, 0, 0, 3, 1, 1, 0]
    (_, event) = alone.sent("watchlist.compared")
    assert isinstance(event, WatchlistCompared)
    assert (event.version, event.lookedAt, event.candidates, event.alerts) == ("v2", 3, 1, 1)


async def test_a_changed_listing_and_a_delisting_are_told_as_such(alone: Alone, folder: Path) -> None:
    await watched(alone, wolfgang=WOLFGANG, jane=JANE)
    await settle(alone, published(folder, "v1", *OTHERS, VILLAIN))
    changed = {**VILLAIN, "programmes": ["SDGT"]}
    await settle(alone, published(folder, "v2", *OTHERS, changed))
    await settle(alone, published(folder, "v3", *OTHERS))
    kinds = [("wolfgang", "DELISTED", "v3"), ("wolfgang", "LISTED", "v1"), ("wolfgang", "LISTING_CHANGED", "v2")]
    assert told(alone) == kinds


async def test_a_listing_that_no_longer_means_a_person_is_a_change_for_them(alone: Alone, folder: Path) -> None:
    await watched(alone, wolfgang=WOLFGANG, namesake=NAMESAKE)
    await settle(alone, published(folder, "v1", VILLAIN))
    await settle(alone, published(folder, "v2", {**VILLAIN, "datesOfBirth": ["1999"]}))
    both = [("namesake", "LISTING_CHANGED", "v2"), ("wolfgang", "LISTED", "v1"), ("wolfgang", "LISTING_CHANGED", "v2")]
    assert told(alone) == both


async def test_the_same_version_told_twice_alerts_once(alone: Alone, folder: Path) -> None:
    await watched(alone, wolfgang=WOLFGANG)
    await settle(alone, published(folder, "v1", VILLAIN, id="a"), published(folder, "v1", VILLAIN, id="b"))
    await settle(alone, published(folder, "v1", VILLAIN, id="a"), published(folder, "v1", VILLAIN, id="c"))
    assert told(alone) == [("wolfgang", "LISTED", "v1")]


async def test_of_several_entries_a_person_is_told_once_by_the_gravest(alone: Alone, folder: Path) -> None:
    await watched(alone, wolfgang=WOLFGANG)
    again = facts(37, "Wolfgang Bartholomew", datesOfBirth=["1961-03-04"])
    await settle(alone, published(folder, "v1", VILLAIN))
    await settle(alone, published(folder, "v2", again))
    assert told(alone)[-1] == ("wolfgang", "LISTED", "v2")
    assert len(told(alone)) == 2


async def test_whoever_is_watched_no_more_or_for_something_else_is_not_told(alone: Alone, folder: Path) -> None:
    await watched(alone, wolfgang=WOLFGANG)
    await alone.take(command("other", individual=WOLFGANG, types=["ACTIVITY"]))
    await alone.take(command("wolfgang", enabled=False, individual=None))
    await settle(alone, published(folder, "v1", VILLAIN))
    assert told(alone) == []


async def test_a_person_is_found_by_who_they_are_now(alone: Alone, folder: Path) -> None:
    await watched(alone, p1=JANE)
    await settle(alone, published(folder, "v1", *OTHERS))
    await alone.take(command("p1", individual=WOLFGANG, entityVersion=2, types=["AML"]))
    await settle(alone, published(folder, "v2", *OTHERS, VILLAIN))
    assert told(alone) == [("p1", "LISTED", "v2")]


async def test_a_list_that_cannot_be_read_changes_nothing_and_says_why(
    alone: Alone, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await watched(alone, wolfgang=WOLFGANG)
    broken = published(folder, "v1", VILLAIN)
    (folder / "v1").write_bytes(b"something else")
    await settle(alone, broken)
    await settle(alone, published(folder, "v2", VILLAIN, {"name": "no id"}))
    await settle(alone, published(folder, "v3", VILLAIN))
    assert told(alone) == [("wolfgang", "LISTED", "v3")]
    states = [(one["version"], one["state"], bool(one["cause"])) for one in await receipts(alone, capsys)]
    assert states == [("v1", "REFUSED", True), ("v2", "REFUSED", True), ("v3", "DONE", False)]
    events = [one for one in alone.sent("watchlist.compared") if isinstance(one, WatchlistCompared)]
    assert [(one.version, one.refusal is None) for one in events] == [("v1", False), ("v2", False), ("v3", True)]


async def test_a_service_killed_in_the_middle_does_it_all_once_it_is_back(
    alone: Alone, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched(alone, wolfgang=WOLFGANG)
    await settle(alone)
    with monkeypatch.context() as killed:
        killed.setattr("services.monitoring.lists.done", _killed)
        await alone.take(published(folder, "v1", VILLAIN))
        alone.consumer._due.clear()
        with pytest.raises(OSError, match="killed"):
            await alone.take()
    assert await alone.rows("SELECT 1 FROM alerts") == []
    await settle(alone)
    assert told(alone) == [("wolfgang", "LISTED", "v1")]


async def _killed(*_: object) -> None:
    raise OSError("killed")


async def test_work_that_takes_long_does_not_lose_its_transaction(
    alone: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reacting, "IN_USE_SECONDS", 0.05)
    async with alone.engine.begin() as connection:
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '500ms'"))
        tx = Transaction(connection, "monitoring", NOON)
        await reacting.apart(tx, lambda: time.sleep(1.2))
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1


async def test_an_address_is_no_name_and_somebody_without_one_is_counted_as_skipped(
    alone: Alone, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await watched(alone, nobody=person("", "", addresses=[Address(country="AUT", locality="Bartholomew")]))
    await settle(alone, published(folder, "v1", VILLAIN))
    (receipt,) = await receipts(alone, capsys)
    assert (receipt["looked_at"], receipt["skipped"], receipt["alerts"]) == (1, 1, 0)
    async with alone.engine.connect() as connection:
        assert (await connection.execute(text("SELECT keys FROM subscribers"))).scalar_one() == []
