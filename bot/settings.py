"""What whoever runs the bot can set, from the environment; what every command needs is in
`bot.environment`.
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.channels import Plan


class Settings(BaseSettings):
    """Read from variables that begin with SOLIEU_; the README lists them with examples."""

    model_config = SettingsConfigDict(
        env_prefix="SOLIEU_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    telegram_token: SecretStr | None = Field(None, description="the bot's token from BotFather")
    telegram_api: str = Field("https://api.telegram.org", description="the Bot API's root address")
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="how updates are received"
    )
    telegram_secret: SecretStr | None = Field(
        None, description="the webhook's secret; by default made from the token"
    )
    zalo_token: SecretStr | None = Field(None, description="the bot's token from Zalo Bot Creator")
    zalo_api: str = Field(
        "https://bot-api.zaloplatforms.com", description="the Zalo Bot API's root address"
    )
    zalo_mode: Literal["polling", "webhook"] = Field(
        "polling", description="how updates are received"
    )
    zalo_secret: SecretStr | None = Field(
        None, description="the webhook's secret; by default made from the token"
    )
    zalo_messages: int = Field(3000, ge=1, description="messages that the plan has a month")
    zalo_users: int = Field(50, ge=1, description="users that the plan has")
    zalo_reserve: int | None = Field(
        None, ge=0, description="messages a month left to answers; by default a tenth of the plan's"
    )
    public_url: str | None = Field(
        None, description="our address as others reach it: for webhooks, pictures and files"
    )
    listen: str = Field(
        "127.0.0.1:8080", description="where webhooks, pictures and health are served"
    )
    telegram_rich: bool = Field(
        True, description="tables and foldable sources as rich messages, where Telegram takes them"
    )
    proxy: str | None = Field(None, description="a proxy for calls to Telegram")
    broadcast_rate: int = Field(
        25, ge=1, le=30, description="parts of digests a second; the rest is for answers"
    )
    digest_in_doubt: Literal["once", "ask"] = Field(
        "once", description="what becomes of a part that may have arrived or not"
    )
    admins: str = Field(
        "", description="who is told of what failed for good: telegram:12345,telegram:67890"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="how much is logged"
    )
    log_json: bool = Field(False, description="log lines as JSON")

    @field_validator("telegram_api", "zalo_api", "public_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("telegram_token", "zalo_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("a token as the platform gave it: digits, a colon, and letters")
        return value

    @field_validator("zalo_secret")
    @classmethod
    def _zalo_secret(cls, value: SecretStr | None) -> SecretStr | None:
        # https://bot.zapps.me/docs: secret_token has 8 to 256 characters; it travels in a header.
        if value is not None and not re.fullmatch(r"[!-~]{8,256}", value.get_secret_value()):
            raise ValueError("8 to 256 visible characters of ASCII")
        return value

    @field_validator("zalo_reserve")
    @classmethod
    def _zalo_reserve(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and value >= info.data.get("zalo_messages", value + 1):
            raise ValueError("less than SOLIEU_ZALO_MESSAGES: else no digest would ever be sent")
        return value

    @field_validator("telegram_secret")
    @classmethod
    def _secret(cls, value: SecretStr | None) -> SecretStr | None:
        # https://core.telegram.org/bots/api#setwebhook
        if value is not None and not re.fullmatch(
            r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()
        ):
            raise ValueError("1 to 256 letters A-Z a-z, digits, _ and -")
        return value

    @field_validator("admins")
    @classmethod
    def _admins(cls, value: str) -> str:
        for each in filter(None, value.replace(" ", "").split(",")):
            if not re.fullmatch(r"[a-z]+:-?\w+", each):
                raise ValueError("CHANNEL:ID, separated by commas")
        return value.replace(" ", "")

    @property
    def zalo_plan(self) -> Plan:
        """What the bot on Zalo may do."""
        reserve = self.zalo_messages // 10 if self.zalo_reserve is None else self.zalo_reserve
        return Plan(self.zalo_messages, self.zalo_users, reserve)

    def admins_on(self, channel: str) -> tuple[str, ...]:
        """The chats of the admins on a channel."""
        pairs = (each.partition(":") for each in self.admins.split(","))
        return tuple(chat for name, _, chat in pairs if name == channel and chat)

    @field_validator("listen")
    @classmethod
    def _listen(cls, value: str) -> str:
        host, colon, port = value.rpartition(":")
        if not colon or not host or not port.isdigit() or not 0 <= int(port) <= 65535:
            raise ValueError("HOST:PORT, such as 127.0.0.1:8080")
        return value
