"""Telegram: one bot there, fetched from or delivered to."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.channels import Address, Call, Dressed, Event, Incoming, Pace, Take, Window
from bot.channels.health import Health
from bot.channels.hook import Hook, default_secret
from bot.channels.telegram import dress, menu
from bot.channels.telegram.api import ROOT, Api
from bot.channels.telegram.read import Me, read
from bot.channels.telegram.receive import HOLD, SECRET, failing, keep, poll, received
from bot.channels.telegram.send import Sender
from bot.settings import Settings
from bot.shelf import Shelf
from db.chats import Offer
from handlers.message import Message, line
from handlers.say import Say, say_in

log = structlog.get_logger(__name__)

SEARCHED = timedelta(seconds=20)
"""How long an answer to a search is worth sending; Telegram itself gives up at 30."""
PRESSED = timedelta(seconds=60)
"""How long the end of a button's spinner is worth sending."""


LIMIT = 30
"""Messages a second that Telegram takes from a bot in all."""
RUNNING = ("creator", "administrator")
"""What Telegram calls those who run a chat."""


class Telegram:
    """A bot on Telegram.

    `public_url` is our address as Telegram reaches it, when updates are delivered and not fetched.
    In seconds: `hold` is how long Telegram may keep a request for updates open, `patience` how much
    longer a reply is waited for, `alarm` after how long without a completed request the bot is
    called deaf, `menu_pause` when a menu is tried again.
    """

    name = "telegram"
    rows = 20
    plan = None

    def __init__(
        self,
        token: str,
        *,
        api_root: str = ROOT,
        proxy: str | None = None,
        public_url: str | None = None,
        secret: str | None = None,
        rich: bool = True,
        hold: int = HOLD,
        patience: float = 15.0,
        alarm: float = 120.0,
        menu_pause: float = 60.0,
        say_in: Callable[[str], Say] = say_in,
    ) -> None:
        self.bot = token.partition(":")[0]
        self._api = Api(token, root=api_root, proxy=proxy, patience=patience)
        self._sender = Sender(self._api, rich=rich)
        self._health = Health("Telegram", alarm)
        self._hold = hold
        self._say_in = say_in
        self._menu_pause = menu_pause
        self._path = f"/telegram/{self.bot}"
        self._hook = (
            Hook(
                public_url.rstrip("/") + self._path,
                secret or default_secret(token),
                SECRET,
                received,
            )
            if public_url
            else None
        )
        self._me: Me | None = None
        self._met = asyncio.Event()
        self._albums: OrderedDict[str, str] = OrderedDict()

    # ------------------------------------------------------------ in

    async def run(self, take: Take) -> None:
        await self._meet()
        menu_kept = asyncio.create_task(menu.keep(self._api, self._say_in, self._menu_pause))
        try:
            if self._hook is not None:
                await keep(self._hook, self._api, self._health)
            else:
                await poll(self._api, take, self._health, self._hold)
        finally:
            menu_kept.cancel()
            await asyncio.gather(menu_kept, return_exceptions=True)

    async def known(self) -> None:
        await self._met.wait()

    def routes(self, take: Take) -> Sequence[web.AbstractRouteDef]:
        return [web.post(self._path, self._hook.handler(take))] if self._hook else []

    def healthy(self) -> bool:
        return bool(self._health)

    async def _meet(self) -> None:
        """Learns the bot's own name, however long Telegram is away."""
        while self._me is None:
            try:
                me = await self._api.call("getMe")
                self._me = Me(int(me["id"]), str(me["username"]))
            except (TelegramError, TypeError, KeyError) as error:
                failure = (
                    error
                    if isinstance(error, TelegramError)
                    else TelegramError("Invalid server response")
                )
                await asyncio.sleep(failing(self._health, failure))
        self._health.fine()
        self._met.set()
        log.info(
            "Telegram answers.", bot=self._me.username, by="delivery" if self._hook else "fetching"
        )

    def read(self, raw: Any) -> Event | None:
        if self._me is None:
            raise RuntimeError("updates are read before the bot's name is known")
        event = read(raw, self._me)
        if (
            isinstance(event, Incoming)
            and event.text is None
            and self._is_more_of_an_album(raw, event.message)
        ):
            return None
        return event

    def _is_more_of_an_album(self, raw: Any, message: str) -> bool:
        """An album comes as one message a picture, of which one is answered."""
        album = raw["message"].get("media_group_id")
        if album is None:
            return False
        first = self._albums.setdefault(str(album), message)
        while len(self._albums) > 100:
            self._albums.popitem(last=False)
        return first != message

    # ------------------------------------------------------------ out

    def dress(self, incoming: Incoming, say: Say, *replies: Message) -> Dressed:  # noqa: ARG002 - buttons need no words
        if incoming.searched:
            articles = [
                dress.article(str(place), reply, "…")
                for place, reply in enumerate(replies[: dress.ARTICLES])
            ]
            return Dressed((_found(incoming.ticket, {"results": articles}),))
        calls: list[Call] = []
        offers: list[Offer] = []
        if incoming.pressed:
            calls.append(_heard(incoming.ticket, {}))
        for reply in replies:
            keys = [secrets.token_urlsafe(12) for _ in reply.choices]
            calls += dress.dress(reply, keys, rich=self._sender.rich)
            offers += [
                Offer(key, choice.text, choice.carried)
                for key, choice in zip(keys, reply.choices, strict=True)
            ]
        return Dressed(tuple(calls), tuple(offers))

    def remark(self, incoming: Incoming, say: Say, sentence: str) -> Dressed:
        if incoming.pressed:
            return Dressed((_heard(incoming.ticket, {"text": sentence[:200], "show_alert": True}),))
        if incoming.searched:
            button = {"text": sentence[:64], "start_parameter": "inline"}
            return Dressed((_found(incoming.ticket, {"results": [], "button": button}),))
        return self.dress(incoming, say, Message((line(sentence),)))

    def broadcast(self, message: Message, say: Say) -> tuple[Call, ...]:
        return dress.broadcast(message, say.text("channel.again"), rich=self._sender.rich)

    def window(self) -> Window:
        return Window(LIMIT, 1.02)

    def pace(self, chat: str) -> Pace:
        # A group takes 20 a minute: 3 at once and then one in 3.6 seconds never come to more. A
        # person takes one a
        # second, counted on arrival, so a little less often than that.
        return Pace(3.6, 3) if chat.startswith("-") else Pace(1.1, 3)

    async def send(self, call: dict[str, Any], data: bytes | None, to: Address) -> str:
        return await self._sender.send(call, data, to)

    async def reached(self) -> None:
        pause = 0.25
        while True:
            try:
                await self._api.call("getMe")
            except TelegramError:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
            else:
                return

    async def administers(self, chat: str, person: str) -> bool:
        if person == chat:  # an administrator who hides writes as the chat itself
            return True
        if not chat.startswith("-"):
            return False
        member = await self._told("getChatMember", {"chat_id": int(chat), "user_id": int(person)})
        return member.get("status") in RUNNING

    async def open_to(self, name: str, person: str) -> str | None:
        await self.known()
        if self._me is None or not person.isdecimal():
            return None
        chat = await self._told("getChat", {"chat_id": "@" + name.removeprefix("@")})
        if chat.get("type") not in ("channel", "supergroup"):
            return None
        theirs = await self._told("getChatMember", {"chat_id": chat["id"], "user_id": int(person)})
        ours = await self._told("getChatMember", {"chat_id": chat["id"], "user_id": self._me.id})
        may_write = ours.get("status") in RUNNING and ours.get("can_post_messages", False)
        if chat["type"] == "supergroup":
            may_write = ours.get("status") in (*RUNNING, "member")
        return str(chat["id"]) if theirs.get("status") in RUNNING and may_write else None

    async def _told(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """What Telegram tells of something, however long it is away; empty when it tells us nothing
        of it.
        """
        pause = 0.25
        while True:
            try:
                found = await self._api.call(method, params)
            except (BadRequest, Forbidden):
                return {}
            except TelegramError:
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)
            else:
                return found if isinstance(found, dict) else {}

    async def typing(self, chat: str, topic: str) -> None:
        params = {
            "chat_id": int(chat),
            "action": "typing",
            **({"message_thread_id": int(topic)} if topic else {}),
        }
        with suppress(TelegramError):
            await self._api.call("sendChatAction", params)

    async def close(self) -> None:
        await self._api.close()


def channel(settings: Settings, _shelf: Shelf | None, **timing: Any) -> Telegram | None:
    """The channel as it is set; None when it is not."""
    token, secret = settings.telegram_token, settings.telegram_secret
    if token is None:
        return None
    return Telegram(
        token.get_secret_value(),
        api_root=settings.telegram_api,
        proxy=settings.proxy,
        public_url=settings.public_url if settings.telegram_mode == "webhook" else None,
        secret=secret.get_secret_value() if secret else None,
        rich=settings.telegram_rich,
        **timing,
    )


def _heard(ticket: str, more: dict[str, Any]) -> Call:
    return Call(
        {"forms": [["answerCallbackQuery", {"callback_query_id": ticket, **more}]]},
        apart=True,
        lasts=PRESSED,
    )


def _found(ticket: str, more: dict[str, Any]) -> Call:
    # Telegram keeps results for everybody and for minutes unless it is told otherwise.
    private = {"inline_query_id": ticket, "is_personal": True, "cache_time": 5, **more}
    return Call({"forms": [["answerInlineQuery", private]]}, apart=True, lasts=SEARCHED)
