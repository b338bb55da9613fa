"""What the backoffice is told by its environment."""

from pydantic import Field

from libs.staff.settings import StaffSettings
from libs.streaming.settings import Settings
from libs.web.settings import WebSettings


class BackofficeSettings(Settings, WebSettings, StaffSettings):
    """Read when the process starts."""

    review_api_url: str = Field(default="", description="The API of results, where resolved hits go; none if empty.")
    review_api_keys: dict[str, str] = Field(default={}, description='JSON: {"customer": "key of the API", …}.')
    web_connections: int = Field(default=10, description="Connections to the database.")
