"""Spans: one for each event of a trace, below the request that it follows from, exported where an endpoint is set."""

import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.events.codec import encode
from libs.events.message import Event
from libs.streaming.consumer import StatefulConsumer
from libs.streaming.exporting import tracing_of
from libs.streaming.memory import MemoryBroker
from libs.streaming.settings import Settings
from libs.streaming.tracing import tracing
from tests.factory import onboarded
from tests.libs.streaming.conftest import Diary

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def followed() -> Event:
    """An event that follows from a request."""
    return replace(onboarded(id="followed"), traceparent=f"00-{TRACE}-{SPAN}-01")


class Collector(http.server.BaseHTTPRequestHandler):
    """Takes what is exported."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        received.append((self.path, ExportTraceServiceRequest.FromString(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is shown."""


received: list[tuple[str, ExportTraceServiceRequest]] = []


@pytest.fixture
def collector() -> Iterator[str]:
    received.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


async def test_a_consumer_makes_a_span_of_each_event_that_belongs_to_a_trace(engine: AsyncEngine) -> None:
    exporter = InMemorySpanExporter()
    spans = tracing("results", exporter)
    broker = MemoryBroker()
    consumer = StatefulConsumer(Diary(), broker, engine, tracing=spans)
    await consumer.start()
    await broker.producer().send([encode(followed()), encode(onboarded(id="alone"))])
    await consumer.run_once()
    await consumer.stop()
    spans.provider.force_flush()
    (span,) = exporter.get_finished_spans()
    assert span.name == "results entity.onboarded"
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, SPAN)
    assert (span.attributes or {})["messaging.message.id"] == "followed"
    assert span.start_time is not None
    assert span.end_time is not None
    assert 0 < span.end_time - span.start_time < 60e9
    spans.provider.shutdown()


def test_spans_are_exported_by_otlp_where_an_endpoint_is_set(collector: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
    spans = tracing_of("kyc", Settings())
    assert spans is not None
    spans.taken("kyc", [followed()], time.time_ns())
    spans.provider.shutdown()
    ((path, told),) = received
    (resource,) = told.resource_spans
    names = {one.key: one.value.string_value for one in resource.resource.attributes}
    (span,) = resource.scope_spans[0].spans
    assert (path, names["service.name"]) == ("/v1/traces", "vetstream-kyc")
    assert (span.trace_id.hex(), span.parent_span_id.hex(), span.name) == (TRACE, SPAN, "kyc entity.onboarded")


def test_without_an_endpoint_there_are_none() -> None:
    assert tracing_of("kyc", Settings(otel_exporter_otlp_endpoint="")) is None
