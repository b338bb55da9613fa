"""Requests made up from the released description, good and bad: no server error, no status or answer that it lacks."""

import asyncio
import sys
from pathlib import Path

from fastapi import FastAPI

from libs.delivery.addresses import Reachable
from libs.events.catalogue import SCHEMAS
from services.results.api.openapi import RELEASED
from services.results.api.webhooks import Means
from tests.services.results import factory
from tests.services.results.conftest import HEADERS, Projection
from tests.serving import serving

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance",
)  # fmt: skip
# The person of the description's examples.
BEGIN = factory.onboarded("e1")


async def test_nothing_that_is_sent_gets_an_answer_that_is_not_described(
    app: FastAPI, projection: Projection, tmp_path: Path
) -> None:
    await projection.fold([factory.published(), BEGIN, *factory.story(BEGIN, hit=True)])
    app.state.webhooks = Means(b"a key for tests", Reachable())
    async with serving(app) as address:
        asked = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", SCHEMAS / RELEASED, "--url", address),
            *("--checks", ",".join(CHECKS), "--phases", "examples,fuzzing", "--max-examples", "6"),
            *("--seed", "7", "--generation-database", "none", "--warnings", "off", "--request-timeout", "10"),
            *(part for name, value in HEADERS.items() for part in ("--header", f"{name}:{value}")),
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await asked.communicate()
    assert asked.returncode == 0, told.decode()
    assert projection.published != []
