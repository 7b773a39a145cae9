"""What whoever runs it can set, from the environment: each setting once, with its meaning."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Read from variables that begin with SOLIEU_; the README lists them with examples."""

    model_config = SettingsConfigDict(
        env_prefix="SOLIEU_", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: str | None = Field(None, description="the store; by default SQLite in the user's data folder")
    home_region: str | None = Field(None, description="the place meant when none is named")
    telegram_token: SecretStr | None = Field(None, description="the bot's token from BotFather")
    telegram_api: str = Field("https://api.telegram.org", description="the Bot API's root address")
    telegram_mode: Literal["polling", "webhook"] = Field("polling", description="how updates are received")
    telegram_secret: SecretStr | None = Field(None, description="the webhook's secret; by default made from the token")
    public_url: str | None = Field(None, description="our address as Telegram reaches it, for the webhook")
    listen: str = Field("127.0.0.1:8080", description="where the webhook listens")
    proxy: str | None = Field(None, description="a proxy for calls to Telegram")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")
    log_json: bool = Field(False, description="log lines as JSON")

    @field_validator("telegram_api", "public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not colon or not host or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError("HOST:PORT, such as 127.0.0.1:8080")
        return value


def today() -> date:
    """The day it is in Viet Nam, whatever the machine's clock is set to; there is no summer time there."""
    from datetime import UTC, datetime, timedelta, timezone  # noqa: PLC0415 - only where a clock is read

    return datetime.now(UTC).astimezone(timezone(timedelta(hours=7))).date()
