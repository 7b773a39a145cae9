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

