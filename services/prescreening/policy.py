"""What a step goes by: limits and tables as documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from libs.events.models import ReferenceVersion


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as its YAML has it, and which version of it this is."""

    document: Mapping[str, Any]
    version: ReferenceVersion
