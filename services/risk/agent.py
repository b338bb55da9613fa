"""The wiring of the risk assessment: the profiles and tables on disk, and the rules."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from libs.events.models import CheckRequested, ReferenceVersion, StepResult
from libs.streaming.check import Check, CheckFailed
from services.risk import rules
from services.risk.catalogue import Catalogue, catalogue
from services.risk.loading import load_profile
from services.risk.profile import Profile
from services.risk.tables import Tables, by_member

DATA = Path(__file__).with_name("data")
PROFILES = Path(__file__).with_name("profiles")
DEFAULT = "standard"


def load_catalogue(folder: Path = DATA) -> Catalogue:
    """The factors that there are."""
    return catalogue(yaml.safe_load((folder / "factors.yaml").read_text()))


def load_profiles(folder: Path = PROFILES) -> dict[str, Profile]:
    """Every profile of a folder by its name; raises InvalidProfile."""
    known = load_catalogue()
    return {path.stem: load_profile(path.stem, path.read_text(), known) for path in sorted(folder.glob("*.yaml"))}


def load_tables(folder: Path = DATA) -> tuple[Tables, list[ReferenceVersion]]:
    """The look-up tables of a folder, and which versions of them these are."""
    countries, documents = (_table(folder / f"{name}.yaml") for name in ("countries", "documents"))
    tables = Tables(by_member(countries[0], "countries"), by_member(documents[0], "documents"))
    return tables, [countries[1], documents[1]]


def _table(path: Path) -> tuple[dict[str, Any], ReferenceVersion]:
    content = path.read_bytes()
    table = yaml.safe_load(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return table, ReferenceVersion(id=f"risk-table/{path.stem}", version=str(table["as_of"]), sha256=sha256)


def check(changed: Mapping[str, str] | None = None) -> Check:
    """The check, with its profiles and tables loaded; texts in `changed` take the place of profiles that ship."""
    known, (tables, references) = load_catalogue(), load_tables()
    profiles = load_profiles() | {name: load_profile(name, text, known) for name, text in (changed or {}).items()}

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        name = request.settings.get("profile", DEFAULT)
        if name not in profiles:
            raise CheckFailed("Check.UnknownProfile", f"no risk profile {name!r}; there are {', '.join(profiles)}")
        return rules.answer(request, profiles[name], tables, references, now)

    return Check(name="risk", answer=answer, repeatable=True)
