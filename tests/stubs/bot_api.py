"""A Telegram Bot API server for one bot, on 127.0.0.1, with the people who talk to it and the faults it can have."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import re
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal, overload

import aiohttp
from aiohttp import web

from .telegram_text import CAPTION_UNITS, TEXT_UNITS, Json, Read, Refused, Rich, read_rich, read_text, units

TOKEN = "123456789:AAstub-token_of_the_tests_0123456789"
HTML_PAGE = (
    "<html>\r\n<head><title>{status}</title></head>\r\n<body><center><h1>{status}</h1></center></body>\r\n</html>"
)

LONGEST_HOLD = 50.0
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
DEFAULT_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
OTHER_UPDATES = ("channel_post", "edited_channel_post", "chosen_inline_result", "chat_join_request", "poll")
ANONYMOUS_ID = 1087968824


# What tests see


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    name: str
    language: str = "vi"
    username: str | None = None

    def as_json(self) -> Json:
        known = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}
        return known | ({"username": self.username} if self.username else {})


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat, group or supergroup as the server knows it; `status` is the bot's own standing in it."""

    id: int
    kind: Literal["private", "group", "supergroup"]
    title: str
    forum: bool = False
    person: Person | None = None
    status: str = "member"
    migrated_to: int | None = None
    members: dict[int, Person] = field(default_factory=dict)
    admins: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)

    def as_json(self) -> Json:
        if self.person is not None:
            name = {"username": self.person.username} if self.person.username else {}
            return {"id": self.id, "type": "private", "first_name": self.person.name} | name
        forum = {"is_forum": True} if self.forum else {}
        return {"id": self.id, "type": self.kind, "title": self.title} | forum


@dataclass(frozen=True, slots=True)
class Told:
    """What a person did: the message it made, and its update (None where the bot does not get to see it)."""

    chat: Chat
    message_id: int
    update_id: int | None
    update: Json


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of a button: its callback query."""

    id: str
    update_id: int | None
    update: Json


@dataclass(frozen=True, slots=True)
class Button:
    """A button of an inline keyboard."""

    label: str
    data: str | None
    raw: Json


@dataclass(frozen=True, slots=True)
class Upload:
    """A file the bot sent: bytes where it was uploaded, none where it was named by file_id or address."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """A message the bot sent or edited, as its reader sees it; `at` is monotonic time."""

    method: str
    chat: Chat
    message_id: int
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Button, ...], ...]
    reply_to: int | None
    thread: int | None
    rich: tuple[Json, ...] | None
    upload: Upload | None
    params: Json
    at: float

    @property
    def labels(self) -> list[str]:
        """The labels of all buttons, in reading order."""
        return [button.label for row in self.buttons for button in row]


@dataclass(slots=True)
class Call:
    """A request the bot made. `status` is None until it is answered, and 0 if no answer reached the bot."""

    method: str
    params: Json
    at: float
    status: int | None = None
    words: str = ""

    @property
    def chat_id(self) -> str:
        return str(self.params.get("chat_id", ""))


@dataclass(slots=True)
class Fault:
    """What goes wrong with requests still to come; `times` None means until it is healed."""

    method: str
    times: int | None
    chat: int | None
    status: int | None
    words: str
    retry_after: int | None
    html: bool
    drop: Literal["before", "after"] | None
    silent: bool
    delay: float
    used: int = 0

    def concerns(self, method: str, chat_id: str) -> bool:
        here = self.chat is None or str(self.chat) == chat_id
        return here and self.method in ("*", method) and (self.times is None or self.used < self.times)


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What answerInlineQuery gave."""

    query_id: str
    results: tuple[Json, ...]
    cache_time: int
    is_personal: bool
    params: Json


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str | None
    connections: int


@dataclass(eq=False, slots=True)
class _Waiting:
    """An update not yet confirmed; one that comes `again` ignores the offset once."""

    id: int
    raw: Json
    chat: object
    again: bool = False


class _Dropped(Exception):
    """The connection ends without an answer."""


# The server


