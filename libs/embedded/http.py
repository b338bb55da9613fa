"""Asking the services of this machine over HTTP, whatever proxy the environment names."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """The server answered with an error that asking again would not change."""


def get_json(url: str, headers: Mapping[str, str], timeout: float = 5.0) -> dict[str, Any] | None:
    """The document at a URL; None where it is not there, or the server cannot answer now."""
    try:
        with _OPENER.open(urllib.request.Request(url, headers=dict(headers)), timeout=timeout) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404 or error.code >= 500:
                return None
            raise Refused(f"{url} answered {error.code}: {error.read(300).decode(errors='replace')}") from None
    except OSError:  # not there, or gone in the middle of an answer
        return None


def answers_200(url: str, timeout: float = 2.0) -> bool:
    """Whether a health endpoint says that all is well."""
    try:
        with _OPENER.open(url, timeout=timeout) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
