"""A producer that says everything twice: each record of each topic is written once more, as it was."""

import asyncio
from collections import Counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from libs.events.catalogue import topics
from libs.streaming.kafka import LARGEST_RECORD


class Repeating:
    """Repeats what is written from now on, until stopped; `repeated` counts by topic."""

    def __init__(self, bootstrap: str) -> None:
        self.repeated: Counter[str] = Counter()
        self._mine: set[tuple[TopicPartition, int]] = set()
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=LARGEST_RECORD
        )
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", max_request_size=LARGEST_RECORD)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Repeating":
        await self._consumer.start()
        await self._producer.start()
        places = [TopicPartition(one.name, number) for one in topics().values() for number in range(one.partitions)]
        self._consumer.assign(places)
        await self._consumer.seek_to_end()
        for place in places:
            await self._consumer.position(place)  # a seek is done when it is asked for
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._consumer.stop()
        await self._producer.stop()

    async def all_repeated(self) -> bool:
        """Whether nothing is left to repeat."""
        assert self._task is not None
        assert not self._task.done(), self._task
        ends = await self._consumer.end_offsets(self._consumer.assignment())
        return all([await self._consumer.position(place) >= end for place, end in ends.items()])

    async def _run(self) -> None:
        """What it wrote itself is known by its place, which it has learnt before it reads on."""
        while True:
            for place, records in (await self._consumer.getmany(timeout_ms=100)).items():
                originals = [record for record in records if (place, record.offset) not in self._mine]
                sent = [
                    await self._producer.send(
                        place.topic, one.value, one.key, partition=place.partition, headers=list(one.headers)
                    )
                    for one in originals
                ]
                self._mine |= {(place, (await one).offset) for one in sent}
                self.repeated[place.topic] += len(sent)
