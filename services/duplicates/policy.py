"""The table of weights that the check works with, and which version of it this is."""

import hashlib
from pathlib import Path

import yaml

from libs.events.models import ReferenceVersion
from services.duplicates.weights import Weights, parse

WEIGHTS = Path(__file__).parent / "weights.yaml"


def policy(path: Path = WEIGHTS) -> tuple[Weights, ReferenceVersion]:
    """The weights of a document; raises ValueError with the place of what is wrong in it."""
    content = path.read_bytes()
    weights = parse(yaml.safe_load(content))
    version = ReferenceVersion(
        id="duplicates-weights", version=weights.version, sha256=hashlib.sha256(content).hexdigest()
    )
    return weights, version
