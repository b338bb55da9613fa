"""The words that come with the project, read from their file."""

from pathlib import Path

import yaml

from libs.comparing.words import Words, parse

WORDS = Path(__file__).with_name("words.yaml")


def words(path: Path = WORDS) -> tuple[Words, bytes]:
    """The words of a document, and its content, by which its version is known."""
    content = path.read_bytes()
    return parse(yaml.safe_load(content)), content
