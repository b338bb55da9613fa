"""Whether an endpoint is one that may be delivered to; where it leads is looked at when a delivery is made."""

import ipaddress
from urllib.parse import urlsplit

from libs.delivery.addresses import Reachable

LONGEST = 2000


def problem(endpoint: str, reachable: Reachable) -> str | None:
    """What is wrong with an endpoint; None where nothing is."""
    if not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint or len(endpoint) > LONGEST:
        return f"is not a URL of at most {LONGEST} ASCII characters"
    try:
        parts = urlsplit(endpoint)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"is not a URL: {error}"
    if not host:
        return "names no host"
    if parts.username is not None or parts.query or parts.fragment:
        return "has a user, a query or a fragment: only a path may follow the host"
    # Without encryption only where the operator has named networks of their own.
    if parts.scheme != "https" and not (parts.scheme == "http" and reachable.networks):
        return "does not begin with https://"
    if _literal(host) and not reachable.allows(host):
        return f"{host} is not a public address"
    return None


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
