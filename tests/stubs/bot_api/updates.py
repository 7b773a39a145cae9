"""Updates on their way to the bot: queued, polled for, posted to a webhook, repeated."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import aiohttp

from ..news import News
from .requests import flag, integer
from .texts import Json, Refused

LONGEST_HOLD = 50
DEFAULT_UPDATES = (
    *(
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
    ),
    *("callback_query", "my_chat_member", "chat_join_request"),
)
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str | None
    connections: int


@dataclass(frozen=True, slots=True)
class Post:
    """An attempt to post an update: the status answered, or None where no answer came; `at` is monotonic time."""

    update_id: int
    status: int | None
    at: float


@dataclass(eq=False, slots=True)
class _Waiting:
    """An update not yet confirmed. One that comes `again` is given out once, whatever the offset."""

    id: int
    raw: Json
    chat: object
    again: bool = False


class Updates:
    """The updates of one bot. They wait until an offset confirms them or the webhook takes them."""

    def __init__(
        self, news: News, webhook_pace: float, carry_out: Callable[[bytes], Awaitable[None]]
    ) -> None:
        """`carry_out` is given what a webhook answers: it may name a method to call."""
        self.news = news
        self.carry_out = carry_out
        self.pace = webhook_pace
        self.webhook: Webhook | None = None
        self.posts: list[Post] = []
        self.allowed = DEFAULT_UPDATES
        self._ids = itertools.count(734_000_001)
        self._waiting: list[_Waiting] = []
        self._offset = 0
        self._poll = 0
        self._posting: dict[object, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(40)
        self._last_error: tuple[int, str] | None = None

    @property
    def pending(self) -> int:
        return len(self._waiting)

    def push(self, kind: str, content: Json, chat: object) -> tuple[int | None, Json]:
        """Queue an update if the bot allows its kind; gives its id (or None) and the update."""
        if kind not in self.allowed:
            return None, {kind: content}
        return self.push_raw({kind: content}, chat)

    def push_raw(self, update: Json, chat: object = None) -> tuple[int, Json]:
        update_id = next(self._ids)
        # A copy: what was told must not change when the message is edited before the bot reads it.
        raw = json.loads(json.dumps({"update_id": update_id} | update))
        self._enqueue(_Waiting(update_id, raw, update_id if chat is None else chat))
        return update_id, raw

    def push_again(self, update: Json, chat: object) -> None:
        self._enqueue(_Waiting(update["update_id"], update, chat, again=True))

    def _enqueue(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self.news.stir()
        self.post_waiting()

    def _allow(self, params: Json) -> None:
        kinds = params.get("allowed_updates")
        if kinds is None:
            return
        if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
            raise Refused("can't parse allowed updates: expected an Array of String")
        self.allowed = tuple(kinds) or DEFAULT_UPDATES

    # Polling

    async def get(self, params: Json) -> list[Json]:
        """getUpdates: confirms what is before the offset, then waits for something to give."""
        if self.webhook is not None:
            raise Refused(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                409,
            )
        self._allow(params)
        self._poll += 1
        mine = self._poll
        self.news.stir()
        self._confirm(integer(params, "offset", 0))
        limit = min(max(integer(params, "limit", 100), 1), 100)
        end = time.monotonic() + min(max(integer(params, "timeout", 0), 0), LONGEST_HOLD)
        while True:
            if self.webhook is not None:
                raise Refused("terminated by setWebhook request", 409)
            if mine != self._poll:
                raise Refused(
                    "terminated by other getUpdates request; make sure that only one bot instance is running",
                    409,
                )
            ready = self._waiting[:limit]
            left = end - time.monotonic()
            if ready or left <= 0:
                self._waiting = [
                    waiting for waiting in self._waiting if not (waiting.again and waiting in ready)
                ]
                return [waiting.raw for waiting in ready]
            await self.news.next(left)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = min((waiting.id for waiting in self._waiting[offset:]), default=self._offset)
        self._offset = max(offset, self._offset)
        self._waiting = [
            waiting for waiting in self._waiting if waiting.again or waiting.id >= self._offset
        ]

    # Webhook

    async def set_webhook(self, params: Json) -> bool:
        url = str(params.get("url") or "")
        if not url:
            return await self.delete_webhook(params)
        # Plain http is what a self-hosted server takes in its local mode; Telegram's own wants https.
        if not re.match(r"https?://[^\s/]+", url):
            raise Refused("bad webhook: invalid webhook URL specified")
        secret = params.get("secret_token")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(secret)):
            raise Refused("secret token contains unallowed characters")
        self._allow(params)
        self._drop_pending(params)
        connections = min(max(integer(params, "max_connections", 40), 1), 100)
        self.webhook = Webhook(url, None if secret is None else str(secret), connections)
        self._slots = asyncio.Semaphore(connections)
        self._last_error = None
        self.news.stir()
        self.post_waiting()
        return True

    async def delete_webhook(self, params: Json) -> bool:
        self.webhook = None
        await self.stop_posting()
        self._drop_pending(params)
        self.news.stir()
        return True

    async def webhook_info(self, _params: Json) -> Json:
        hook = self.webhook
        info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = self.pending
        if self.allowed != DEFAULT_UPDATES:
            info["allowed_updates"] = list(self.allowed)
        if hook is not None:
            info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
            if self._last_error is not None:
                info |= {
                    "last_error_date": self._last_error[0],
                    "last_error_message": self._last_error[1],
                }
        return info

    def _drop_pending(self, params: Json) -> None:
        if flag(params, "drop_pending_updates"):
            self._waiting.clear()

    def post_waiting(self) -> None:
        """Post in order within a chat, side by side between chats; a failure holds back its own chat only."""
        if self.webhook is None or self.news.closed:
            return
        for waiting in self._waiting:
            if waiting.chat not in self._posting:
                self._posting[waiting.chat] = asyncio.get_running_loop().create_task(
                    self._post_chat(waiting.chat)
                )

    async def stop_posting(self) -> None:
        posting = list(self._posting.values())
        self._posting.clear()
        for task in posting:
            task.cancel()
        await asyncio.gather(*posting, return_exceptions=True)

    async def _post_chat(self, chat: object) -> None:
        failures = 0
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            while self.webhook is not None:
                waiting = next((waiting for waiting in self._waiting if waiting.chat == chat), None)
                if waiting is None:
                    # No await between looking and leaving: else an update coming now would wait for nobody.
                    self._posting.pop(chat, None)
                    return
                async with self._slots:
                    post, again_after, body = await self._post(session, self.webhook, waiting)
                self.posts.append(post)
                if post.status is not None and 200 <= post.status < 300:
                    failures = 0
                    self._waiting = [other for other in self._waiting if other is not waiting]
                    await self.carry_out(body)
                    self.news.stir()
                    continue
                self._last_error = (
                    int(time.time()),
                    f"Wrong response from the webhook: {post.status}",
                )
                self.news.stir()
                # Tried again at once, then after 2, 4, 8 … 60 seconds of Telegram's time.
                pause = again_after or (min(2**failures, 60) if failures else 0)
                failures += 1
                await asyncio.sleep(pause * self.pace)

    async def _post(
        self, session: aiohttp.ClientSession, hook: Webhook, waiting: _Waiting
    ) -> tuple[Post, float, bytes]:
        headers = {SECRET_HEADER: hook.secret} if hook.secret is not None else {}
        status, again_after, body = None, "", b""
        with suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with session.post(
                hook.url, json=waiting.raw, headers=headers, allow_redirects=False
            ) as response:
                body = await response.read()
                status, again_after = response.status, response.headers.get("Retry-After", "")
        pause = float(again_after) if again_after.isdigit() else 0
        return Post(waiting.id, status, time.monotonic()), pause, body
