"""One trace from the HTTP request through every service that worked on it."""

import httpx
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from libs.events.codec import encode
from libs.events.message import Event, Message
from libs.streaming.tracing import tracing
from services.results.api.app import create_app
from tests.flows.system import API_KEY, System

HEADERS = {"api_key": API_KEY, "X-Frankie-CustomerID": "c1", "X-Frankie-Background": "1"}
EXECUTE = "/v2/individuals/new/serviceprofiles/Onboarding/workflows/Individual-Onboarding/execute"
CALLERS = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Publishing:
    """The API's publisher, onto the system's broker."""

    def __init__(self, system: System) -> None:
        self._system = system

    async def publish(self, event: Event) -> Message:
        await self._system.publish(event)
        return encode(event)


async def test_the_request_and_all_that_follows_from_it_are_one_trace(system: System) -> None:
    exporter = InMemorySpanExporter()
    spans = tracing("all", exporter)
    for consumer in system.consumers:
        consumer._tracing = spans
    for agent in system.agents.values():
        agent.answering.tracing = spans
    app = create_app(system.engines["results"], Publishing(system), system.broker, wait_seconds=0.1, tracing=spans)
    await system.settle()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api", headers=HEADERS) as api:
        body = {"individual": {"name": {"givenName": "Ada", "familyName": "Nkemelu"}}}
        answer = await api.post(EXECUTE, json=body, headers={"traceparent": CALLERS})
    assert answer.status_code == 202, answer.text
    await system.settle()
    spans.provider.shutdown()
    found = exporter.get_finished_spans()
    (request,) = [span for span in found if span.name.startswith("POST /v2/individuals/new/")]
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == CALLERS.split("-")[2]
    assert {f"{span.context.trace_id:032x}" for span in found if span.context} == {CALLERS.split("-")[1]}
    below = {
        span.name
        for span in found
        if span.parent and request.context and span.parent.span_id == request.context.span_id
    }
    assert below >= {"orchestration entity.onboarded", "kyc kyc.requested", "orchestration kyc.completed",
                     "aml aml.requested", "decision decision.requested", "results workflow.progressed"}  # fmt: skip
    assert not any("Nkemelu" in str(span.to_json()) for span in found)
