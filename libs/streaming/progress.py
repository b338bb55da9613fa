"""How far a consumer has come, and whether it goes on: what its health and its metrics are told by."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from libs.events.message import Partition, Position

# Work that takes longer than this, or records that lie there for so long while none is taken, is no progress.
STUCK_SECONDS = 90.0


class Lag(NamedTuple):
    """Of one topic: records that are not taken, and the greatest time since one was, where there are more."""

    messages: int
    seconds: float


@dataclass(slots=True)
class Progress:
    """One consumer's; `ends` are the ends of the logs that it reads, as far as they are known."""

    group: str
    ends: Callable[[], Mapping[Partition, int]]
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    _taken: dict[Partition, Position] = field(default_factory=dict)
    _first: dict[Partition, int] = field(default_factory=dict)
    _began: float | None = None
    _moved: float = 0.0
    _rested: float = 0.0

    def __post_init__(self) -> None:
        self._moved = self.clock()

    def begin(self) -> None:
        """Something is under way from now on."""
        self._began = self.clock()

    def rest(self) -> None:
        """Nothing is under way."""
        self._began = None

    def moved(self, after: Mapping[Partition, Position]) -> None:
        """What lies before these positions was taken."""
        self._taken.update(after)
        self._moved = self.clock()

    def lag(self) -> dict[str, Lag]:
        """By topic. Until this process has taken something of a partition, what has come since it began counts."""
        messages: dict[str, int] = defaultdict(int)
        seconds: dict[str, float] = defaultdict(float)
        for partition, end in self.ends().items():
            position = self._taken.get(partition)
            more = max(0, end - (position.next_offset if position else self._first.setdefault(partition, end)))
            messages[partition.topic] += more
            if more and position and position.mark:
                since = self.wall() - int(position.mark.split(":")[1]) / 1000
                seconds[partition.topic] = max(seconds[partition.topic], since)
        return {topic: Lag(count, seconds[topic]) for topic, count in messages.items()}

    def live(self) -> bool:
        """It goes on: what is under way is not stuck, and where there is more, some of it was taken lately."""
        now = self.clock()
        if not any(lag.messages for lag in self.lag().values()):
            self._rested = now
        busy = 0.0 if self._began is None else now - self._began
        return max(busy, now - max(self._moved, self._rested)) < STUCK_SECONDS

    def told(self) -> dict[str, object]:
        """For whoever asks about its health."""
        lag = self.lag().values()
        return {
            "group": self.group,
            "lagMessages": sum(one.messages for one in lag),
            "lagSeconds": round(max((one.seconds for one in lag), default=0.0), 3),
            "movedSecondsAgo": round(self.clock() - self._moved, 3),
        }
