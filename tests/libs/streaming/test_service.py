"""What a service says of itself while it starts."""

from typing import Any

from libs.streaming.agent import faust_app
from libs.streaming.answering import Answering
from libs.streaming.memory import MemoryBroker
from libs.streaming.service import assigned
from services.idv.agent import check


async def test_a_check_whose_consumer_is_not_there_yet_answers_for_no_partition() -> None:
    app = faust_app(Answering(check()), "localhost:1", MemoryBroker().producer())
    consumer: Any = app.consumer
    assert consumer is not None
    assert assigned(app) == set()
    app._started.set()  # the app says so before the consumer's thread has begun
    assert assigned(app) == set()
    consumer._thread.thread_loop.close()
