"""Reading docker-compose.yml; needs no Docker engine."""

from pathlib import Path

import pytest

from libs.embedded.services import ROOT
from tests.e2e import compose


def file(folder: Path, services: str) -> Path:
    """A file with these services and the one that is built."""
    path = folder / "docker-compose.yml"
    built = "built: {image: made, build: {args: {BASE_IMAGE: base}}}"
    path.write_text(f"services:\n  {built}\n{services}")
    return path


def test_variables_of_the_environment_win_over_what_the_file_says() -> None:
    assert compose.read({}).services["kafka"].image.startswith("apache/kafka:")
    assert compose.read({"KAFKA_IMAGE": "mine"}).services["kafka"].image == "mine"
    assert compose.read({"KAFKA_IMAGE": ""}).services["kafka"].image.startswith("apache/kafka:")


def test_a_doubled_dollar_is_a_dollar(tmp_path: Path) -> None:
    read = compose.read({"WHAT": "no"}, file(tmp_path, "  one: {image: a, command: 'echo $$WHAT'}"))
    assert read.services["one"].command == "echo $WHAT"


def test_times_of_a_healthcheck_are_in_nanoseconds() -> None:
    told = compose.read({"HEALTH_INTERVAL": "3s"}).services["kyc"].healthcheck
    assert told is not None
    assert (told["interval"], told["retries"]) == (3_000_000_000, 6)


def test_nothing_is_started_before_what_it_waits_for() -> None:
    order = list(compose.read({}).services)
    assert set(order[:2]) == {"kafka", "postgres"}
    assert order[2] == "setup"


def test_the_images_that_have_to_be_there_are_those_that_are_not_built() -> None:
    read = compose.read({"KAFKA_IMAGE": "k", "POSTGRES_IMAGE": "p", "VETSTREAM_IMAGE": "v"})
    assert (read.others, read.build.tag) == ({"k", "p"}, "v")


def test_a_key_that_the_tests_would_pass_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"one: .* read_only"):
        compose.read({}, file(tmp_path, "  one: {image: a, read_only: true}"))


def test_services_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    waiting = "{image: a, depends_on: {%s: {condition: service_healthy}}}"
    with pytest.raises(ValueError, match="wait for each other"):
        compose.read({}, file(tmp_path, f"  one: {waiting % 'two'}\n  two: {waiting % 'one'}"))


def test_every_service_is_in_the_file() -> None:
    commands = {one.command for one in compose.read({}).services.values()}
    modules = {f"services.{path.parent.name}" for path in (ROOT / "services").glob("*/__main__.py")}
    assert modules | {"services.results.api", "libs.setup"} <= commands
