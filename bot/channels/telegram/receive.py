"""How updates come from Telegram into the store: fetched or delivered, and confirmed only when they lie there."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from telegram.error import Conflict, RetryAfter, TelegramError, TimedOut

from bot.channels import Take
from bot.channels.telegram.api import Api, NoSuchMethod, Unauthorized
from bot.channels.telegram.read import UPDATES, order
from db.chats import Received

log = structlog.get_logger(__name__)

HOLD = 25
"""Seconds for which Telegram may keep a request for updates open; its own limit is 50."""
SECRET = "X-Telegram-Bot-Api-Secret-Token"
STORED_WITHIN = 50.0
"""Seconds after which an update that could not be stored is given back: Telegram itself waits for 60."""
STUCK = 3
"""After so many time-outs in a row the connections are taken to hang."""


class Health:
    """Whether updates can arrive, by when a request last completed; says it in plain words when that changes.

    `alarm` is after how many seconds without one the bot is called deaf.
    """

    def __init__(self, alarm: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._alarm = alarm
        self._clock = clock
        self._began = clock()
        self._last: float | None = None
        self._said: set[str] = set()
        self._row: tuple[str, int] = ("", 0)

    def __bool__(self) -> bool:
        return self._last is not None and self._clock() - self._last < self._alarm

    def fine(self) -> None:
        """A request completed."""
        now = self._clock()
        if self._said:
            log.warning("Telegram answers again.", after_seconds=round(now - (self._last or self._began)))
        self._last, self._row = now, ("", 0)
        self._said.clear()

    def failing(self, error: TelegramError) -> float:
        """A request failed; gives the seconds to wait before the next one."""
        kind = "conflict" if isinstance(error, Conflict) else "refused" if _refused(error) else "away"
        times = self._row[1] + 1 if self._row[0] == kind else 1
        self._row = (kind, times)
        silent = self._clock() - (self._began if self._last is None else self._last)
        if kind == "conflict":
            self._say(kind, "Another process fetches this bot's updates, and Telegram serves only one: stop it.", error)
        elif kind == "refused" and times >= 3:
            self._say(kind, "Telegram refuses the bot's token, or something on the way does; trying on slowly.", error)
        elif self._last is None:
            self._say(kind, "Telegram cannot be reached yet; trying on.", error)
        if silent >= self._alarm:
            self._say("deaf", "No updates can arrive from Telegram: no request has completed for long.", error)
        if isinstance(error, RetryAfter):
            after = error.retry_after
            return after.total_seconds() if isinstance(after, timedelta) else float(after)
        if isinstance(error, TimedOut):
            return 0.1  # it has waited long enough
        longest = {"conflict": 20.0, "refused": 60.0, "away": 15.0}[kind]
        return min(longest, 0.25 * 2.0 ** min(times, 10)) * random.uniform(0.75, 1.25)

    def _say(self, what: str, words: str, error: TelegramError) -> None:
        if what not in self._said:
            self._said.add(what)
            log.error(words, error=f"{type(error).__name__}: {error}"[:200])


def _refused(error: TelegramError) -> bool:
    return isinstance(error, Unauthorized | NoSuchMethod)


def received(raw: Any) -> Received:
    """An update as it is stored: unread, whatever its shape."""
    text = json.dumps(raw)
    id = raw.get("update_id") if isinstance(raw, dict) else None
    key = str(id) if isinstance(id, int) else "?" + hashlib.sha256(text.encode()).hexdigest()[:32]
    return Received(key, order(raw), text)


async def poll(api: Api, take: Take, health: Health, hold: int = HOLD) -> None:
    """Fetches updates until it is cancelled. The next request confirms the ones before, so it is made once they are
    stored."""
    offset: int | None = None
    stuck = 0
    while True:
        params: dict[str, Any] = {"timeout": hold, "allowed_updates": list(UPDATES)}
        try:
            updates = await api.call("getUpdates", params if offset is None else {**params, "offset": offset}, hold=hold)
            if not isinstance(updates, list):
                raise TelegramError("Invalid server response")  # noqa: TRY301
        except TelegramError as error:
            if isinstance(error, Conflict) and "webhook" in str(error).lower():
                await _unhook(api)
            stuck = stuck + 1 if isinstance(error, TimedOut) else 0
            if stuck >= STUCK:
                await api.renew()
                stuck = 0
            await asyncio.sleep(health.failing(error))
            continue
        stuck = 0
        health.fine()
        if updates:
            await take([received(raw) for raw in updates])
            ids = [raw["update_id"] for raw in updates if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)]
            offset = max(ids, default=offset or 0) + 1 if ids else offset


async def _unhook(api: Api) -> None:
    try:
        await api.call("deleteWebhook")
        log.warning("A webhook was set for this bot; it is removed, since updates are fetched.")
    except TelegramError as error:
        log.warning("A webhook is set for this bot and could not be removed.", error=str(error))


class Hook:
    """Updates that Telegram delivers to an address of ours, which it calls with a secret."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self._secret = secret

    def handler(self, take: Take) -> Callable[[web.Request], Any]:
        async def deliver(request: web.Request) -> web.Response:
            given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, self._secret.encode()):
                log.warning("A delivery with a wrong secret was refused.", remote=request.remote)
                return web.Response(status=403)
            body = await request.read()
            try:
                raw = json.loads(body)
            except (ValueError, RecursionError):
                # Refusing it would bring it back for a day.
                log.warning("A delivery that is not JSON was dropped.", bytes=len(body))
                return web.Response()
            try:
                async with asyncio.timeout(STORED_WITHIN):
                    await take([received(raw)])
            except TimeoutError:
                return web.Response(status=503, headers={"Retry-After": "5"})
            return web.Response()

        return deliver

    async def keep(self, api: Api, health: Health, every: float = 60.0) -> None:
        """Sees to it, until it is cancelled, that Telegram delivers here."""
        failed_at = int(time.time())
        while True:
            try:
                info = await api.call("getWebhookInfo")
                if not isinstance(info, dict):
                    raise TelegramError("Invalid server response")  # noqa: TRY301
                failing = info.get("last_error_date", 0) > failed_at
                if failing:
                    failed_at = info["last_error_date"]
                    log.warning("Telegram could not deliver an update.", reason=info.get("last_error_message"))
                kinds = info.get("allowed_updates")
                if failing or info.get("url") != self.url or (kinds and set(kinds) != set(UPDATES)) or not kinds:
                    wanted = {"url": self.url, "secret_token": self._secret, "allowed_updates": list(UPDATES)}
                    await api.call("setWebhook", wanted)
                    log.info("Telegram delivers updates to this address from now on.", url=self.url)
            except TelegramError as error:
                await asyncio.sleep(health.failing(error))
                continue
            health.fine()
            await asyncio.sleep(every)


def default_secret(token: str) -> str:
    """A secret for deliveries that nobody has to choose: it follows from the token and does not tell it."""
    return hmac.new(token.encode(), b"solieu webhook", hashlib.sha256).hexdigest()
