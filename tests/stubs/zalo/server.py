"""The server of one Zalo bot on 127.0.0.1, and the people who talk to it."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime
from typing import Literal

from aiohttp import web

from ..news import News
from ..serving import Call, Serving
from .methods import Methods
from .records import Chat, Json, Person, Post, Said, Sent, Webhook
from .requests import Refused, accepted, read_params, refusal
from .updates import Updates, deliver

TOKEN = "4404123456789:stub-token_of_the_tests_0123456789"
LARGEST = 1024 * 1024


class ZaloApi(Serving[Sent]):
    """A Zalo Bot API server for one bot. It keeps everything while its bot dies and comes back.

    async with ZaloApi() as stub:
        lan = stub.person("6ede9afa66b88fe6d6a9", "Lan")
        stub.say(stub.private(lan), lan, "tỷ lệ hộ nghèo 2023")
        (answer,) = await stub.wait_for(1)

    A call's `status` is the error_code it was answered with, 200 where there was none, whatever `http_status` is.
    """

    _updates: Updates

    def __init__(
        self,
        token: str = TOKEN,
        *,
        name: str = "Bot Số liệu",
        http_status: bool = True,
        repeats: Literal["never", "always"] = "never",
        wrapped: bool = False,
        retries: int = 0,
        plan: int | None = None,
        rate: int | None = None,
    ) -> None:
        """`http_status`: an error_code is the HTTP status too, else that is 200; `repeats`: updates that were handed out
        to who polls come back on every poll; `wrapped`: webhook bodies are {"ok": true, "result": …}; `retries`: how often
        a refused post is tried again; `plan`: messages a month; `rate`: calls a second. All but the name may be switched
        at any time."""
        if not name.startswith("Bot"):
            raise ValueError(f"the name of a bot begins with “Bot”, not {name!r}")
        self.token = token
        self.http_status = http_status
        self.said: list[Said] = []
        me = {
            "id": token.partition(":")[0],
            "account_name": "bot.solieu",
            "account_type": "BASIC",
            "can_join_groups": True,
            "display_name": name,
        }
        news = News()
        self._updates = Updates(news, repeats, wrapped=wrapped, retries=retries)
        self._methods = Methods(me, self._updates, plan, rate)
        super().__init__(news, self._updates, self._methods.sent, self._respond, LARGEST)

    # What it is like; may be switched at any time

    @property
    def repeats(self) -> Literal["never", "always"]:
        """Whether updates that were handed out to who polls come back on every poll."""
        return self._updates.repeats

    @repeats.setter
    def repeats(self, how: Literal["never", "always"]) -> None:
        self._updates.repeats = how

    @property
    def wrapped(self) -> bool:
        """Whether webhook bodies are {"ok": true, "result": …}, or the update bare."""
        return self._updates.wrapped

    @wrapped.setter
    def wrapped(self, wrapped: bool) -> None:
        self._updates.wrapped = wrapped

    @property
    def retries(self) -> int:
        """How often a post that was not taken is tried again."""
        return self._updates.retries

    @retries.setter
    def retries(self, times: int) -> None:
        self._updates.retries = times

    @property
    def webhook_tests(self) -> int | None:
        """How often testWebhook may still be called today; None is no limit."""
        return self._updates.tests_left

    @webhook_tests.setter
    def webhook_tests(self, left: int | None) -> None:
        self._updates.tests_left = left

    @property
    def plan(self) -> int | None:
        """Messages a month that may be sent; None is no limit."""
        return self._methods.plan

    @plan.setter
    def plan(self, messages: int | None) -> None:
        self._methods.plan = messages

    @property
    def used(self) -> int:
        """Messages of this month."""
        return self._methods.used

    def renew(self) -> None:
        """A new month begins."""
        self._methods.used = 0

    @property
    def rate(self) -> int | None:
        """Calls of any one second that are taken; None is no limit."""
        return self._methods.rate

    @rate.setter
    def rate(self, calls: int | None) -> None:
        self._methods.rate = calls

    # What came of it

    @property
    def name(self) -> str:
        """The bot's name as people see it; in a group it is called with an @ before it."""
        return str(self._methods.me["display_name"])

    @property
    def webhook(self) -> Webhook | None:
        """The webhook that is set."""
        return self._updates.webhook

    @property
    def posts(self) -> list[Post]:
        """The attempts to post updates to the webhook, but for its checks and for `post`."""
        return self._updates.posts

    def shown(self, chat: Chat) -> list[Sent]:
        """What the bot sent to a chat."""
        return [sent for sent in self.sent if sent.chat is chat]

    def talk(self, chat: Chat) -> list[Said | Sent]:
        """All that stands in a chat, by people and by the bot, in the order in which it was written."""
        everything: list[Said | Sent] = [*self.said, *self.sent]
        return sorted((each for each in everything if each.chat is chat), key=lambda each: each.at)

    # Being a server

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return self._refuse(Refused(401))
        try:
            params = await read_params(request)
        except Refused as refused:
            return self._refuse(refused)
        call = Call(request.match_info["method"], params, time.monotonic())

        def gone() -> bool:
            return request.transport is None or request.transport.is_closing()

        def refuse(refused: Refused) -> web.Response:
            call.status, call.words = refused.code, refused.words
            return self._refuse(refused)

        async def act() -> web.Response:
            try:
                return accepted(await self._methods.act(call.method, params, gone))
            except Refused as refused:
                return refuse(refused)

        return await self._answer(
            request, call, act, lambda fault: refuse(Refused(fault.status or 0, fault.words))
        )

    def _refuse(self, refused: Refused) -> web.Response:
        return refusal(refused, http_status=self.http_status)

    # People and places

    def person(self, id: str, name: str) -> Person:
        """Somebody, by 20 hex digits; to be written to they need a chat."""
        return Person(_checked(id), name)

    def private(self, person: Person) -> Chat:
        """The chat of a person with the bot; made at first use, as if the person had written before."""
        return self._methods.chats.setdefault(person.id, Chat(person.id, person.name))

    def group(self, id: str, title: str) -> Chat:
        """A group the bot is in, confirmed by its head; by 20 hex digits."""
        return self._methods.chats.setdefault(id, Chat(_checked(id), title, group=True))

    # What people do; each gives the update, which the bot gets unless it is not addressed in a group

    def say(
        self,
        chat: Chat,
        person: Person,
        text: str,
        *,
        at: datetime | None = None,
        reply_to: Sent | None = None,
    ) -> Json:
        """A person writes. In a group the bot gets it only if it begins with the bot's name after an @, or answers one of
        the bot's messages (which the update does not tell)."""
        return self._tell(chat, person, "text", {"text": text}, at, reply_to)

    def photo(
        self,
        chat: Chat,
        person: Person,
        caption: str | None = None,
        *,
        key: Literal["photo_url", "photo"] = "photo_url",
        at: datetime | None = None,
        reply_to: Sent | None = None,
    ) -> Json:
        """A person sends a picture, maybe with words under it; `key` is what its address comes under."""
        content = {key: "https://photo.invalid/0a1b2c.jpg"} | (
            {"caption": caption} if caption else {}
        )
        return self._tell(chat, person, "image", content, at, reply_to)

    def sticker(
        self,
        chat: Chat,
        person: Person,
        *,
        at: datetime | None = None,
        reply_to: Sent | None = None,
    ) -> Json:
        """A person sends a sticker."""
        content = {"sticker": "bfe458bf64fa8da4d4eb", "url": "https://sticker.invalid/0a1b2c"}
        return self._tell(chat, person, "sticker", content, at, reply_to)

    def voice(
        self,
        chat: Chat,
        person: Person,
        *,
        at: datetime | None = None,
        reply_to: Sent | None = None,
    ) -> Json:
        """A person speaks."""
        return self._tell(
            chat, person, "voice", {"voice_url": "https://voice.invalid/0a1b2c.aac"}, at, reply_to
        )

    def unsupported(
        self,
        chat: Chat,
        person: Person,
        *,
        without_message: bool = False,
        at: datetime | None = None,
        reply_to: Sent | None = None,
    ) -> Json:
        """A person sends a file or a card, or belongs to those whose words no bot is given."""
        return self._tell(
            chat, person, "unsupported", {}, at, reply_to, without_message=without_message
        )

    def raw(self, event: Json) -> Json:
        """Any event at all, valid or not."""
        self._updates.push(event, chat=object())
        return event

    def again(self, update: Json) -> None:
        """The same update is delivered once more."""
        self._updates.push(update, update.get("message", {}).get("chat", {}).get("id"))

    async def post(self, body: bytes, secret: str | None) -> int:
        """Posts anything to the webhook, with a secret or with none, and gives the status answered."""
        if self.webhook is None:
            raise LookupError("no webhook is set")
        return await deliver(self.webhook.url, secret, body)

    def _tell(
        self,
        chat: Chat,
        person: Person,
        kind: str,
        content: Json,
        at: datetime | None,
        reply_to: Sent | None,
        *,
        without_message: bool = False,
    ) -> Json:
        message = {
            "message_id": self._methods.message_id(),
            "date": int((at or datetime.now(UTC)).timestamp() * 1000),
            "from": person.as_json(),
            "chat": chat.as_json(),
            **content,
        }
        update: Json = {"event_name": f"message.{kind}.received"} | (
            {} if without_message else {"message": message}
        )
        words = str(content.get("text") or content.get("caption") or "")
        self.said.append(Said(chat, person, words, update, time.monotonic()))
        if not chat.group or reply_to is not None or words.startswith(f"@{self.name}"):
            # A copy: the tests may change what they were given.
            self._updates.push(json.loads(json.dumps(update)), chat.id)
        return update


def _checked(id: str) -> str:
    if not re.fullmatch("[0-9a-f]{20}", id):
        raise ValueError(f"an id is 20 hex digits, not {id!r}")
    return id
