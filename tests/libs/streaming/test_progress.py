"""How far a consumer has come, and whether it goes on."""

from dataclasses import dataclass, field

from libs.events.message import Partition, Position
from libs.streaming.progress import STUCK_SECONDS, Progress

ONE, TWO = Partition("kyc.requested", 0), Partition("kyc.requested", 1)


@dataclass
class Log:
    """The ends of some logs, and the time."""

    ends: dict[Partition, int] = field(default_factory=dict)
    now: float = 1000.0

    def progress(self) -> Progress:
        return Progress("kyc", lambda: self.ends, lambda: self.now, lambda: self.now)


def test_lag_counts_records_and_the_time_since_the_last_one_taken() -> None:
    log = Log({ONE: 10, TWO: 5})
    progress = log.progress()
    progress.moved({ONE: Position(7, "6:990000:1"), TWO: Position(5, "4:100000:1")})
    assert progress.lag() == {"kyc.requested": (3, 10.0)}
    progress.moved({ONE: Position(10, "9:1000000:1")})
    assert progress.lag() == {"kyc.requested": (0, 0.0)}


def test_until_something_is_taken_what_has_come_since_the_beginning_counts() -> None:
    log = Log({ONE: 10})
    progress = log.progress()
    assert progress.lag()["kyc.requested"].messages == 0
    log.ends[ONE] = 12
    assert progress.lag()["kyc.requested"].messages == 2


def test_at_rest_it_is_live_however_long_nothing_comes() -> None:
    log = Log({ONE: 10})
    progress = log.progress()
    progress.moved({ONE: Position(10, None)})
    log.now += 10 * STUCK_SECONDS
    assert progress.live()


def test_records_that_nobody_takes_are_no_progress() -> None:
    log = Log({ONE: 10})
    progress = log.progress()
    progress.moved({ONE: Position(10, None)})
    assert progress.live()
    log.ends[ONE] = 11
    log.now += STUCK_SECONDS - 1
    assert progress.live()
    log.now += 2
    assert not progress.live()
    progress.moved({ONE: Position(11, None)})
    assert progress.live()


def test_work_that_does_not_end_is_no_progress() -> None:
    log = Log()
    progress = log.progress()
    progress.begin()
    log.now += STUCK_SECONDS + 1
    assert not progress.live()
    progress.rest()
    assert progress.live()
    assert progress.told() == {
        "group": "kyc",
        "lagMessages": 0,
        "lagSeconds": 0.0,
        "movedSecondsAgo": STUCK_SECONDS + 1,
    }
