"""What a step goes by: limits and tables as documents."""

from dataclasses import dataclass
from typing import Any

from libs.events.models import ReferenceVersion


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as its step reads it from its YAML, and which version of it this is."""

    document: Any
    version: ReferenceVersion
