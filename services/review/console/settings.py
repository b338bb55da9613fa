"""Where the console reads, as the environment tells it."""

from pydantic import Field
from pydantic_settings import BaseSettings

from libs.streaming.lagging import groups
from libs.streaming.replay import keeps_state


class ConsoleSettings(BaseSettings):
    """Read when a process starts, beside those of every service."""

    console_api: str = Field(default="", description="Address of the results API; without it no executions are shown.")
    console_api_key: str = Field(default="", description="A key of the API, of role admin or analyst.")
    console_customer: str = Field(default="", description="The key's customer.")
    console_database: str = Field(default="", description="postgresql+asyncpg://…/{group}, of groups with a state.")

    @property
    def databases(self) -> dict[str, str]:
        """The database of each group that keeps a state."""
        named = groups() if self.console_database else []
        return {group: self.console_database.replace("{group}", group) for group in named if keeps_state(group)}
