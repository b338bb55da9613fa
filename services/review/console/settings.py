"""Where the console reads, as the environment tells it."""

from pydantic import Field
from pydantic_settings import BaseSettings


class ConsoleSettings(BaseSettings):
    """Read when a process starts, beside those of every service."""

    console_api: str = Field(default="", description="Address of the results API; without it no executions are shown.")
    console_api_key: str = Field(default="", description="A key of the API, of role admin or analyst.")
    console_customer: str = Field(default="", description="The key's customer.")
    console_databases: dict[str, str] = Field(
        default={}, description='JSON: {"results": "postgresql+asyncpg://…", …}, of groups that keep a state.'
    )
