"""Spans of what was asked over HTTP and what followed from it on Kafka, exported by OTLP where an endpoint is set.

Events carry the W3C `traceparent` of the request that they follow from: each hop is a span below it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from libs.events.message import Event

HEADER = "traceparent"


@dataclass(frozen=True, slots=True)
class Tracing:
    """Makes the spans of one process."""

    provider: TracerProvider
    tracer: Tracer
    _propagator: TraceContextTextMapPropagator = field(default_factory=TraceContextTextMapPropagator)

    def taken(self, group: str, events: Sequence[Event], began: int) -> None:
        """A span for each event of a batch that belongs to a trace, from `began` (nanoseconds since 1970) until now."""
        ended = time.time_ns()
        for event in events:
            if event.traceparent is not None:
                attributes = {
                    "messaging.system": "kafka",
                    "messaging.destination.name": event.topic,
                    "messaging.consumer.group.name": group,
                    "messaging.message.id": event.id,
                    "vetstream.correlation": event.correlation or "",
                }
                parent = self._parent(event.traceparent)
                name, kind = f"{group} {event.topic}", SpanKind.CONSUMER
                self.tracer.start_span(name, parent, kind, attributes, start_time=began).end(ended)

    def request(self, name: str, traceparent: str | None) -> Span:
        """The span of an HTTP request, below the caller's own where there is one; whoever asked for it ends it."""
        return self.tracer.start_span(name, self._parent(traceparent or ""), SpanKind.SERVER)

    def traceparent(self, span: Span) -> str:
        """What events that follow from a span carry."""
        context = span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"

    def _parent(self, traceparent: str) -> Context:
        """A text that is no traceparent makes a trace of its own."""
        return self._propagator.extract({HEADER: traceparent}, Context())


def tracing(service: str, exporter: SpanExporter) -> Tracing:
    """Spans named for a service; what they are exported by works in a thread of its own."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"vetstream-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider, provider.get_tracer("vetstream"))
