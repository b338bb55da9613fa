"""What the process is told by its environment."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Read when the process starts."""

    kyc_sources: Annotated[
        str, Field(description="A YAML document of sources over HTTP; the register alone if none.")
    ] = ""
    kyc_words: Annotated[str, Field(description="Nicknames and abbreviations instead of the project's.")] = ""
    kyc_rulesets: Annotated[str, Field(description="A policy instead of the one that comes with the project.")] = ""
