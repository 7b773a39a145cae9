"""Updates on their way to the bot: handed out to who polls, or posted to a webhook."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import re
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Literal
from urllib.parse import urlsplit

import aiohttp

from ..news import News
from .records import Json, Post, Webhook
from .requests import Refused

SECRET_HEADER = "X-Bot-Api-Secret-Token"
AGENT = "Java/17.0.12"
PATIENCE = 5.0
"""Seconds that a webhook has for its answer."""
_HINTS = {
    "webhook.ok": "",
    "webhook.err.conn": "Connection refused",
    "webhook.err.timeout": "No answer in time",
}


class Updates:
    """The updates of one bot, oldest first. Nobody confirms them: what was handed out is gone, or comes back for ever."""

    def __init__(
        self, news: News, repeats: Literal["never", "always"], *, wrapped: bool, retries: int
    ) -> None:
        self.news = news
        self.repeats = repeats
        self.wrapped = wrapped
        self.retries = retries
        self.webhook: Webhook | None = None
        self.posts: list[Post] = []
        self.tests_left: int | None = None
        self._fresh: deque[tuple[object, Json]] = deque()
        self._handed: deque[Json] = deque()
        self._repeated_last = False
        self._posting: dict[object, asyncio.Task[None]] = {}

    @property
    def pending(self) -> int:
        return len(self._fresh)

    def push(self, update: Json, chat: object) -> None:
        """Queue an update. Those of one chat are posted in order, those of different chats side by side."""
        self._fresh.append((chat, update))
        self.news.stir()
        self.post_waiting()

    # Polling

    async def get(self, params: Json, gone: Callable[[], bool]) -> Json:
        """getUpdates: one update. A bot that is `gone` meanwhile takes none along."""
        try:
            seconds = float(params.get("timeout", 30))
        except (TypeError, ValueError):
            raise Refused(400) from None
        end = time.monotonic() + seconds
        while True:
            if self.webhook is not None:
                raise Refused(
                    400,
                    "You cannot use this API while a webhook is set. Please remove the webhook first",
                )
            if not gone() and (update := self._take()) is not None:
                return update
            left = end - time.monotonic()
            if left <= 0 or gone():
                raise Refused(408)
            await self.news.next(left)

    def _take(self) -> Json | None:
        """The next update; where they repeat, old ones and new ones take turns."""
        if self.repeats == "always" and self._handed and not (self._fresh and self._repeated_last):
            self._repeated_last = True
            self._handed.rotate(-1)
            return self._handed[-1]
        if not self._fresh:
            return None
        self._repeated_last = False
        _, update = self._fresh.popleft()
        self._handed.append(update)
        return update

    # Webhook

    async def set_webhook(self, params: Json) -> Json:
        url, secret = str(params.get("url") or ""), params.get("secret_token")
        if not _takes(url) or not isinstance(secret, str) or not 8 <= len(secret) <= 256:
            raise Refused(400)
        self.webhook = Webhook(url, secret, int(time.time() * 1000))
        self.news.stir()
        checked = await self._check(self.webhook)
        self.post_waiting()
        return {"url": url, "updated_at": self.webhook.updated_at, "verification": checked}

    async def delete_webhook(self) -> Json:
        self.webhook = None
        await self.stop_posting()
        self.news.stir()
        return {"url": "", "updated_at": int(time.time() * 1000)}

    def webhook_info(self) -> Json:
        hook = self._set()
        return {"url": hook.url, "updated_at": hook.updated_at}

    async def test_webhook(self) -> Json:
        hook = self._set()
        if self.tests_left is not None:
            if self.tests_left <= 0:
                raise Refused(426, "Too many webhook tests today", key="errorCode")
            self.tests_left -= 1
        checked = await self._check(hook)
        return {"ok": checked.pop("ok"), "url": hook.url, **checked}

    def _set(self) -> Webhook:
        if self.webhook is None:
            raise Refused(404)
        return self.webhook

    async def _check(self, hook: Webhook) -> Json:
        began = time.monotonic()
        status, outcome = None, "webhook.err.blocked"
        if here(hook.url):
            try:
                status = await self.post(hook, {"event_name": "webhook.test"})
                outcome = _outcome(status)
            except TimeoutError:
                outcome = "webhook.err.timeout"
            except (aiohttp.ClientError, OSError):
                outcome = "webhook.err.conn"
        return {
            "ok": outcome == "webhook.ok",
            "status_code": status,
            "outcome": outcome,
            "latency_ms": int((time.monotonic() - began) * 1000),
            "hint": _HINTS.get(outcome, "Check the webhook's server"),
        }

    async def post(self, hook: Webhook, update: Json) -> int:
        """Post something and give the status answered; raises what aiohttp does where none is."""
        body = {"ok": True, "result": update} if self.wrapped else update
        return await deliver(hook.url, hook.secret, json.dumps(body, ensure_ascii=False).encode())

    def post_waiting(self) -> None:
        if self.webhook is None or self.news.closed:
            return
        for chat, _ in self._fresh:
            if chat not in self._posting:
                self._posting[chat] = asyncio.get_running_loop().create_task(self._post_chat(chat))

    async def stop_posting(self) -> None:
        posting = list(self._posting.values())
        self._posting.clear()
        for task in posting:
            task.cancel()
        await asyncio.gather(*posting, return_exceptions=True)

    async def _post_chat(self, chat: object) -> None:
        while (hook := self.webhook) is not None:
            waiting = next((each for each in self._fresh if each[0] == chat), None)
            if waiting is None:
                break
            # It is gone once it is posted, whatever comes of it: retries are not documented.
            self._fresh.remove(waiting)
            for attempt in range(self.retries + 1):
                if attempt:
                    await asyncio.sleep(0.05 * 2**attempt)
                status = None
                with suppress(aiohttp.ClientError, TimeoutError, OSError):
                    status = await self.post(hook, waiting[1])
                self.posts.append(Post(waiting[1], status, time.monotonic()))
                self.news.stir()
                if status is not None and 200 <= status < 300:
                    break
        # No await between looking and leaving: else an update coming now would wait for nobody.
        self._posting.pop(chat, None)


async def deliver(url: str, secret: str | None, body: bytes) -> int:
    """Post a body as Zalo's caller does, and give the status answered."""
    headers = {"User-Agent": AGENT, "Content-Type": "application/json; charset=utf-8"}
    if secret is not None:
        headers[SECRET_HEADER] = secret
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
    async with (
        session,
        session.post(url, data=body, headers=headers, allow_redirects=False) as response,
    ):
        await response.read()
        return response.status


def here(url: str) -> bool:
    """Whether an address is one of the tests'; no other is ever called."""
    return re.match(r"http://127\.0\.0\.1(?::\d+)?(?:/|$)", url) is not None


def _takes(url: str) -> bool:
    """Whether Zalo would take an address: over https and public. The tests' own are taken besides."""
    if here(url):
        return True
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.hostname == "localhost":
        return False
    try:
        return ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        return True


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return "webhook.ok"
    kind = "5xx" if status >= 500 else str(status) if status in (403, 404) else "other"
    return f"webhook.http.{kind}"
