"""The wiring of the risk assessment: the profile and its tables on disk, one engine, and the rules."""

from datetime import datetime
from pathlib import Path

import yaml
import zen

from libs.events.models import CheckRequested, StepResult
from libs.streaming.check import Check, CheckFailed
from services.risk import rules
from services.risk.profile import Profile
from services.risk.tables import Tables, by_member

DATA = Path(__file__).with_name("data")
DEFAULT = "standard"


def load_profiles(folder: Path = DATA) -> dict[str, Profile]:
    """Every profile of a folder by its name."""
    engine = zen.ZenEngine()
    return {path.stem: Profile(path.stem, path.read_text(), engine) for path in sorted(folder.glob("*.json"))}


def load_tables(folder: Path = DATA) -> Tables:
    """The look-up tables of a folder."""
    countries = yaml.safe_load((folder / "countries.yaml").read_text())
    del countries["as_of"]
    documents = yaml.safe_load((folder / "documents.yaml").read_text())
    return Tables(by_member(countries), by_member(documents))


def check() -> Check:
    """The check, with its profiles and tables loaded."""
    profiles, tables = load_profiles(), load_tables()

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        name = request.settings.get("profile", DEFAULT)
        if name not in profiles:
            raise CheckFailed("Check.UnknownProfile", f"no risk profile {name!r}; there are {', '.join(profiles)}")
        return rules.answer(request, profiles[name], tables, now)

    return Check(name="risk", answer=answer)
