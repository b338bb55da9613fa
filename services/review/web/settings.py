"""What the backoffice is told by its environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from libs.staff.settings import StaffSettings
from libs.streaming.settings import Settings
from libs.web.settings import WebSettings
from services.review.console.settings import ConsoleSettings


class BackofficeSettings(Settings, WebSettings, StaffSettings, ConsoleSettings):
    """Read when the process starts; what is empty is as if it were not set."""

    model_config = SettingsConfigDict(env_ignore_empty=True)

    review_api_url: str = Field(default="", description="The API of results, where resolved hits go; none if empty.")
    review_api_keys: dict[str, str] = Field(default={}, description='JSON: {"customer": "key of the API", …}.')
    web_connections: int = Field(default=10, description="Connections to the database.")
