from pathlib import Path

from libs.embedded.clean import clean
from libs.embedded.processes import Processes


def used(data: Path) -> Path:
    with Processes(data):
        (data / "log").mkdir()
        (data / "log" / "kyc.log").write_text("x")
        (data / "blobs" / "ab").mkdir(parents=True)
        for name in ("token.key", "web.key", "webhook.key", "reviewer.password", "outside.jsonl", "metrics.json"):
            (data / name).write_text("x")
    return data


def test_the_data_of_runs_goes_with_its_folder(tmp_path: Path) -> None:
    data = used(tmp_path / "data")
    assert clean(data) == f"removed {data}"
    assert not data.exists()


def test_what_is_not_of_a_run_stays(tmp_path: Path) -> None:
    data = used(tmp_path / "data")
    (data / "letters").write_text("mine")
    assert "what else is in it stays" in clean(data)
    assert [file.name for file in data.iterdir()] == ["letters"]


def test_a_folder_that_no_run_has_used_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    assert clean(tmp_path) == f"nothing to remove: no run has used {tmp_path}"
    assert (tmp_path / "log").exists()
