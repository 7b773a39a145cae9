"""Zalo: one bot there, fetched from or delivered to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from bot.channels import Address, Call, Dressed, Event, Incoming, Pace, Plan, Take, Window
from bot.channels.health import Health
from bot.channels.hook import Hook, default_secret
from bot.channels.zalo import dress
from bot.channels.zalo.api import ROOT, Api, Lost, Refused
from bot.channels.zalo.read import EVER, Me, read, received
from bot.channels.zalo.receive import FLOOR, HOLD, SECRET, failing, keep, poll
from bot.channels.zalo.send import Sender
from bot.outbox import now_in_utc
from bot.settings import Settings
from bot.shelf import Shelf
from db.chats import Received
from handlers.message import Message, line
from handlers.say import Say

log = structlog.get_logger(__name__)

LIMIT = 10
"""Messages a second in all. Zalo documents no rate; this one is a third of what Telegram takes."""
EVERY = 1.1
"""Seconds between two messages to a chat, after three at once: Telegram's own."""


class Zalo:
    """A bot on Zalo.

    `public_url` is our address as Zalo reaches it, when updates are delivered and not fetched;
    `shelf` gives pictures an address that Zalo can fetch; `plan` is how many messages and users the
    bot has there. In seconds: `hold` is how long Zalo may keep a request for updates open, `floor`
    how long there is at least between two that bring nothing new, `patience` how much longer a
    reply is waited for, `alarm` after how long without a completed request the bot is deaf, `every`
    how long there is between two messages to a chat; `limit` is how many a second go to all chats.
    """

    name = "zalo"
    rows = 8

    def __init__(
        self,
        token: str,
        *,
        api_root: str = ROOT,
        proxy: str | None = None,
        public_url: str | None = None,
        secret: str | None = None,
        shelf: Shelf | None = None,
        plan: Plan | None = None,
        hold: int = HOLD,
        floor: float = FLOOR,
        patience: float = 15.0,
        alarm: float = 120.0,
        every: float = EVERY,
        limit: int = LIMIT,
        clock: Callable[[], datetime] = now_in_utc,
    ) -> None:
        self.bot = token.partition(":")[0]
        self.plan = plan
        self._api = Api(token, root=api_root, proxy=proxy, patience=patience)
        self._shelf = shelf
        self._sender = Sender(self._api, shelf)
        self._health = Health("Zalo", alarm)
        self._hold = hold
        self._floor = floor
        self._every = every
        self._limit = limit
        self._clock = clock
        self._path = f"/zalo/{self.bot}"
        address = public_url.rstrip("/") + self._path if public_url else None
        self._hook = (
            Hook(address, secret or default_secret(token), SECRET, self._received)
            if address
            else None
        )
        self._me: Me | None = None
        self._passed_over = False
        self._met = asyncio.Event()

    # ------------------------------------------------------------ in

    async def run(self, take: Take) -> None:
        if self._shelf is None:
            log.warning(
                "Zalo fetches pictures from us and SOLIEU_PUBLIC_URL is not set: "
                "words stand for them."
            )
        await self._meet()
        if self._hook is not None:
            await keep(self._hook, self._api, self._health)
        else:
            await poll(self._api, take, self._health, self._received, self._hold, self._floor)

    async def known(self) -> None:
        await self._met.wait()

    def routes(self, take: Take) -> Sequence[web.AbstractRouteDef]:
        return [web.post(self._path, self._hook.handler(take))] if self._hook else []

    def healthy(self) -> bool:
        return bool(self._health)

    async def _meet(self) -> None:
        """Learns the bot's own name, however long Zalo is away."""
        while self._me is None:
            try:
                self._me = Me.of(await self._api.call("getMe"))
            except (Refused, Lost) as error:
                await asyncio.sleep(failing(self._health, error))
            except (TypeError, KeyError, AttributeError):
                await asyncio.sleep(
                    failing(self._health, Lost("an answer of another shape", left=True))
                )
        self._health.fine()
        self._met.set()
        log.info(
            "Zalo answers.",
            bot=" / ".join(self._me.names),
            by="delivery" if self._hook else "fetching",
        )

    def _received(self, raw: Any) -> Received | None:
        update = received(raw, self._clock())
        if update is None and not self._passed_over and received(raw, EVER) is not None:
            self._passed_over = True
            log.warning(
                "What was written more than a week ago is passed over; "
                "if people write just now, this machine's clock is wrong."
            )
        return update

    def read(self, raw: Any) -> Event | None:
        if self._me is None:
            raise RuntimeError("events are read before the bot's name is known")
        return read(raw, self._me, self._clock())

    # ------------------------------------------------------------ out

    def dress(self, incoming: Incoming, say: Say, *replies: Message) -> Dressed:  # noqa: ARG002 - all chats look alike
        return Dressed(tuple(call for reply in replies for call in dress.dress(reply, say)))

    def remark(self, incoming: Incoming, say: Say, sentence: str) -> Dressed:
        return self.dress(incoming, say, Message((line(sentence),)))

    def broadcast(self, message: Message, say: Say) -> tuple[Call, ...]:
        return dress.broadcast(message, say)

    def window(self) -> Window:
        return Window(self._limit, 1.02)

    def pace(self, chat: str) -> Pace:  # noqa: ARG002 - groups are not told apart by their ids
        return Pace(self._every, 3)

    async def send(self, call: dict[str, Any], data: bytes | None, to: Address) -> str:
        return await self._sender.send(call, data, to)

    async def reached(self) -> None:
        pause = 0.25
        while True:
            try:
                await self._api.call("getMe")
            except (Refused, Lost):
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
            else:
                return

    async def administers(self, chat: str, person: str) -> None:  # noqa: ARG002 - Zalo names no administrators
        return None

    async def open_to(self, name: str, person: str) -> str | None:  # noqa: ARG002 - there are no public names
        return None

    async def typing(self, chat: str, topic: str) -> None:  # noqa: ARG002 - there are no topics
        with suppress(Refused, Lost):
            await self._api.call("sendChatAction", {"chat_id": chat, "action": "typing"})

    async def close(self) -> None:
        await self._api.close()


def channel(settings: Settings, shelf: Shelf | None, **timing: Any) -> Zalo | None:
    """The channel as it is set; None when it is not."""
    token, secret = settings.zalo_token, settings.zalo_secret
    if token is None:
        return None
    return Zalo(
        token.get_secret_value(),
        api_root=settings.zalo_api,
        public_url=settings.public_url if settings.zalo_mode == "webhook" else None,
        secret=secret.get_secret_value() if secret else None,
        shelf=shelf,
        plan=settings.zalo_plan,
        **timing,
    )
