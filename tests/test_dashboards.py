"""The page of dashboards shows what is counted: no metric that there is not, and all of ours."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "dashboards" / "vetstream.json"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}


def counted() -> dict[str, str]:
    """Every name that Prometheus would read, with that of its metric."""
    for path in sorted((ROOT / "libs").rglob("*.py")) + sorted((ROOT / "services").rglob("*.py")):
        if "prometheus_client" in path.read_text():
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = REGISTRY.collect()
    return {f"{one.name}{end}": one.name for one in found for end in SUFFIXES.get(one.type, ("",))}


def expressions() -> Iterator[tuple[str, str]]:
    """Each panel's title with one of its expressions."""
    for panel in json.loads(PAGE.read_text())["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel.get("targets", ()))


def named(expression: str) -> set[str]:
    """The metrics in an expression of PromQL: what stands before a selector, a range, or nothing."""
    return set(re.findall(r"\b(?:vetstream|process)_\w+", expression))


@pytest.mark.parametrize(("title", "expression"), list(expressions()))
def test_every_metric_of_a_panel_exists(title: str, expression: str) -> None:
    assert named(expression), f"{title} shows nothing"
    assert named(expression) <= counted().keys()


def test_every_metric_of_ours_is_on_the_page() -> None:
    shown = {counted()[name] for _, expression in expressions() for name in named(expression)}
    assert {name for name in counted().values() if name.startswith("vetstream_")} <= shown


def test_grafana_can_lay_it_out() -> None:
    panels: list[dict[str, Any]] = json.loads(PAGE.read_text())["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for place in (panel["gridPos"] for panel in panels):
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells
