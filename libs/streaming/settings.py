"""What a process is told by its environment."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Read when a process starts, handed to what needs it."""

    kafka_bootstrap: Annotated[str, Field(description="Brokers, host:port separated by commas.")] = "localhost:9092"
    database_url: Annotated[str, Field(description="postgresql+asyncpg://… of the service's own database.")] = ""
    blobs_directory: Annotated[str, Field(description="Folder of attachments, shared by who writes and reads.")] = ""
    health_port: Annotated[int, Field(description="Port of /health/live and /health/ready; 0 for none.")] = 0
    health_host: Annotated[str, Field(description="Address that the health endpoints listen on.")] = "127.0.0.1"
    vetstream_metrics_port: Annotated[int, Field(description="Port of /metrics; 0 for none.")] = 0
    vetstream_metrics_host: Annotated[str, Field(description="Address that /metrics listens on.")] = "127.0.0.1"
    otel_exporter_otlp_endpoint: Annotated[
        str, Field(description="Where spans go by OTLP over HTTP; none if empty.")
    ] = ""
    vetstream_token_key: Annotated[str, Field(description="Secret of the task tokens; orchestration needs it.")] = ""
    api_database_password: Annotated[str, Field(description="Password of the API's role; set-up needs it.")] = ""
    vetstream_files: Annotated[str, Field(description="Directory of the files that Maps read and write.")] = ""
    log_level: Annotated[str, Field(description="DEBUG, INFO, WARNING or ERROR.")] = "INFO"
