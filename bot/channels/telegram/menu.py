"""What Telegram shows of the bot before anyone has asked: its commands and descriptions, in each
language.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.channels.telegram.api import Api
from bot.channels.telegram.read import COMMANDS
from handlers.say import Say

log = structlog.get_logger(__name__)

LANGUAGES = (("", "vi"), ("en", "en"))
"""Telegram's code, empty for everybody else, and ours."""


async def keep(api: Api, say_in: Callable[[str], Say], pause: float = 60.0) -> None:
    """Sets what differs from what is shown; what fails is tried again later."""
    while True:
        try:
            for code, language in LANGUAGES:
                await _set(api, code, say_in(language))
        except TelegramError as error:
            log.warning(
                "The bot's menu could not be set; trying again later.", error=str(error)[:200]
            )
            await asyncio.sleep(pause)
            pause = min(pause * 2, 3600.0)
        else:
            return


async def _set(api: Api, code: str, say: Say) -> None:
    commands = [
        {"command": name, "description": say.text(f"channel.command.{name}")} for name in COMMANDS
    ]
    description = say.text("channel.description")
    short = say.text("channel.short_description")
    wanted: tuple[tuple[str, dict[str, Any], Any], ...] = (
        ("MyCommands", {"commands": commands}, commands),
        ("MyDescription", {"description": description}, {"description": description}),
        ("MyShortDescription", {"short_description": short}, {"short_description": short}),
    )
    for what, params, shown in wanted:
        language = {"language_code": code} if code else {}
        if await api.call(f"get{what}", language) != shown:
            await api.call(f"set{what}", {**params, **language})
