import json
from pathlib import Path

from libs.embedded.services import Surroundings, command, scraped, services
from libs.events.catalogue import answered_by


def around(data: Path) -> Surroundings:
    url = "postgresql+asyncpg://postgres:secret@127.0.0.1:2/postgres"
    return Surroundings(data, "127.0.0.1:1", url, "key", "another", "hidden", "a third")


def test_every_check_has_a_process_and_a_port_of_its_own() -> None:
    found = services(api_port=8080)
    assert {one.name for one in found} >= {*answered_by().values(), "orchestration", "results", "webhooks", "api"}
    assert len({one.port for one in found} | {one.metrics for one in found}) == 2 * len(found)


def test_prometheus_is_told_where_each_is_scraped() -> None:
    found = services(api_port=8080)
    targets = {one["labels"]["service"]: one["targets"] for one in json.loads(scraped(found))}
    assert targets == {one.name: [f"127.0.0.1:{one.metrics}"] for one in found}


def test_a_service_is_told_its_own_database(tmp_path: Path) -> None:
    kyc = next(one for one in services(8080) if one.name == "kyc")
    told = command(kyc, around(tmp_path), {"PATH": "/bin", "HEALTH_PORT": "1"}).env
    assert told is not None
    assert told["DATABASE_URL"] == "postgresql+asyncpg://postgres:secret@127.0.0.1:2/kyc"
    assert told["HEALTH_PORT"] == str(kyc.port)
    assert told["PATH"] == "/bin"


def test_the_api_reads_the_results_and_has_its_own_health(tmp_path: Path) -> None:
    api = services(8080)[-1]
    told = command(api, around(tmp_path), {}).env
    assert told is not None
    assert told["API_PORT"] == "8080"
    assert told["DATABASE_URL"] == "postgresql+asyncpg://vetstream_api:hidden@127.0.0.1:2/results"
    assert "HEALTH_PORT" not in told
    assert api.ready_url == "http://127.0.0.1:8080/health/ready"


def test_the_applicants_pages_have_a_port_and_a_store_of_pictures(tmp_path: Path) -> None:
    collection = next(one for one in services(8080) if one.name == "collection")
    told = command(collection, around(tmp_path), {}).env
    assert told is not None
    assert (told["WEB_HOST"], told["WEB_PORT"]) == ("127.0.0.1", str(collection.face))
    assert collection.address == f"http://127.0.0.1:{collection.face}"
    assert told["BLOBS_DIRECTORY"] == str(tmp_path / "blobs")


def test_the_backoffice_has_a_port_of_its_own_and_the_cases(tmp_path: Path) -> None:
    office = next(one for one in services(8080) if one.name == "backoffice")
    told = command(office, around(tmp_path), {}).env
    assert told is not None
    assert told["DATABASE_URL"].endswith("/review")
    assert (told["WEB_PORT"], office.address) == (str(office.face), f"http://127.0.0.1:{office.face}")
    assert office.ready_url == f"{office.address}/health/ready"


def test_the_console_is_told_of_the_database_of_each_group(tmp_path: Path) -> None:
    office = next(one for one in services(8080) if one.name == "backoffice")
    told = command(office, around(tmp_path), {}).env
    assert told is not None
    assert told["CONSOLE_DATABASE"] == "postgresql+asyncpg://postgres:secret@127.0.0.1:2/{group}"
