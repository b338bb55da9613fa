"""Requests are counted by operation, without what stands in their paths."""

import httpx
from prometheus_client import REGISTRY


def count(**labels: str) -> float:
    return REGISTRY.get_sample_value("vetstream_http_request_seconds_count", labels) or 0.0


async def test_a_request_counts_for_its_operation(api: httpx.AsyncClient) -> None:
    missing = {"method": "GET", "route": "/v2/individuals/{entityId}", "status": "404"}
    nowhere = {"method": "GET", "route": "none", "status": "404"}
    before = count(**missing), count(**nowhere)
    await api.get("/v2/individuals/somebody-in-particular")
    await api.get("/somewhere/else")
    assert (count(**missing) - before[0], count(**nowhere) - before[1]) == (1, 1)
    routes = {sample.labels.get("route") for family in REGISTRY.collect() for sample in family.samples}
    assert not any("somebody" in route for route in routes if route)