class BotApi:
    """A Bot API server for one bot.

    async with BotApi() as stub:
        an = stub.person(7, "An")
        stub.say(stub.private(an), an, "tỷ lệ hộ nghèo 2023")
        (answer,) = await stub.wait_for(1)
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        username: str = "solieu_test_bot",
        name: str = "Số liệu",
        rich: Literal["on", "absent", "refused"] = "on",
        flood: bool = False,
        privacy: bool = False,
        webhook_pace: float = 0.05,
    ) -> None:
        """`flood` turns the sending limits on, `privacy` hides plain group talk from the bot, `webhook_pace` is what
        one second of Telegram's pauses between webhook attempts lasts here."""
        self.token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
            "can_join_groups": True,
            "can_read_all_group_messages": not privacy,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.rich = rich
        self.flood = flood
        self.privacy = privacy
        self.webhook_pace = webhook_pace

        self.sent: list[Sent] = []
        self.calls: list[Call] = []
        self.actions: list[Call] = []
        self.answered: dict[str, Json] = {}
        self.inline_answers: list[InlineAnswer] = []
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[str, str] = {}
        self.short_descriptions: dict[str, str] = {}
        self.webhook: Webhook | None = None
        self.webhook_posts: list[tuple[int, int | None]] = []

        self._chats: dict[int, Chat] = {}
        self._people: dict[int, Person] = {}
        self._waiting: list[_Waiting] = []
        self._faults: list[Fault] = []
        self._allowed: tuple[str, ...] = DEFAULT_UPDATES
        self._offset = 0
        self._poll = 0
        self._queries: set[str] = set()
        self._files: dict[str, Upload] = {}
        self._pace = _Pace()
        self._update_ids = itertools.count(734_000_001)
        self._private_ids = itertools.count(101)
        self._own_ids: dict[int, itertools.count[int]] = {}
        self._posting: dict[object, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(40)
        self._hook_error: tuple[int, str] | None = None
        self._stirred = asyncio.Event()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self._port = 0

    # Being a server

    @property
    def root(self) -> str:
        """The address the bot is given, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 picks one."""
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=UPLOAD_BYTES + 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port or self._port, reuse_address=True)
        await site.start()
        assert site._server is not None
        self._port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self._post_waiting()

    async def stop(self) -> None:
        """Cut every connection and listen no more; start() listens on the same port again, with nothing forgotten."""
        self._closing.set()
        posting = list(self._posting.values())
        for task in posting:
            task.cancel()
        await asyncio.gather(*posting, return_exceptions=True)
        self._posting.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> BotApi:
        await self.start()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.stop()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Nobody listens while this lasts: connections are refused."""
        await self.stop()
        try:
            yield
        finally:
            await self.start()

    # Waiting

    @overload
    async def wait_for(self, what: int, within: float = 10) -> list[Sent]: ...
    @overload
    async def wait_for(self, what: Callable[[Sent], bool], within: float = 10) -> Sent: ...
    async def wait_for(self, what: int | Callable[[Sent], bool], within: float = 10) -> list[Sent] | Sent:
        """All messages sent so far once there are `what` of them, or the first that fits; AssertionError if late."""
        if isinstance(what, int):
            await self.until(lambda: len(self.sent) >= what, within)
            return list(self.sent)
        await self.until(lambda: any(what(sent) for sent in self.sent), within)
        return next(sent for sent in self.sent if what(sent))

    async def wait_for_call(self, method: str, times: int = 1, within: float = 10) -> list[Call]:
        """All requests of this method once so many arrived."""
        await self.until(lambda: len(self.called(method)) >= times, within)
        return self.called(method)

    async def until(self, holds: Callable[[], bool], within: float = 10) -> None:
        """Wait until something holds here; it is looked at after each event. AssertionError if late."""
        end = time.monotonic() + within
        while not holds():
            stirred = self._stirred
            with suppress(TimeoutError):
                await asyncio.wait_for(stirred.wait(), max(end - time.monotonic(), 0))
            if time.monotonic() >= end and not holds():
                raise AssertionError(f"not within {within:g} s; {self._story()}")

    async def quiet(self, seconds: float) -> list[Sent]:
        """All messages sent so far, once nothing new came for so long."""
        count = -1
        while count != len(self.sent):
            count = len(self.sent)
            await asyncio.sleep(seconds)
        return list(self.sent)

    def called(self, method: str) -> list[Call]:
        """The requests of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def shown(self, chat: Chat) -> list[Sent]:
        """What stands in a chat now: each message of the bot once, as it was last edited."""
        latest = {sent.message_id: sent for sent in self.sent if sent.chat is chat}
        return list(latest.values())

    @property
    def pending(self) -> int:
        """Updates that were neither confirmed nor accepted."""
        return len(self._waiting)

    def _story(self) -> str:
        sent = "; ".join(f"{sent.method} to {sent.chat.id}: {sent.text!r}" for sent in self.sent[-5:]) or "nothing"
        calls = ", ".join(f"{call.method} {call.status}" for call in self.calls[-8:]) or "none"
        return f"{len(self.sent)} sent, the last: {sent}; the last requests: {calls}; {self.pending} updates pending"

    def _stir(self) -> None:
        stirred, self._stirred = self._stirred, asyncio.Event()
        stirred.set()

    # Faults

    def fault(
        self,
        method: str,
        *,
        times: int | None = 1,
        chat: Chat | None = None,
        status: int | None = None,
        words: str = "",
        retry_after: int | None = None,
        html: bool = False,
        drop: Literal["before", "after"] | None = None,
        silent: bool = False,
        delay: float = 0,
    ) -> Fault:
        """Let the next requests of a method ("*" for any) go wrong.

        status (with words, retry_after, or as an HTML page) answers without acting; drop="before" cuts the connection
        without acting, drop="after" acts and then cuts it; silent never answers; delay waits first, then goes on.
        """
        fault = Fault(method, times, chat.id if chat else None, status, words, retry_after, html, drop, silent, delay)
        self._faults.append(fault)
        return fault

    def heal(self) -> None:
        """No more faults for requests to come; those already met with silence stay unanswered."""
        self._faults.clear()

    # People and places

    def person(self, id: int, name: str, language: str = "vi", username: str | None = None) -> Person:
        person = Person(id, name, language, username)
        self._people[id] = person
        return person

    def private(self, person: Person) -> Chat:
        """The chat of a person with the bot; made at first use, as if the person had pressed Start."""
        if person.id not in self._chats:
            self._chats[person.id] = Chat(person.id, "private", person.name, person=person)
        return self._chats[person.id]

    def group(self, id: int, title: str, forum: bool = False, admins: Iterable[Person] = ()) -> Chat:
        """A group the bot is in; below -1000000000000 it is a supergroup, and only that may have topics."""
        kind: Literal["group", "supergroup"] = "supergroup" if id <= -1_000_000_000_000 else "group"
        chat = Chat(id, kind, title, forum=forum)
        for admin in admins:
            chat.members[admin.id] = admin
            chat.admins[admin.id] = "administrator"
        self._chats[id] = chat
        return chat

    def topic(self, chat: Chat, title: str, person: Person) -> int:
        """A new topic of a forum; gives its thread."""
        thread = self._message_id(chat)
        chat.topics[thread] = title
        made = {"forum_topic_created": {"name": title, "icon_color": 7322096}}
        message = self._message(chat, person, thread, made) | {"message_thread_id": thread, "is_topic_message": True}
        chat.messages[thread] = message
        self._push("message", message, chat)
        return thread

    def say(
        self,
        chat: Chat,
        person: Person,
        text: str,
        *,
        reply_to: Told | Sent | int | None = None,
        thread: int | None = None,
        entities: list[Json] | None = None,
        anonymous: bool = False,
    ) -> Told:
        """A person writes; commands and @mentions are found in the text unless entities are given."""
        found = _entities_in(text) if entities is None else entities
        content: Json = {"text": text} | ({"entities": found} if found else {})
        return self._tell(chat, person, content, reply_to=reply_to, thread=thread, anonymous=anonymous)

    def edit(self, told: Told, text: str) -> Told:
        """A person edits what they wrote."""
        message = told.chat.messages[told.message_id]
        message = {name: value for name, value in message.items() if name != "entities"}
        message |= {"text": text, "edit_date": int(time.time())}
        found = _entities_in(text)
        message |= {"entities": found} if found else {}
        told.chat.messages[told.message_id] = message
        update_id, update = self._push("edited_message", message, told.chat)
        return Told(told.chat, told.message_id, update_id, update)

    def press(self, message: Sent, button: str, person: Person, *, inaccessible: bool = False) -> Pressed:
        """A person presses the button with this label or data, of the keyboard shown now or, on a screen that lags
        behind, of the one `message` had; `inaccessible` is how Telegram shows a message too old to be known."""
        now = _buttons(message.chat.messages[message.message_id].get("reply_markup"))
        for row in (*now, *message.buttons):
            for candidate in row:
                if button in (candidate.label, candidate.data) and candidate.data is not None:
                    return self._press(message, candidate.data, person, inaccessible)
        raise LookupError(f"no button {button!r} under {message.text!r}: {message.labels}")

    def _press(self, message: Sent, data: str, person: Person, inaccessible: bool) -> Pressed:
        query_id = str(4_000_000_000 + len(self._queries))
        self._queries.add(query_id)
        shown = message.chat.messages[message.message_id]
        if inaccessible:
            shown = {"chat": message.chat.as_json(), "message_id": message.message_id, "date": 0}
        query = {
            "id": query_id,
            "from": person.as_json(),
            "message": shown,
            "chat_instance": str(message.chat.id * 31),
            "data": data,
        }
        return Pressed(query_id, *self._push("callback_query", query, message.chat))

    def expire(self, query: Pressed) -> None:
        """Answering this press (or inline question) is too late from now on."""
        self._queries.discard(query.id)

    def inline(self, person: Person, query: str, chat_type: str = "private") -> Pressed:
        """A person types "@bot query" somewhere."""
        query_id = str(9_000_000_000 + len(self._queries))
        self._queries.add(query_id)
        asked = {"id": query_id, "from": person.as_json(), "query": query, "offset": "", "chat_type": chat_type}
        return Pressed(query_id, *self._push("inline_query", asked, person.id))

    def sticker(self, chat: Chat, person: Person, reply_to: Told | Sent | int | None = None) -> Told:
        sticker = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._tell(chat, person, {"sticker": self._file(b"") | sticker | {"emoji": "👍"}}, reply_to=reply_to)

    def voice(self, chat: Chat, person: Person, reply_to: Told | Sent | int | None = None) -> Told:
        voice = {"duration": 3, "mime_type": "audio/ogg"}
        return self._tell(chat, person, {"voice": self._file(b"") | voice}, reply_to=reply_to)

    def photo(
        self, chat: Chat, person: Person, caption: str | None = None, reply_to: Told | Sent | int | None = None
    ) -> Told:
        content: Json = {"photo": [self._file(b"") | {"width": 90, "height": 90}]}
        return self._tell(chat, person, content | ({"caption": caption} if caption else {}), reply_to=reply_to)

    def standing(self, chat: Chat, person: Person, status: Literal["member", "administrator", "left", "kicked"]) -> int:
        """A person changes what the bot is in a chat: blocks, adds, removes or promotes it."""
        before, chat.status = chat.status, status
        change = {
            "chat": chat.as_json(),
            "from": person.as_json(),
            "date": int(time.time()),
            "old_chat_member": self._member_json(self.me, before),
            "new_chat_member": self._member_json(self.me, status),
        }
        update_id, _ = self._push("my_chat_member", change, chat)
        return update_id or 0

    def block(self, chat: Chat, person: Person) -> int:
        """The bot is blocked by a person, or thrown out of a group: sending there gives 403 from now on."""
        return self.standing(chat, person, "kicked")

    def unblock(self, chat: Chat, person: Person) -> int:
        return self.standing(chat, person, "member")

    def migrate(self, chat: Chat, new_id: int, person: Person, *, announce: bool = True) -> Chat:
        """A group becomes a supergroup: sends to the old id name the new one, and both service messages come."""
        new = self.group(new_id, chat.title)
        new.members, new.admins = dict(chat.members), dict(chat.admins)
        chat.migrated_to = new_id
        if announce:
            self._tell(chat, person, {"migrate_to_chat_id": new_id})
            self._tell(new, person, {"migrate_from_chat_id": chat.id})
        return new

    def push_raw(self, update: Json, chat: Chat | None = None) -> int:
        """Any update at all, valid or not; gets an update_id unless it has one. Not filtered by allowed_updates."""
        update_id = next(self._update_ids)
        raw = {"update_id": update_id} | update
        self._enqueue(_Waiting(update_id, raw, chat or update_id))
        return update_id

    def repeat(self, what: Told | Pressed) -> None:
        """The same update comes once more, as it does when a confirmation was lost."""
        update_id = what.update["update_id"]
        self._enqueue(_Waiting(update_id, what.update, _chat_of(what.update), again=True))

    def _tell(
        self,
        chat: Chat,
        person: Person,
        content: Json,
        *,
        reply_to: Told | Sent | int | None = None,
        thread: int | None = None,
        anonymous: bool = False,
    ) -> Told:
        message = self._message(chat, person, self._message_id(chat), content)
        if chat.kind != "private":
            chat.members.setdefault(person.id, person)
        if anonymous:
            anon = {"id": ANONYMOUS_ID, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
            message |= {"from": anon, "sender_chat": chat.as_json()}
        if reply_to is not None:
            target = chat.messages[reply_to if isinstance(reply_to, int) else reply_to.message_id]
            message["reply_to_message"] = {name: value for name, value in target.items() if name != "reply_to_message"}
            thread = thread or target.get("message_thread_id")
            if chat.kind == "supergroup" and not chat.forum:
                # Replies of a plain supergroup name a thread too, though it has no topics.
                message["message_thread_id"] = target.get("message_thread_id", target["message_id"])
        if chat.forum and thread is not None and thread != 1:
            if thread not in chat.topics:
                raise LookupError(f"no topic {thread} in {chat.title}")
            message |= {"message_thread_id": thread, "is_topic_message": True}
            # In a topic every message that answers nothing else answers the topic's first one.
            message.setdefault("reply_to_message", chat.messages[thread])
        chat.messages[message["message_id"]] = message
        seen = (
            chat.kind == "private" or not self.privacy or chat.status == "administrator" or self._concerns_me(message)
        )
        if chat.status in ("kicked", "left") and chat.kind != "private":
            seen = False
        update_id, update = self._push("message", message, chat) if seen else (None, {"message": message})
        return Told(chat, message["message_id"], update_id, update)

    def _concerns_me(self, message: Json) -> bool:
        if message.get("reply_to_message", {}).get("from", {}).get("id") == self.me["id"]:
            return True
        text: str = message.get("text") or message.get("caption") or ""
        handle = "@" + str(self.me["username"]).lower()
        command = re.match(r"/\w+(@\w+)?", text)
        return handle in text.lower() or (command is not None and command.group(1) is None)

    def _message(self, chat: Chat, person: Person, message_id: int, content: Json) -> Json:
        head = {"message_id": message_id, "from": person.as_json(), "chat": chat.as_json(), "date": int(time.time())}
        return head | content

    def _message_id(self, chat: Chat) -> int:
        # Supergroups count for themselves; all else shares the numbers of the bot's own account.
        if chat.kind == "supergroup":
            return next(self._own_ids.setdefault(chat.id, itertools.count(2)))
        return next(self._private_ids)

    def _file(self, content: bytes, name: str = "", media_type: str = "") -> Json:
        file_id = f"stubfile{len(self._files) + 1:06d}"
        self._files[file_id] = Upload(name, media_type, content)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}

    # Updates

    def _push(self, kind: str, content: Json, chat: object) -> tuple[int | None, Json]:
        if kind not in self._allowed:
            return None, {kind: content}
        update_id = next(self._update_ids)
        update = {"update_id": update_id, kind: content}
        self._enqueue(_Waiting(update_id, update, chat))
        return update_id, update

    def _enqueue(self, waiting: _Waiting) -> None:
        # A copy: what was told must not change when the message is edited before the bot reads it.
        waiting.raw = json.loads(json.dumps(waiting.raw))
        self._waiting.append(waiting)
        self._stir()
        self._post_waiting()

    def _allow(self, params: Json) -> None:
        kinds = params.get("allowed_updates")
        if kinds is None:
            return
        if not isinstance(kinds, list):
            raise Refused("can't parse allowed_updates: Expected an Array of String")
        known = (*DEFAULT_UPDATES, *OTHER_UPDATES)
        self._allowed = tuple(kind for kind in kinds if kind in known) or DEFAULT_UPDATES

    async def _get_updates(self, params: Json) -> list[Json]:
        if self.webhook is not None:
            raise Refused(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                409,
            )
        self._allow(params)
        self._poll += 1
        mine = self._poll
        self._stir()
        self._confirm(_integer(params, "offset", 0))
        limit = min(max(_integer(params, "limit", 100), 1), 100)
        end = time.monotonic() + min(max(_integer(params, "timeout", 0), 0), LONGEST_HOLD)
        while True:
            if self.webhook is not None:
                raise Refused("terminated by setWebhook request", 409)
            if mine != self._poll:
                raise Refused(
                    "terminated by other getUpdates request; make sure that only one bot instance is running", 409
                )
            ready = self._waiting[:limit]
            left = end - time.monotonic()
            if ready or left <= 0:
                self._waiting = [waiting for waiting in self._waiting if not (waiting.again and waiting in ready)]
                return [waiting.raw for waiting in ready]
            await self._sleep(left)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = min((waiting.id for waiting in self._waiting[offset:]), default=self._offset)
        self._offset = max(offset, self._offset)
        self._waiting = [waiting for waiting in self._waiting if waiting.again or waiting.id >= self._offset]

    async def _sleep(self, seconds: float) -> None:
        """Wait for the next event, so long, or until the server stops."""
        stirred = self._stirred
        waits = [asyncio.ensure_future(stirred.wait()), asyncio.ensure_future(self._closing.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if self._closing.is_set():
            raise _Dropped

    # Webhook

    async def _set_webhook(self, params: Json) -> bool:
        url = str(params.get("url", ""))
        if not url:
            return await self._delete_webhook(params)
        if not re.match(r"https?://[^\s/]+", url):
            raise Refused("bad webhook: invalid webhook URL specified")
        secret = params.get("secret_token")
        if secret is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", str(secret)):
            raise Refused("secret token contains unallowed characters")
        self._allow(params)
        if _flag(params, "drop_pending_updates"):
            self._waiting.clear()
        connections = min(max(_integer(params, "max_connections", 40), 1), 100)
        self.webhook = Webhook(url, None if secret is None else str(secret), connections)
        self._slots = asyncio.Semaphore(connections)
        self._hook_error = None
        self._stir()
        self._post_waiting()
        return True

    async def _delete_webhook(self, params: Json) -> bool:
        self.webhook = None
        for task in self._posting.values():
            task.cancel()
        self._posting.clear()
        if _flag(params, "drop_pending_updates"):
            self._waiting.clear()
        self._stir()
        return True

    async def _get_webhook_info(self, _params: Json) -> Json:
        hook = self.webhook
        info: Json = {"url": hook.url if hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self._waiting)
        if hook is not None:
            info |= {"max_connections": hook.connections, "ip_address": "127.0.0.1"}
            info |= {"allowed_updates": list(self._allowed)} if self._allowed != DEFAULT_UPDATES else {}
            if self._hook_error is not None:
                info |= {"last_error_date": self._hook_error[0], "last_error_message": self._hook_error[1]}
        return info

    def _post_waiting(self) -> None:
        """Post in order within a chat, side by side between chats; a failure holds back its own chat only."""
        if self.webhook is None or self._closing.is_set():
            return
        for waiting in self._waiting:
            if waiting.chat not in self._posting:
                self._posting[waiting.chat] = asyncio.get_running_loop().create_task(self._post_chat(waiting.chat))

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
                    status, again_after, body = await self._post(session, self.webhook, waiting)
                self.webhook_posts.append((waiting.id, status))
                if status is not None and 200 <= status < 300:
                    failures = 0
                    self._waiting = [other for other in self._waiting if other is not waiting]
                    await self._carry_out(body)
                    self._stir()
                    continue
                self._stir()
                self._hook_error = (int(time.time()), f"Wrong response from the webhook: {status}")
                # Tried again at once, then after 2, 4, 8 … 60 seconds of Telegram's time.
                pause = again_after or min(2**failures, 60) * (failures > 0)
                failures += 1
                await asyncio.sleep(pause * self.webhook_pace)

    async def _post(
        self, session: aiohttp.ClientSession, hook: Webhook, waiting: _Waiting
    ) -> tuple[int | None, float, bytes]:
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret is not None else {}
        try:
            async with session.post(hook.url, json=waiting.raw, headers=headers, allow_redirects=False) as response:
                again_after = response.headers.get("Retry-After", "")
                return response.status, float(again_after) if again_after.isdigit() else 0, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None, 0, b""

    async def _carry_out(self, body: bytes) -> None:
        """A webhook may answer with a method to call; nobody learns its result."""
        with suppress(ValueError, Refused):
            answer = json.loads(body)
            if isinstance(answer, dict) and isinstance(answer.get("method"), str):
                params = {name: value for name, value in answer.items() if name != "method"}
                call = Call(answer["method"], params, time.monotonic(), status=0)
                self.calls.append(call)
                await self._act(call, {})

    # Answering requests

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return _answer(Refused("Unauthorized", 401))
        try:
            params, uploads = await _read_params(request)
        except Refused as refusal:
            return _answer(refusal)
        call = Call(_METHODS.get(request.match_info["method"].lower(), request.match_info["method"]), params, 0)
        call.at = time.monotonic()
        self.calls.append(call)
        self._stir()
        try:
            response = await self._respond(call, uploads)
        except _Dropped:
            response = None
        if response is None or request.transport is None or request.transport.is_closing():
            call.status = 0
            if request.transport is not None:
                request.transport.close()
            response = web.Response(status=500)
        else:
            call.status = response.status
        self._stir()
        return response

    async def _respond(self, call: Call, uploads: dict[str, Upload]) -> web.Response:
        fault = next((fault for fault in self._faults if fault.concerns(call.method, call.chat_id)), None)
        if fault is not None:
            fault.used += 1
            if fault.delay:
                await self._pause(fault.delay)
            if fault.silent:
                await self._pause(None)
            if fault.drop == "before":
                raise _Dropped
            if fault.html:
                status = fault.status or 502
                return web.Response(status=status, text=HTML_PAGE.format(status=status), content_type="text/html")
            if fault.status is not None:
                return _answer(_fault_words(fault))
        try:
            result = await self._act(call, uploads)
        except Refused as refusal:
            call.words = refusal.words
            response = _answer(refusal)
        else:
            response = web.json_response({"ok": True, "result": result})
        if fault is not None and fault.drop == "after":
            raise _Dropped
        return response

    async def _pause(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
            raise _Dropped

    async def _act(self, call: Call, uploads: dict[str, Upload]) -> Any:
        acts: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "editMessageReplyMarkup": self._edit_reply_markup,
            "sendChatAction": self._send_chat_action,
            "answerCallbackQuery": self._answer_callback_query,
            "answerInlineQuery": self._answer_inline_query,
            "setMyCommands": self._set_my_commands,
            "getMyCommands": self._get_my_commands,
            "deleteMyCommands": self._delete_my_commands,
            "setMyDescription": self._set_my_description,
            "getMyDescription": self._get_my_description,
            "setMyShortDescription": self._set_my_short_description,
            "getMyShortDescription": self._get_my_short_description,
            "getChat": self._get_chat,
            "getChatMember": self._get_chat_member,
            "getChatAdministrators": self._get_chat_administrators,
        }
        method, params = call.method, call.params
        if method in acts:
            return await acts[method](params)
        if method == "sendMessage":
            return self._send(method, params, self._text(params, "text"), _Body())
        if method in ("sendPhoto", "sendDocument"):
            return self._send_file(method, params, uploads)
        if method == "sendRichMessage" and self.rich != "absent":
            rich = self._rich(params)
            return self._send(method, params, Read(rich.text), _Body(rich=rich))
        if method == "editMessageText":
            return self._edit_text(params)
        raise Refused("Not Found", 404)

    async def _get_me(self, _params: Json) -> Json:
        return self.me

    # Sending

    def _text(self, params: Json, name: Literal["text", "caption"]) -> Read:
        text = name == "text"
        return read_text(
            params.get(name),
            params.get("parse_mode"),
            params.get("entities" if text else "caption_entities"),
            empty="message text is empty",
            longest=TEXT_UNITS if text else CAPTION_UNITS,
            too_long="message is too long" if text else "message caption is too long",
            may_be_empty=not text,
        )

    def _rich(self, params: Json) -> Rich:
        if self.rich == "refused":
            raise Refused("RICH_MESSAGE_INVALID")
        return read_rich(params.get("rich_message"))

    def _send_file(self, method: str, params: Json, uploads: dict[str, Upload]) -> Json:
        name = "photo" if method == "sendPhoto" else "document"
        caption = self._text(params, "caption")
        given = params.get(name)
        if given is None and name in uploads:
            given = f"attach://{name}"
        if not given:
            raise Refused(f"there is no {name} in the request")
        given = str(given)
        if given.startswith("attach://"):
            upload = uploads.get(given.removeprefix("attach://"))
            if upload is None:
                raise Refused(f"{name} file must be uploaded as a file or specified by file_id")
            if not upload.content:
                raise Refused("file must be non-empty")
            if len(upload.content) > (PHOTO_BYTES if name == "photo" else UPLOAD_BYTES):
                raise Refused(f"file of size {len(upload.content)} bytes is too big for a {name}")
            stored = self._file(upload.content, upload.name, upload.media_type)
        elif re.match(r"https?://", given):
            upload = Upload(given, "", b"")
            stored = self._file(b"", given)
        elif given in self._files:
            upload = self._files[given]
            stored = {"file_id": given, "file_unique_id": f"u{given}", "file_size": len(upload.content)}
        else:
            raise Refused("wrong remote file identifier specified: can't unserialize it")
        if name == "photo":
            content: Json = {"photo": [stored | {"width": 640, "height": 480}]}
        else:
            content = {"document": stored | {"file_name": upload.name, "mime_type": upload.media_type}}
        return self._send(method, params, caption, _Body(content=content, upload=upload))

    def _send(self, method: str, params: Json, read: Read, body: _Body) -> Json:
        markup = _markup(params.get("reply_markup"))
        chat = self._open_chat(params)
        reply = self._replied(params, chat)
        thread = self._thread(params, chat, reply)
        self._spend(chat)
        message_id = self._message_id(chat)
        message = {
            "message_id": message_id,
            "from": {name: self.me[name] for name in ("id", "is_bot", "first_name", "username")},
            "chat": chat.as_json(),
            "date": int(time.time()),
        }
        if reply is not None:
            message["reply_to_message"] = {name: value for name, value in reply.items() if name != "reply_to_message"}
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        message |= _content(read, body)
        if "inline_keyboard" in markup:
            message["reply_markup"] = markup
        chat.messages[message_id] = message
        self._record(method, chat, message, read, body, params)
        return message

    def _open_chat(self, params: Json) -> Chat:
        chat = self._chats.get(_chat_id(params))
        if chat is None:
            raise Refused("chat not found")
        if chat.migrated_to is not None:
            raise Refused("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        kind = "group" if chat.kind == "group" else "supergroup"
        if chat.status == "kicked":
            blocked = "bot was blocked by the user"
            raise Refused(blocked if chat.kind == "private" else f"bot was kicked from the {kind} chat", 403)
        if chat.status == "left":
            raise Refused(f"bot is not a member of the {kind} chat", 403)
        return chat

    def _replied(self, params: Json, chat: Chat) -> Json | None:
        given = params.get("reply_parameters")
        if given is None and "reply_to_message_id" in params:
            given = {
                "message_id": params["reply_to_message_id"],
                "allow_sending_without_reply": params.get("allow_sending_without_reply"),
            }
        if given is None:
            return None
        if not isinstance(given, dict):
            raise Refused("object expected as reply parameters")
        reply = chat.messages.get(_integer(given, "message_id", 0))
        if reply is None and not _flag(given, "allow_sending_without_reply"):
            raise Refused("message to be replied not found")
        return reply

    def _thread(self, params: Json, chat: Chat, reply: Json | None) -> int | None:
        thread = _integer(params, "message_thread_id", 0)
        if thread and thread not in chat.topics:
            # The General topic, 1, is named by leaving it out.
            raise Refused("message thread not found")
        if not thread and chat.forum and reply is not None:
            thread = reply.get("message_thread_id", 0)
        return thread or None

    def _spend(self, chat: Chat) -> None:
        wait = self._pace.spend(chat, time.monotonic()) if self.flood else 0
        if wait:
            raise Refused(f"Too Many Requests: retry after {wait}", 429, retry_after=wait)

    def _record(self, method: str, chat: Chat, message: Json, read: Read, body: _Body, params: Json) -> None:
        self.sent.append(
            Sent(
                method=method,
                chat=chat,
                message_id=message["message_id"],
                text=read.text,
                entities=read.entities,
                buttons=_buttons(message.get("reply_markup")),
                reply_to=message.get("reply_to_message", {}).get("message_id"),
                thread=message.get("message_thread_id"),
                rich=body.rich.blocks if body.rich else None,
                upload=body.upload,
                params=params,
                at=time.monotonic(),
            )
        )
        self._stir()

    # Editing

    def _edit_text(self, params: Json) -> Json:
        if self.rich == "on" and params.get("rich_message") is not None:
            rich = self._rich(params)
            read, body = Read(rich.text), _Body(rich=rich)
        else:
            read, body = self._text(params, "text"), _Body()
        chat, message = self._own_message(params)
        if "text" not in message and "rich_message" not in message:
            raise Refused("there is no text in the message to edit")
        kept = {name: value for name, value in message.items() if name not in _EDITABLE}
        return self._edited("editMessageText", chat, message, kept | _content(read, body), read, body, params)

    async def _edit_reply_markup(self, params: Json) -> Json:
        chat, message = self._own_message(params)
        kept = {name: value for name, value in message.items() if name != "reply_markup"}
        last = next(
            sent for sent in reversed(self.sent) if (sent.chat, sent.message_id) == (chat, message["message_id"])
        )
        body = _Body(rich=Rich(last.rich, last.text) if last.rich else None, upload=last.upload)
        read = Read(last.text, last.entities)
        return self._edited("editMessageReplyMarkup", chat, message, kept, read, body, params)

    def _own_message(self, params: Json) -> tuple[Chat, Json]:
        if not params.get("chat_id") or not params.get("message_id"):
            raise Refused("message identifier is not specified")
        chat = self._open_chat(params)
        message = chat.messages.get(_integer(params, "message_id", 0))
        if message is None:
            raise Refused("message to edit not found")
        if message.get("from", {}).get("id") != self.me["id"]:
            raise Refused("message can't be edited")
        return chat, message

    def _edited(self, method: str, chat: Chat, old: Json, new: Json, read: Read, body: _Body, params: Json) -> Json:
        markup = _markup(params.get("reply_markup"))
        if markup.get("inline_keyboard"):
            new["reply_markup"] = markup
        if {**old, "edit_date": 0} == {**new, "edit_date": 0}:
            raise Refused(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        self._spend(chat)
        new["edit_date"] = int(time.time())
        chat.messages[new["message_id"]] = new
        self._record(method, chat, new, read, body, params)
        return new

    # Smaller methods

    async def _send_chat_action(self, params: Json) -> bool:
        if str(params.get("action", "")) not in _ACTIONS:
            raise Refused("wrong parameter action in request")
        chat = self._open_chat(params)
        self._thread(params, chat, None)
        self.actions.append(Call("sendChatAction", params, time.monotonic(), 200))
        return True

    def _known_query(self, query_id: object) -> str:
        if str(query_id) not in self._queries:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        return str(query_id)

    async def _answer_callback_query(self, params: Json) -> bool:
        if units(str(params.get("text") or "")) > 200:
            raise Refused("MESSAGE_TOO_LONG")
        query_id = self._known_query(params.get("callback_query_id"))
        self.answered[query_id] = params
        return True

    async def _answer_inline_query(self, params: Json) -> bool:
        results = params.get("results")
        if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
            raise Refused("can't parse inline query results: expected an Array of InlineQueryResult")
        if len(results) > 50:
            raise Refused("RESULTS_TOO_MUCH")
        ids = [str(result.get("id", "")) for result in results]
        if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
            raise Refused("RESULT_ID_INVALID")
        if len(set(ids)) < len(ids):
            raise Refused("RESULT_ID_DUPLICATE")
        for result in results:
            self._check_result(result)
        if len(str(params.get("next_offset") or "").encode()) > 64:
            raise Refused("NEXT_OFFSET_INVALID")
        query_id = self._known_query(params.get("inline_query_id"))
        cache_time = _integer(params, "cache_time", 300)
        self.inline_answers.append(
            InlineAnswer(query_id, tuple(results), cache_time, _flag(params, "is_personal"), params)
        )
        return True

    def _check_result(self, result: Json) -> None:
        _markup(result.get("reply_markup"))
        if result.get("type") != "article":
            raise Refused(f"can't parse inline query result: this stub does not know type {result.get('type')!r}")
        if not result.get("title"):
            raise Refused("can't parse inline query result: Can't find field \"title\"")
        content = result.get("input_message_content")
        if not isinstance(content, dict):
            raise Refused("can't parse inline query result: message content is not specified")
        if self.rich == "on" and content.get("rich_message") is not None:
            self._rich(content)
        else:
            self._text(content | {"text": content.get("message_text")}, "text")

    async def _set_my_commands(self, params: Json) -> bool:
        commands = params.get("commands")
        if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
            raise Refused("can't parse commands: expected an Array of BotCommand")
        if len(commands) > 100:
            raise Refused("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise Refused("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
        named = [
            {"command": str(command["command"]).removeprefix("/"), "description": str(command["description"])}
            for command in commands
        ]
        self.commands[self._scope(params)] = named
        return True

    async def _get_my_commands(self, params: Json) -> list[Json]:
        return self.commands.get(self._scope(params), [])

    async def _delete_my_commands(self, params: Json) -> bool:
        self.commands.pop(self._scope(params), None)
        return True

    def _scope(self, params: Json) -> tuple[str, str]:
        scope = params.get("scope") or {"type": "default"}
        if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
            raise Refused("can't parse BotCommandScope: Unsupported type specified")
        parts = [str(scope["type"])]
        if scope["type"].startswith("chat"):
            if _chat_id(scope) not in self._chats:
                raise Refused("chat not found")
            parts += [str(scope[name]) for name in ("chat_id", "user_id") if name in scope]
        return ":".join(parts), _language(params)

    async def _set_my_description(self, params: Json) -> bool:
        return _describe(self.descriptions, params, "description", 512)

    async def _get_my_description(self, params: Json) -> Json:
        return {"description": self.descriptions.get(_language(params), "")}

    async def _set_my_short_description(self, params: Json) -> bool:
        return _describe(self.short_descriptions, params, "short_description", 120)

    async def _get_my_short_description(self, params: Json) -> Json:
        return {"short_description": self.short_descriptions.get(_language(params), "")}

    async def _get_chat(self, params: Json) -> Json:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, True)}
        return self._open_chat(params).as_json() | more

    async def _get_chat_member(self, params: Json) -> Json:
        chat, user_id = self._open_chat(params), _integer(params, "user_id", 0)
        if user_id == self.me["id"]:
            return self._member_json(self.me, chat.status)
        person = chat.person if chat.person and chat.person.id == user_id else chat.members.get(user_id)
        if person is not None:
            return self._member_json(person.as_json(), chat.admins.get(user_id, "member"))
        if user_id in self._people:
            return self._member_json(self._people[user_id].as_json(), "left")
        raise Refused("PARTICIPANT_ID_INVALID" if chat.kind != "private" else "user not found")

    async def _get_chat_administrators(self, params: Json) -> list[Json]:
        chat = self._open_chat(params)
        if chat.kind == "private":
            raise Refused("there are no administrators in the private chat")
        return [self._member_json(chat.members[id].as_json(), status) for id, status in chat.admins.items()]

    def _member_json(self, user: Json, status: str) -> Json:
        member: Json = {"user": user, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        elif status == "creator":
            member["is_anonymous"] = False
        elif status == "administrator":
            member |= dict.fromkeys(_RIGHTS, False)
        return member


@dataclass(frozen=True, slots=True)
class _Body:
    """What a message has besides its text."""

    content: Json = field(default_factory=dict)
    rich: Rich | None = None
    upload: Upload | None = None


class _Pace:
    """Telegram's sending limits: about one message a second in a chat, 20 a minute in a group, 30 a second in all."""

    BURST = 3

    def __init__(self) -> None:
        self.all: deque[float] = deque()
        self.groups: dict[int, deque[float]] = {}
        self.chats: dict[int, tuple[float, float]] = {}

    def spend(self, chat: Chat, now: float) -> int:
        """Seconds to wait, or 0, and then the message is counted."""
        left, since = self.chats.get(chat.id, (float(self.BURST), now))
        left = min(left + now - since, float(self.BURST))
        waits = [1 - left, _window(self.all, now, 30, 1)]
        if chat.kind != "private":
            waits.append(_window(self.groups.setdefault(chat.id, deque()), now, 20, 60))
        wait = max(waits)
        if wait > 0:
            return math.ceil(wait)
        self.chats[chat.id] = (left - 1, now)
        self.all.append(now)
        if chat.kind != "private":
            self.groups[chat.id].append(now)
        return 0


def _window(times: deque[float], now: float, most: int, seconds: float) -> float:
    while times and times[0] <= now - seconds:
        times.popleft()
    return times[0] + seconds - now if len(times) >= most else 0


_METHODS = {
    name.lower(): name
    for name in (
        *("getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "sendMessage", "sendRichMessage"),
        *("editMessageText", "editMessageReplyMarkup", "sendPhoto", "sendDocument", "sendChatAction"),
        *("answerCallbackQuery", "answerInlineQuery", "setMyCommands", "getMyCommands", "deleteMyCommands"),
        *("setMyDescription", "getMyDescription", "setMyShortDescription", "getMyShortDescription"),
        *("getChat", "getChatMember", "getChatAdministrators"),
    )
}
_EDITABLE = ("text", "entities", "rich_message", "reply_markup", "link_preview_options", "edit_date")
_ACTIONS = {"typing", "upload_photo", "upload_document", "choose_sticker", "find_location", "record_voice"}
_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat"}
_SCOPES |= {"chat_administrators", "chat_member"}
_RIGHTS = (
    *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories"),
)
_BUTTON_ACTIONS = {"url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat"}
_BUTTON_ACTIONS |= {"switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay"}
_JSON_PARAMS = {"reply_markup", "reply_parameters", "link_preview_options", "rich_message", "entities", "results"}
_JSON_PARAMS |= {"caption_entities", "allowed_updates", "commands", "scope", "button"}


async def _read_params(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters from the address, a JSON body, a form or a multipart body; nested values decoded."""
    params: Json = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json" and request.can_read_body:
        try:
            given = await request.json()
        except ValueError:
            raise Refused("can't parse request body as JSON") from None
        if not isinstance(given, dict):
            raise Refused("request body must be an object")
        params |= given
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                params[name] = value
    for name in _JSON_PARAMS & params.keys():
        if isinstance(params[name], str):
            try:
                params[name] = json.loads(params[name])
            except ValueError:
                raise Refused(f"can't parse {name.replace('_', ' ')} JSON object") from None
    return params, uploads


def _answer(refusal: Refused) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.status, "description": refusal.words}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.status)


def _fault_words(fault: Fault) -> Refused:
    assert fault.status is not None
    after = fault.retry_after
    usual = {
        401: "Unauthorized",
        404: "Not Found",
        409: "terminated by other getUpdates request; make sure that only one bot instance is running",
        429: f"Too Many Requests: retry after {after}",
        500: "Internal Server Error",
        502: "Bad Gateway",
    }
    words = fault.words or usual.get(fault.status, "fault")
    return Refused(words, fault.status, **({"retry_after": after} if after is not None else {}))


def _integer(params: Json, name: str, default: int) -> int:
    value = params.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused(f'field "{name}" must be a valid Number') from None


def _flag(params: Json, name: str) -> bool:
    return str(params.get(name, "")).lower() in ("true", "yes", "1")


def _chat_id(params: Json) -> int:
    value = params.get("chat_id")
    if value is None or value == "":
        raise Refused("chat_id is empty")
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused("chat not found") from None


def _language(params: Json) -> str:
    language = str(params.get("language_code") or "")
    if not re.fullmatch(r"(?:[a-z]{2})?", language):
        raise Refused("LANG_CODE_INVALID")
    return language


def _describe(where: dict[str, str], params: Json, name: str, longest: int) -> bool:
    text = str(params.get(name) or "")
    if len(text) > longest:
        raise Refused(f"{name.upper()}_TOO_LONG")
    where[_language(params)] = text
    return True


def _markup(markup: object) -> Json:
    """A reply markup, checked; other keyboards than the inline one are taken as they are."""
    if markup is None or markup == "":
        return {}
    if not isinstance(markup, dict):
        raise Refused("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused('field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays')
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise Refused("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return {"inline_keyboard": [row for row in rows if row]}


def _check_button(button: object) -> None:
    trouble = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise Refused(trouble + "InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise Refused(trouble + 'Can\'t find field "text"')
    if not button["text"].strip():
        raise Refused("inline keyboard button text must be non-empty")
    data = button.get("callback_data")
    if not data and not any(button.get(action) is not None for action in _BUTTON_ACTIONS):
        raise Refused(trouble + "Text buttons are unallowed in the inline keyboard")
    if data is not None and len(str(data).encode()) > 64:
        raise Refused("BUTTON_DATA_INVALID")
    if button.get("url") is not None and not re.match(r"(?:https?|tg)://\S+|[^\s/]+\.\w", str(button["url"])):
        raise Refused("inline keyboard button URL is invalid: wrong HTTP URL")
    if button.get("copy_text") is not None and not 1 <= units(str(button["copy_text"].get("text", ""))) <= 256:
        raise Refused("BUTTON_COPY_TEXT_INVALID")
    if button.get("style") not in (None, "danger", "success", "primary"):
        raise Refused("BUTTON_STYLE_INVALID")


def _buttons(markup: Any) -> tuple[tuple[Button, ...], ...]:
    rows = (markup or {}).get("inline_keyboard", [])
    return tuple(tuple(Button(raw["text"], raw.get("callback_data"), raw) for raw in row) for row in rows)


def _content(read: Read, body: _Body) -> Json:
    if body.rich is not None:
        return {"rich_message": {"blocks": list(body.rich.blocks)}}
    if body.content:
        caption: Json = {"caption": read.text} if read.text else {}
        return body.content | caption | ({"caption_entities": list(read.entities)} if read.entities else {})
    return {"text": read.text} | ({"entities": list(read.entities)} if read.entities else {})


def _entities_in(text: str) -> list[Json]:
    """Commands and @mentions, as Telegram finds them in what people write."""
    found = []
    for match in re.finditer(r"(?<![\w/@])(?:(/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(@[A-Za-z0-9_]{4,32}))(?!\w)", text):
        kind = "bot_command" if match.group(1) else "mention"
        found.append({"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())})
    return found


def _chat_of(update: Json) -> object:
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message", content)
            return message.get("chat", content.get("from", {})).get("id")
    return update["update_id"]


# By hand


async def _play(port: int) -> None:
    """Type what a person says in a private chat; `:press`, `:inline`, `:group` and `:rich` take words."""
    async with BotApi() as stub:
        await stub.stop()
        await stub.start(port)
        print(f"root  {stub.root}\ntoken {stub.token}\n")
        an = stub.person(7, "An")
        chat, group = stub.private(an), stub.group(-1_001_000_000_001, "Văn phòng")
        printing = asyncio.create_task(_print_sent(stub))
        while line := await asyncio.to_thread(sys.stdin.readline):
            command, _, words = line.strip().partition(" ")
            match command:
                case ":press":
                    try:
                        stub.press(next(sent for sent in reversed(stub.sent) if sent.buttons), words, an)
                    except (LookupError, StopIteration) as problem:
                        print(problem)
                case ":inline":
                    stub.inline(an, words)
                case ":group":
                    stub.say(group, an, words)
                case ":rich":
                    stub.rich = "on" if words == "on" else "absent"
                case "":
                    continue
                case _:
                    stub.say(chat, an, line.strip())
        printing.cancel()


async def _print_sent(stub: BotApi) -> None:
    for count in itertools.count():
        await stub.until(lambda count=count: len(stub.sent) + len(stub.inline_answers) > count, math.inf)  # type: ignore[misc]
        if len(stub.sent) > count:
            sent = stub.sent[count]
            print(
                f"\n[{sent.method} to {sent.chat.id}]\n{sent.text}\n" + " ".join(f"[{label}]" for label in sent.labels)
            )


def main() -> None:
    parser = argparse.ArgumentParser(description="A Telegram Bot API server for one bot, to play with by hand.")
    parser.add_argument("--port", type=int, default=8081)
    with suppress(KeyboardInterrupt):
        asyncio.run(_play(parser.parse_args().port))


if __name__ == "__main__":
    main()
