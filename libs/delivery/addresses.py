"""Where a delivery may go: to public addresses, looked at when the connection is made, and to those allowed."""

import errno
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# IPv4 addresses written as IPv6 ones (RFC 6052), which a translator leads to them.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


class Forbidden(OSError):
    """The address is none that a delivery may reach."""


@dataclass(frozen=True, slots=True)
class Reachable:
    """Public addresses, and those of `networks`."""

    networks: tuple[Network, ...] = ()

    def allows(self, text: str) -> bool:
        """Whether an address (no name) may be connected to; an IPv4 address within an IPv6 one counts as itself."""
        address = _inner(ipaddress.ip_address(text.partition("%")[0]))
        if any(address.version == network.version and address in network for network in self.networks):
            return True
        return address.is_global and not address.is_multicast

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """A socket for a resolved address, as aiohttp asks for it right before it connects; raises Forbidden."""
        family, kind, protocol, _, address = info
        if not self.allows(str(address[0])):
            raise Forbidden(errno.EACCES, f"{address[0]} is not a public address")
        return socket.socket(family, kind, protocol)


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks in CIDR notation; raises ValueError for one that is none."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def _inner(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    return inner or address
