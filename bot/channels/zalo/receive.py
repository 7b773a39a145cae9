"""How events come from Zalo into the store: fetched or delivered. Nothing confirms them, so they
may come again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import structlog

from bot.channels import Take
from bot.channels.health import Health
from bot.channels.hook import Hook
from bot.channels.zalo.api import Api, Lost, Refused
from db.chats import Received

log = structlog.get_logger(__name__)

HOLD = 30
"""Seconds for which Zalo may keep a request for an event open; its own default."""
SECRET = "X-Bot-Api-Secret-Token"
FLOOR = 1.0
"""Seconds between two requests where the first brought nothing new: handed-out events were seen to
come back at once, on every request and without end.
"""
RECENT = 100
"""How many events are known to have come just before."""
STUCK = 3
"""After so many time-outs in a row the connections are taken to hang."""
IDLE = 408
NO_SUCH = 404


def failing(health: Health, error: Refused | Lost) -> float:
    """A request failed; gives the seconds to wait before the next one."""
    refused = isinstance(error, Refused) and error.code in (401, NO_SUCH)
    return health.failing("refused" if refused else "away", error)


async def poll(
    api: Api,
    take: Take,
    health: Health,
    received: Callable[[Any], Received | None],
    hold: int = HOLD,
    floor: float = FLOOR,
) -> None:
    """Fetches events until it is cancelled."""
    recent: deque[str] = deque(maxlen=RECENT)
    stuck = 0
    loop = asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            result = await api.call("getUpdates", {"timeout": hold}, hold=hold)
        except Refused as error:
            if error.code != IDLE:
                if error.code == 400 and "webhook" in error.words.lower():
                    await _unhook(api)
                await asyncio.sleep(failing(health, error))
                continue
            result = None
        except Lost as error:
            stuck = stuck + 1 if error.left else 0
            if stuck >= STUCK:
                await api.renew()
                stuck = 0
            await asyncio.sleep(failing(health, error))
            continue
        stuck = 0
        health.fine()
        events = (
            result if isinstance(result, list) else [result]
        )  # documented as one; a list would do no harm
        updates = [update for each in events if (update := received(each)) is not None]
        new = [update for update in updates if update.key not in recent]
        if updates:
            await take(updates)
            recent.extend(update.key for update in new)
        if not new:
            await asyncio.sleep(max(0.0, floor - (loop.time() - began)))


async def _unhook(api: Api) -> None:
    try:
        await api.call("deleteWebhook")
        log.warning("A webhook was set for this bot; it is removed, since updates are fetched.")
    except (Refused, Lost) as error:
        log.warning("A webhook is set for this bot and could not be removed.", error=str(error))


async def keep(hook: Hook, api: Api, health: Health, every: float = 60.0) -> None:
    """Sees to it, until it is cancelled, that Zalo delivers to an address of ours; it does not say
    whether it could.
    """
    set_by_us = False
    while True:
        try:
            if not set_by_us or await _hooked(api) != hook.url:
                told = await api.call("setWebhook", {"url": hook.url, "secret_token": hook.secret})
                set_by_us = True
                _log(hook.url, told)
        except (Refused, Lost) as error:
            await asyncio.sleep(failing(health, error))
            continue
        health.fine()
        await asyncio.sleep(every)


async def _hooked(api: Api) -> str:
    """The address that is set; empty for none, which is told as "not found"."""
    try:
        told = await api.call("getWebhookInfo")
    except Refused as error:
        if error.code == NO_SUCH:
            return ""
        raise
    return str(told.get("url", "")) if isinstance(told, dict) else ""


def _log(url: str, told: Any) -> None:
    """Says how Zalo's own try of the address ended: the address is kept even when that failed."""
    check = told.get("verification") if isinstance(told, dict) else None
    if isinstance(check, dict) and check.get("ok") is False:
        log.warning(
            "Zalo could not reach the webhook's address.",
            url=url,
            outcome=check.get("outcome"),
            hint=check.get("hint"),
        )
    else:
        log.info("Zalo delivers updates to this address from now on.", url=url)
