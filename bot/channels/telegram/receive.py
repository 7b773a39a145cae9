"""How updates come from Telegram into the store: fetched or delivered, and confirmed only when they
lie there.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from datetime import timedelta
from typing import Any

import structlog
from telegram.error import Conflict, RetryAfter, TelegramError, TimedOut

from bot.channels import Take
from bot.channels.health import Health
from bot.channels.hook import Hook
from bot.channels.telegram.api import Api, NoSuchMethod, Unauthorized
from bot.channels.telegram.read import UPDATES, order
from db.chats import Received

log = structlog.get_logger(__name__)

HOLD = 25
"""Seconds for which Telegram may keep a request for updates open; its own limit is 50."""
SECRET = "X-Telegram-Bot-Api-Secret-Token"
STUCK = 3
"""After so many time-outs in a row the connections are taken to hang."""


def _trouble(error: TelegramError) -> str:
    """Name what is wrong: another receiver, a request refused, or Telegram away."""
    if isinstance(error, Conflict):
        return "conflict"
    return "refused" if isinstance(error, Unauthorized | NoSuchMethod) else "away"


def failing(health: Health, error: TelegramError) -> float:
    """A request failed; gives the seconds to wait before the next one."""
    pause = health.failing(_trouble(error), error)
    if isinstance(error, RetryAfter):
        after = error.retry_after
        return after.total_seconds() if isinstance(after, timedelta) else float(after)
    return 0.1 if isinstance(error, TimedOut) else pause  # that one has waited long enough


def received(raw: Any) -> Received:
    """An update as it is stored: unread, whatever its shape."""
    text = json.dumps(raw)
    id = raw.get("update_id") if isinstance(raw, dict) else None
    key = str(id) if isinstance(id, int) else "?" + hashlib.sha256(text.encode()).hexdigest()[:32]
    return Received(key, order(raw), text)


async def poll(api: Api, take: Take, health: Health, hold: int = HOLD) -> None:
    """Fetches updates until it is cancelled. The next request confirms the ones before, so it is
    made once they are stored.
    """
    offset: int | None = None
    stuck = 0
    while True:
        params: dict[str, Any] = {"timeout": hold, "allowed_updates": list(UPDATES)}
        try:
            updates = await api.call(
                "getUpdates", params if offset is None else {**params, "offset": offset}, hold=hold
            )
            if not isinstance(updates, list):
                raise TelegramError("Invalid server response")  # noqa: TRY301
        except TelegramError as error:
            if isinstance(error, Conflict) and "webhook" in str(error).lower():
                await _unhook(api)
            stuck = stuck + 1 if isinstance(error, TimedOut) else 0
            if stuck >= STUCK:
                await api.renew()
                stuck = 0
            await asyncio.sleep(failing(health, error))
            continue
        stuck = 0
        health.fine()
        if updates:
            await take([received(raw) for raw in updates])
            ids = [
                raw["update_id"]
                for raw in updates
                if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
            ]
            offset = max(ids, default=offset or 0) + 1 if ids else offset


async def _unhook(api: Api) -> None:
    try:
        await api.call("deleteWebhook")
        log.warning("A webhook was set for this bot; it is removed, since updates are fetched.")
    except TelegramError as error:
        log.warning("A webhook is set for this bot and could not be removed.", error=str(error))


async def keep(hook: Hook, api: Api, health: Health, every: float = 60.0) -> None:
    """Sees to it, until it is cancelled, that Telegram delivers to an address of ours."""
    failed_at = int(time.time())
    while True:
        try:
            info = await api.call("getWebhookInfo")
            if not isinstance(info, dict):
                raise TelegramError("Invalid server response")  # noqa: TRY301
            failed = info.get("last_error_date", 0) > failed_at
            if failed:
                failed_at = info["last_error_date"]
                log.warning(
                    "Telegram could not deliver an update.", reason=info.get("last_error_message")
                )
            kinds = info.get("allowed_updates")
            if (
                failed
                or info.get("url") != hook.url
                or (kinds and set(kinds) != set(UPDATES))
                or not kinds
            ):
                wanted = {
                    "url": hook.url,
                    "secret_token": hook.secret,
                    "allowed_updates": list(UPDATES),
                }
                await api.call("setWebhook", wanted)
                log.info("Telegram delivers updates to this address from now on.", url=hook.url)
        except TelegramError as error:
            await asyncio.sleep(failing(health, error))
            continue
        health.fine()
        await asyncio.sleep(every)
