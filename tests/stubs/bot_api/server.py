"""The server of one bot on 127.0.0.1, the people who talk to it, and the faults it can have."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Literal

from aiohttp import web

from ..news import News
from ..serving import Call, Fault, Serving
from .account import Account
from .methods import UPLOAD_BYTES, Methods
from .records import Chat, InlineAnswer, Person, Pressed, Sent, Told, Upload
from .requests import buttons_of, read_params, refusal
from .texts import Json, Refused, units
from .updates import Post, Updates, Webhook

TOKEN = "123456789:AAstub-token_of_the_tests_0123456789"
ANONYMOUS = {
    "id": 1087968824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}

_USUAL_WORDS = {
    401: "Unauthorized",
    404: "Not Found",
    409: "terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


class BotApi(Serving[Sent]):
    """A Bot API server for one bot. It keeps everything while its bot dies and comes back.

    async with BotApi() as stub:
        an = stub.person(7, "An")
        stub.say(stub.private(an), an, "tỷ lệ hộ nghèo 2023")
        (answer,) = await stub.wait_for(1)
    """

    _updates: Updates

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
        """`rich` "absent" is a server before 10.1, "refused" one that takes no rich message; `flood` turns the sending
        limits on; `privacy` hides plain group talk from the bot, which otherwise sees it all (and should stay silent);
        `webhook_pace` is what one second of Telegram's pauses between webhook attempts lasts here."""
        self.token = token
        me = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
            "can_join_groups": True,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        self.account = Account(me, rich=rich, flood=flood, privacy=privacy)
        news = News()
        self._updates = Updates(news, webhook_pace, self._carry_out)
        self._methods = Methods(self.account, self._updates, news)
        super().__init__(
            news, self._updates, self.account.sent, self._respond, UPLOAD_BYTES + 1024 * 1024
        )

    @property
    def rich(self) -> Literal["on", "absent", "refused"]:
        """Whether the server takes rich messages; may be switched at any time."""
        return self.account.rich

    @rich.setter
    def rich(self, how: Literal["on", "absent", "refused"]) -> None:
        self.account.rich = how

    # What came of it

    @property
    def answered(self) -> dict[str, Json]:
        """The parameters of answerCallbackQuery, by the id of the press."""
        return self.account.answered

    @property
    def inline_answers(self) -> list[InlineAnswer]:
        """What answerInlineQuery gave, in order."""
        return self.account.inline_answers

    @property
    def webhook(self) -> Webhook | None:
        """The webhook that is set."""
        return self._updates.webhook

    @property
    def posts(self) -> list[Post]:
        """The attempts to post updates to the webhook."""
        return self._updates.posts

    def shown(self, chat: Chat) -> list[Sent]:
        """What stands in a chat now: each message of the bot once, as it was last edited."""
        latest = {sent.message_id: sent for sent in self.sent if sent.chat is chat}
        return list(latest.values())

    async def wait_for_inline(self, question: Pressed, within: float = 30) -> InlineAnswer:
        """The answer to an inline question."""
        await self.until(
            lambda: any(answer.query_id == question.id for answer in self.inline_answers), within
        )
        return next(answer for answer in self.inline_answers if answer.query_id == question.id)

    # Being a server

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            return refusal(Refused("Unauthorized", 401))
        try:
            params, uploads = await read_params(request)
        except Refused as refused:
            return refusal(refused)
        call = Call(self._methods.name(request.match_info["method"]), params, time.monotonic())

        async def act() -> web.Response:
            try:
                return web.json_response(
                    {"ok": True, "result": await self._methods.act(call, uploads)}
                )
            except Refused as refused:
                call.words = refused.words
                return refusal(refused)

        return await self._answer(request, call, act, lambda fault: refusal(_refused_by(fault)))

    async def _carry_out(self, body: bytes) -> None:
        """A webhook may answer with a method to call; nobody learns its result."""
        with suppress(ValueError, Refused):
            answer = json.loads(body)
            if isinstance(answer, dict) and isinstance(answer.get("method"), str):
                params = {name: value for name, value in answer.items() if name != "method"}
                call = Call(
                    self._methods.name(answer["method"]), params, time.monotonic(), status=0
                )
                self.calls.append(call)
                await self._methods.act(call, {})

    # People and places

    def person(
        self, id: int, name: str, language: str = "vi", username: str | None = None
    ) -> Person:
        """Somebody; to write to the bot they need a chat."""
        person = Person(id, name, language, username)
        self.account.people[id] = person
        return person

    def private(self, person: Person) -> Chat:
        """The chat of a person with the bot; made at first use, as if the person had pressed Start."""
        return self.account.chats.setdefault(
            person.id, Chat(person.id, "private", person.name, person=person)
        )

    def group(
        self, id: int, title: str, forum: bool = False, admins: Iterable[Person] = ()
    ) -> Chat:
        """A group the bot is in; from -1000000000000 down it is a supergroup, and only that may be a forum."""
        chat = Chat(id, "supergroup" if id <= -1_000_000_000_000 else "group", title, forum=forum)
        for admin in admins:
            chat.members[admin.id] = admin
            chat.admins[admin.id] = "administrator"
        self.account.chats[id] = chat
        return chat

    def channel(
        self,
        id: int,
        title: str,
        username: str,
        admins: Iterable[Person] = (),
        *,
        posting: bool = True,
    ) -> Chat:
        """A public channel; with `posting` the bot is one of its administrators, who may post there."""
        chat = self.group(id, title, admins=admins)
        chat.kind, chat.username, chat.status = (
            "channel",
            username,
            "administrator" if posting else "left",
        )
        return chat

    def topic(self, chat: Chat, person: Person, title: str) -> int:
        """A person opens a topic of a forum; gives its thread."""
        thread = self.account.message_id(chat)
        chat.topics[thread] = title
        made = {"forum_topic_created": {"name": title, "icon_color": 7322096}}
        chat.messages[thread] = _head(chat, person, thread) | made | _in_topic(thread)
        self._updates.push("message", chat.messages[thread], chat.id)
        return thread

    # What people do

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
        """A person writes. Commands and @mentions are found in the text unless entities are given; `anonymous` is how
        an administrator who hides writes in a group."""
        found = _entities_in(text) if entities is None else entities
        content: Json = {"text": text} | ({"entities": found} if found else {})
        if anonymous:
            content |= {"from": ANONYMOUS, "sender_chat": chat.as_json()}
        return self._tell(chat, person, content, reply_to, thread)

    def edit(self, told: Told, text: str) -> Told:
        """A person edits what they wrote."""
        message = {
            name: value
            for name, value in told.chat.messages[told.message_id].items()
            if name != "entities"
        }
        found = _entities_in(text)
        message |= {"text": text, "edit_date": int(time.time())} | (
            {"entities": found} if found else {}
        )
        told.chat.messages[told.message_id] = message
        return Told(
            told.chat, told.message_id, *self._updates.push("edited_message", message, told.chat.id)
        )

    def press(
        self, message: Sent, button: str, person: Person, *, inaccessible: bool = False
    ) -> Pressed:
        """A person presses the button with this label or data: of the keyboard shown now, or else of the one `message`
        had, on a screen that lags behind. `inaccessible` is how Telegram gives a message too old to be known."""
        shown = message.chat.messages[message.message_id]
        buttons = [button for row in (*buttons_of(shown), *message.buttons) for button in row]
        found = next(
            (one for one in buttons if one.data is not None and button in (one.label, one.data)),
            None,
        )
        if found is None:
            raise LookupError(f"no button {button!r} under {message.text!r}, only {message.labels}")
        if inaccessible:
            shown = {"chat": message.chat.as_json(), "message_id": message.message_id, "date": 0}
        query_id = self.account.query_id()
        query = {
            "id": query_id,
            "from": person.as_json(),
            "message": shown,
            "chat_instance": str(message.chat.id * 31),
            "data": found.data,
        }
        return Pressed(query_id, *self._updates.push("callback_query", query, message.chat.id))

    def inline(self, person: Person, query: str, chat_type: str = "private") -> Pressed:
        """A person types "@bot query" in some chat. No cache is played: every question reaches the bot."""
        query_id = self.account.query_id()
        asked = {
            "id": query_id,
            "from": person.as_json(),
            "query": query,
            "offset": "",
            "chat_type": chat_type,
        }
        return Pressed(query_id, *self._updates.push("inline_query", asked, person.id))

    def expire(self, query: Pressed) -> None:
        """Answering this press or inline question is too late from now on."""
        self.account.open_queries.discard(query.id)

    def sticker(
        self, chat: Chat, person: Person, reply_to: Told | Sent | int | None = None
    ) -> Told:
        """A person sends a sticker."""
        kind = {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        }
        return self._tell(chat, person, {"sticker": self._file() | kind}, reply_to)

    def voice(self, chat: Chat, person: Person, reply_to: Told | Sent | int | None = None) -> Told:
        """A person sends a voice note."""
        return self._tell(
            chat,
            person,
            {"voice": self._file() | {"duration": 3, "mime_type": "audio/ogg"}},
            reply_to,
        )

    def photo(
        self,
        chat: Chat,
        person: Person,
        caption: str | None = None,
        reply_to: Told | Sent | int | None = None,
    ) -> Told:
        """A person sends a photo, maybe with words under it."""
        content: Json = {"photo": [self._file() | {"width": 90, "height": 90}]}
        if caption:
            found = _entities_in(caption)
            content |= {"caption": caption} | ({"caption_entities": found} if found else {})
        return self._tell(chat, person, content, reply_to)

    def standing(
        self,
        chat: Chat,
        person: Person,
        status: Literal["member", "administrator", "left", "kicked"],
    ) -> int | None:
        """A person changes what the bot is in a chat: blocks, adds, removes or promotes it. Gives the update's id."""
        before, chat.status = chat.status, status
        change = {
            "chat": chat.as_json(),
            "from": person.as_json(),
            "date": int(time.time()),
            "old_chat_member": self.account.member(self.account.me, before),
            "new_chat_member": self.account.member(self.account.me, status),
        }
        return self._updates.push("my_chat_member", change, chat.id)[0]

    def block(self, chat: Chat, person: Person) -> int | None:
        """The bot is blocked by a person or thrown out of a group: sending there gives 403 from now on."""
        return self.standing(chat, person, "kicked")

    def unblock(self, chat: Chat, person: Person) -> int | None:
        """The bot is let in again."""
        return self.standing(chat, person, "member")

    def migrate(self, chat: Chat, person: Person, new_id: int, *, announce: bool = True) -> Chat:
        """A group becomes a supergroup: sends to the old id name the new one, and both service messages come."""
        new = self.group(new_id, chat.title)
        new.members, new.admins = dict(chat.members), dict(chat.admins)
        chat.migrated_to = new_id
        if announce:
            self._tell(chat, person, {"migrate_to_chat_id": new_id})
            self._tell(new, person, {"migrate_from_chat_id": chat.id})
        return new

    def push_raw(self, update: Json, chat: Chat | None = None) -> int:
        """Any update at all, valid or not; gets an update_id unless it has one, and passes whatever the bot allows."""
        return self._updates.push_raw(update, None if chat is None else chat.id)[0]

    def repeat(self, what: Told | Pressed) -> None:
        """The same update comes once more, as when a confirmation was lost."""
        if what.update_id is None:
            raise LookupError("the bot was never given this")
        chat = what.chat.id if isinstance(what, Told) else what.update_id
        self._updates.push_again(what.update, chat)

    def _tell(
        self,
        chat: Chat,
        person: Person,
        content: Json,
        reply_to: Told | Sent | int | None = None,
        thread: int | None = None,
    ) -> Told:
        message = _head(chat, person, self.account.message_id(chat)) | content
        if chat.kind != "private":
            chat.members.setdefault(person.id, person)
        if reply_to is not None:
            target = chat.messages[reply_to if isinstance(reply_to, int) else reply_to.message_id]
            message["reply_to_message"] = {
                name: value for name, value in target.items() if name != "reply_to_message"
            }
            thread = thread or target.get("message_thread_id")
            if chat.kind == "supergroup" and not chat.forum:
                # Replies in a plain supergroup name a thread too, though it has no topics.
                message["message_thread_id"] = target.get("message_thread_id", target["message_id"])
        if chat.forum and thread is not None and thread != 1:
            message |= _in_topic(thread)
            # In a topic, what answers nothing else answers the service message that opened the topic.
            message.setdefault("reply_to_message", chat.messages[thread])
        chat.messages[message["message_id"]] = message
        if not self._sees(chat, message):
            return Told(chat, message["message_id"], None, {"message": message})
        return Told(chat, message["message_id"], *self._updates.push("message", message, chat.id))

    def _sees(self, chat: Chat, message: Json) -> bool:
        """Whether the bot is given a message: in groups with privacy on, only what concerns it."""
        if chat.kind == "private":
            return True
        if chat.status in ("left", "kicked"):
            return False
        if not self.account.privacy or chat.status == "administrator":
            return True
        if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message:
            return True
        text = str(message.get("text") or message.get("caption") or "")
        command = re.match(r"/\w+(@\w+)?", text)
        return (
            message.get("reply_to_message", {}).get("from", {}).get("id") == self.account.me["id"]
            or f"@{self.account.me['username']}".lower() in text.lower()
            or (command is not None and command.group(1) is None)
        )

    def _file(self) -> Json:
        return self.account.keep_file(Upload("", "", b""))


def _refused_by(fault: Fault) -> Refused:
    assert fault.status is not None
    if fault.retry_after is not None:
        words = fault.words or f"Too Many Requests: retry after {fault.retry_after}"
        return Refused(words, fault.status, retry_after=fault.retry_after)
    return Refused(fault.words or _USUAL_WORDS.get(fault.status, "fault"), fault.status)


def _head(chat: Chat, person: Person, message_id: int) -> Json:
    return {
        "message_id": message_id,
        "from": person.as_json(),
        "chat": chat.as_json(),
        "date": int(time.time()),
    }


def _in_topic(thread: int) -> Json:
    return {"message_thread_id": thread, "is_topic_message": True}


def _entities_in(text: str) -> list[Json]:
    """Commands and @mentions, as Telegram finds them in what people write."""
    found = []
    for match in re.finditer(
        r"(?<![\w/@])(?:(/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(@[A-Za-z0-9_]{4,32}))(?!\w)", text
    ):
        kind = "bot_command" if match.group(1) else "mention"
        found.append(
            {"type": kind, "offset": units(text[: match.start()]), "length": units(match.group())}
        )
    return found
