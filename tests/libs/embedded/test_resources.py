import shutil
import socket
from pathlib import Path

import pytest

from libs.embedded.errors import EmbeddedError
from libs.embedded.resources import LOOPBACK, cache_folder, free_port, require_free, require_space


def test_a_free_port_can_be_bound() -> None:
    port = free_port()
    require_free(port, "broker", "--broker-port")
    with socket.create_server((LOOPBACK, port)):
        pass


def test_a_port_in_use_is_named_with_the_option_that_changes_it() -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(EmbeddedError, match=rf"port {port} is in use, the broker needs it.*--broker-port"):
            require_free(port, "broker", "--broker-port")


def test_a_full_disk_is_named_with_what_is_needed(tmp_path: Path) -> None:
    require_space(tmp_path / "not" / "there", 1)
    with pytest.raises(EmbeddedError, match=r"disk of .* is full: \d+ MB free, \d+ MB needed"):
        require_space(tmp_path, shutil.disk_usage(tmp_path).total + 2**40)


def test_the_cache_can_be_chosen(tmp_path: Path) -> None:
    assert cache_folder({"VETSTREAM_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "vetstream"
    assert cache_folder({}) == Path.home() / ".cache" / "vetstream"
