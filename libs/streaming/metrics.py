"""What a process counts of itself, under the names by which Prometheus reads it; once a batch where that will do."""

from collections import Counter as Count
from collections.abc import Iterable, Sequence
from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from libs.events.catalogue import answered_by
from libs.events.codec import Undecodable
from libs.events.message import Event

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

EVENTS = Counter("vetstream_events", "Events taken, repeats left out.", ["group"])
DUPLICATES = Counter("vetstream_inbox_duplicates", "Events that had been taken before.", ["group"])
DEAD_LETTERS = Counter("vetstream_dead_letters", "Records put among the dead letters.", ["group", "reason"])
RETRIES = Counter("vetstream_batch_retries", "Batches that were taken again, and why.", ["group", "reason"])
QUARANTINES = Counter("vetstream_quarantines", "Subjects that were put in quarantine.", ["group"])
BATCH_SECONDS = Histogram(
    "vetstream_batch_seconds", "A batch, from its reading to its commit.", ["group"], buckets=SECONDS
)
EVENT_AGE_SECONDS = Histogram(
    "vetstream_event_age_seconds", "Age of the first event of a batch when it was taken.", ["group"], buckets=SECONDS
)
STEP_SECONDS = Histogram(
    "vetstream_step_seconds", "A step, from when it was asked for to its answer.", ["step"], buckets=SECONDS
)
LAG_MESSAGES = Gauge("vetstream_lag_messages", "Records that are not taken yet.", ["group", "topic"])
LAG_SECONDS = Gauge(
    "vetstream_lag_seconds", "Time since the last record taken, of a partition that has more.", ["group", "topic"]
)
OUTBOX = Gauge("vetstream_outbox_depth", "Records of the outbox that are not sent.", ["group"])
HELD = Gauge("vetstream_held_depth", "Events in quarantine or waiting to be replayed.", ["group"])
DEAD_LETTER_DEPTH = Gauge("vetstream_dead_letter_depth", "Dead letters on the group's topic.", ["group"])


def serve(host: str, port: int) -> None:
    """Answer GET /metrics from a thread of its own, for as long as the process runs."""
    start_http_server(port, host)


def taken(group: str, events: Sequence[Event], repeats: int, seconds: float, now: datetime) -> None:
    """Count a batch that was committed; `repeats` of its events had been taken before."""
    BATCH_SECONDS.labels(group).observe(seconds)
    if repeats:
        DUPLICATES.labels(group).inc(repeats)
    if not events:
        return
    EVENTS.labels(group).inc(len(events))
    EVENT_AGE_SECONDS.labels(group).observe(age(events[0], now))
    for check in (check for check, service in answered_by().items() if service == group):
        answered(check, [age(event, now) for event in events if event.topic == f"{check}.requested"])


def answered(step: str, seconds: Iterable[float]) -> None:
    """Count answers of a check, each by the seconds since it was asked for."""
    observing = STEP_SECONDS.labels(step)
    for one in seconds:
        observing.observe(one)


def refused(group: str, problems: Iterable[Undecodable]) -> None:
    """Count what went to the dead letters."""
    for reason, count in Count(problem.reason for problem in problems).items():
        DEAD_LETTERS.labels(group, reason).inc(count)


def age(event: Event, now: datetime) -> float:
    """Seconds since an event; clocks of two machines may differ a little."""
    return max(0.0, (now - event.time).total_seconds())
