"""Who else has shown the same as an application."""

from typing import NamedTuple

KINDS = ("device", "document", "account", "address", "phone", "email")


class Others(NamedTuple):
    """Other applications that showed the same, and how many other persons made them."""

    applications: int
    persons: int
