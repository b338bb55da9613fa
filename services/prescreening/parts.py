"""The steps of the check by the setting `check` that names them, one line each."""

from typing import Any

from services.prescreening.part import Part

PARTS: dict[str, Part[Any]] = {}
