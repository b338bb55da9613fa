"""Where a delivery may go."""

import errno
import socket

import pytest

from libs.delivery.addresses import Forbidden, Reachable, networks


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_are_reached(address: str) -> None:
    assert Reachable().allows(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.9.1",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1", "2002:7f00:1::"),
    ],
)
def test_others_are_not(address: str) -> None:
    assert not Reachable().allows(address)


def test_what_the_operator_allows_is_reached_and_nothing_beside_it() -> None:
    reachable = Reachable(networks(["10.1.0.0/16", "::1/128"]))
    assert [reachable.allows(one) for one in ("10.1.2.3", "::ffff:10.1.2.3", "::1", "10.2.0.1", "127.0.0.1")] == [
        *(True, True, True, False, False)
    ]


def test_a_socket_is_refused_for_the_address_it_would_connect_to() -> None:
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("169.254.169.254", 80))
    with pytest.raises(Forbidden, match=r"169\.254\.169\.254 is not a public address") as raised:
        Reachable().socket(info)
    assert raised.value.errno == errno.EACCES


def test_a_network_that_is_none_is_told() -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/99"):
        networks(["10.0.0.0/99"])
