"""What each method of the Zalo Bot API does, and when it refuses."""

from __future__ import annotations

import hashlib
import itertools
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from .records import Chat, Json, Sent
from .requests import Refused, styles_of, text_of
from .updates import Updates, here

FETCHING = 4.0
"""Seconds within which a picture must be there."""
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


class Methods:
    """The methods of one bot, over the chats that it may write to. Names are case-sensitive.

    `plan` is how many messages a month may be sent, `rate` how many calls a second are taken; None is no limit.
    """

    def __init__(self, me: Json, updates: Updates, plan: int | None, rate: int | None) -> None:
        self.me = me
        self.plan = plan
        self.rate = rate
        self.used = 0
        self.chats: dict[str, Chat] = {}
        self.sent: list[Sent] = []
        self._updates = updates
        self._numbers = itertools.count(1)
        self._moments: deque[float] = deque()

    def message_id(self) -> str:
        """The next id; no order can be told from it."""
        return hashlib.sha256(str(next(self._numbers)).encode()).hexdigest()[:20]

    async def act(self, method: str, params: Json, gone: Callable[[], bool]) -> Any:
        """Do what a request asks; gives its result as JSON, None where it has none; raises Refused."""
        self._keep_the_rate()
        match method:
            case "getMe":
                return self.me
            case "getUpdates":
                return await self._updates.get(params, gone)
            case "setWebhook":
                return await self._updates.set_webhook(params)
            case "getWebhookInfo":
                return self._updates.webhook_info()
            case "deleteWebhook":
                return await self._updates.delete_webhook()
            case "testWebhook":
                return await self._updates.test_webhook()
            case "sendChatAction":
                self._chat(params)
                if params.get("action") != "typing":
                    raise Refused(400)
                return None
            case "sendMessage" | "sendPhoto" | "sendSticker":
                return await self._send(method, params)
        raise Refused(404)

    def _keep_the_rate(self) -> None:
        if self.rate is None:
            return
        now = time.monotonic()
        while self._moments and self._moments[0] <= now - 1:
            self._moments.popleft()
        if len(self._moments) >= self.rate:
            raise Refused(429)
        self._moments.append(now)

    async def _send(self, method: str, params: Json) -> Json:
        chat = self._chat(params)
        text, mode, photo, sticker = "", "", None, ""
        styles: tuple[Json, ...] = ()
        match method:
            case "sendMessage":
                text = text_of(params, "text")
                mode = str(params.get("parse_mode") or "")
                if mode not in ("", "markdown", "html"):
                    raise Refused(400)
                # Where both are given, parse_mode wins.
                styles = () if mode else styles_of(params, text)
            case "sendPhoto":
                text = "" if params.get("caption") is None else text_of(params, "caption")
                photo = await _fetch(params.get("photo"))
            case "sendSticker":
                sticker = str(params.get("sticker") or "")
                if not sticker:
                    raise Refused(400)
        if self.plan is not None and self.used >= self.plan:
            raise Refused(429)
        self.used += 1
        message_id = self.message_id()
        self.sent.append(
            Sent(
                method,
                chat,
                message_id,
                text,
                styles,
                mode,
                photo,
                sticker,
                params,
                time.monotonic(),
            )
        )
        return {"message_id": message_id, "date": int(time.time() * 1000)}

    def _chat(self, params: Json) -> Chat:
        """The chat that a request names: 404 for one that never wrote to the bot."""
        chat_id = params.get("chat_id")
        if not isinstance(chat_id, str) or not chat_id:
            raise Refused(400)
        if chat_id not in self.chats:
            raise Refused(404)
        return self.chats[chat_id]


async def _fetch(address: object) -> bytes:
    """The picture behind an address. Uploads are not taken, and no address but the tests' own is called."""
    if not isinstance(address, str) or not here(address):
        raise Refused(400)
    try:
        timeout = aiohttp.ClientTimeout(total=FETCHING)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(address, allow_redirects=False) as response,
        ):
            content = await response.read()
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise Refused(400) from None
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if response.status != 200 or not (webp or content.startswith(_PICTURES)):
        raise Refused(400)
    return content
