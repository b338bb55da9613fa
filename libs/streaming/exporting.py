"""Whether this process makes spans: where OTEL_EXPORTER_OTLP_ENDPOINT is set. Else nothing of it is even loaded."""

from typing import TYPE_CHECKING

from libs.streaming.settings import Settings

if TYPE_CHECKING:
    from libs.streaming.tracing import Tracing


def tracing_of(service: str, settings: Settings) -> "Tracing | None":
    """The spans of a service; the exporter reads its other settings from the environment, by OpenTelemetry's names."""
    if not settings.otel_exporter_otlp_endpoint:
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    from libs.streaming.tracing import tracing

    return tracing(service, OTLPSpanExporter())
