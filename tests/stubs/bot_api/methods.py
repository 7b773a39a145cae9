"""What each method of the Bot API does, and when it refuses."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from ..news import News
from ..serving import Call
from .account import Account
from .pace import Pace
from .records import Chat, InlineAnswer, Sent, Upload
from .requests import buttons_of, chat_number, flag, integer, language, read_markup
from .rich import Rich, read_rich
from .texts import CAPTION_UNITS, TEXT_UNITS, Json, Read, Refused, read_text, units
from .updates import Updates

UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024

_CHAT_ACTIONS = (
    *(
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
    ),
    *("choose_sticker", "find_location", "record_video_note", "upload_video_note"),
)
_SCOPES = (
    *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
    *("chat", "chat_administrators", "chat_member"),
)
_GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)
_EDITABLE = ("text", "entities", "rich_message", "reply_markup", "edit_date")


@dataclass(frozen=True, slots=True)
class _Body:
    """What a message shows."""

    read: Read
    rich: Rich | None = None
    upload: Upload | None = None
    media: Json = field(default_factory=dict)

    def as_json(self) -> Json:
        if self.rich is not None:
            return {"rich_message": {"blocks": list(self.rich.blocks)}}
        text, entities = ("caption", "caption_entities") if self.media else ("text", "entities")
        shown: Json = {text: self.read.text} if self.read.text else {}
        return (
            self.media
            | shown
            | ({entities: list(self.read.entities)} if self.read.entities else {})
        )


class Methods:
    """The methods our bots call, over one account. Names are matched without case; an unknown one is 404."""

    def __init__(self, account: Account, updates: Updates, news: News) -> None:
        self.account = account
        self.news = news
        self._pace = Pace()
        self._simple: dict[str, Callable[[Json], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": updates.get,
            "setWebhook": updates.set_webhook,
            "deleteWebhook": updates.delete_webhook,
            "getWebhookInfo": updates.webhook_info,
            "sendMessage": self._send_message,
            "sendRichMessage": self._send_rich_message,
            "editMessageText": self._edit_message_text,
            "editMessageReplyMarkup": self._edit_message_reply_markup,
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
        self._names = {name.lower(): name for name in (*self._simple, "sendPhoto", "sendDocument")}

    def name(self, given: str) -> str:
        """The method's name as documented, or as given if there is none such."""
        return self._names.get(given.lower(), given)

    async def act(self, call: Call, uploads: dict[str, Upload]) -> Any:
        """Do what a request asks; gives the result as JSON, raises Refused."""
        if call.method in ("sendPhoto", "sendDocument"):
            return self._send(
                call.method, call.params, self._file_body(call.method, call.params, uploads)
            )
        if call.method not in self._simple or (
            call.method == "sendRichMessage" and self.account.rich == "absent"
        ):
            raise Refused("Not Found", 404)
        return await self._simple[call.method](call.params)

    async def _get_me(self, _params: Json) -> Json:
        return self.account.me | {"can_read_all_group_messages": not self.account.privacy}

    # Sending

    async def _send_message(self, params: Json) -> Json:
        return self._send("sendMessage", params, _Body(_text(params)))

    async def _send_rich_message(self, params: Json) -> Json:
        return self._send("sendRichMessage", params, self._rich_body(params))

    def _rich_body(self, params: Json) -> _Body:
        if self.account.rich == "refused":
            raise Refused("RICH_MESSAGE_INVALID")
        rich = read_rich(params.get("rich_message"))
        return _Body(Read(rich.text), rich)

    def _file_body(self, method: str, params: Json, uploads: dict[str, Upload]) -> _Body:
        kind = "photo" if method == "sendPhoto" else "document"
        caption = _text(params, "caption")
        given = str(params.get(kind) or (f"attach://{kind}" if kind in uploads else ""))
        if not given:
            raise Refused(f"there is no {kind} in the request")
        if given.startswith("attach://"):
            upload = uploads.get(given.removeprefix("attach://"))
            if upload is None:
                raise Refused(f"{kind} file must be uploaded with the request")
            if not upload.content:
                raise Refused("file must be non-empty")
            if len(upload.content) > (PHOTO_BYTES if kind == "photo" else UPLOAD_BYTES):
                raise Refused(f"file of size {len(upload.content)} bytes is too big for a {kind}")
            stored = self.account.keep_file(upload)
        elif re.match(r"https?://", given):
            upload = Upload(given, "", b"")
            stored = self.account.keep_file(upload)
        elif given in self.account.files:
            upload, stored = self.account.files[given], self.account.file(given)
        else:
            raise Refused("wrong remote file identifier specified: can't unserialize it")
        if kind == "photo":
            return _Body(
                caption, upload=upload, media={"photo": [stored | {"width": 640, "height": 480}]}
            )
        named = stored | {"file_name": upload.name, "mime_type": upload.media_type}
        return _Body(caption, upload=upload, media={"document": named})

    def _send(self, method: str, params: Json, body: _Body) -> Json:
        markup = read_markup(params.get("reply_markup"))
        chat = self._open_chat(params)
        reply = _replied(params, chat)
        thread = _thread(params, chat, reply)
        self._spend(chat)
        message: Json = {
            "message_id": self.account.message_id(chat),
            "from": {
                name: self.account.me[name] for name in ("id", "is_bot", "first_name", "username")
            },
            "chat": chat.as_json(),
            "date": int(time.time()),
        }
        if reply is not None:
            message["reply_to_message"] = {
                name: value for name, value in reply.items() if name != "reply_to_message"
            }
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        message |= body.as_json()
        if markup.get("inline_keyboard"):
            message["reply_markup"] = markup
        return self._record(method, chat, message, body, params)

    def _open_chat(self, params: Json) -> Chat:
        """The chat, if the bot may act there."""
        named = str(params.get("chat_id") or "")
        if named.startswith("@"):
            chat = next(
                (each for each in self.account.chats.values() if each.username == named[1:]), None
            )
        else:
            chat = self.account.chats.get(chat_number(params))
        if chat is None:
            raise Refused("chat not found")
        if chat.migrated_to is not None:
            raise Refused(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
            )
        if chat.kind == "private" and chat.status == "kicked":
            raise Refused("bot was blocked by the user", 403)
        if chat.status == "kicked":
            raise Refused(f"bot was kicked from the {chat.kind} chat", 403)
        if chat.status == "left":
            raise Refused(f"bot is not a member of the {chat.kind} chat", 403)
        return chat

    def _spend(self, chat: Chat) -> None:
        wait = self._pace.spend(chat, time.monotonic()) if self.account.flood else 0
        if wait:
            raise Refused(f"Too Many Requests: retry after {wait}", 429, retry_after=wait)

    def _record(self, method: str, chat: Chat, message: Json, body: _Body, params: Json) -> Json:
        chat.messages[message["message_id"]] = message
        self.account.sent.append(
            Sent(
                method=method,
                chat=chat,
                message_id=message["message_id"],
                text=body.read.text,
                entities=body.read.entities,
                buttons=buttons_of(message),
                reply_to=message.get("reply_to_message", {}).get("message_id"),
                thread=message.get("message_thread_id"),
                rich=body.rich.blocks if body.rich else None,
                upload=body.upload,
                params=params,
                at=time.monotonic(),
            )
        )
        self.news.stir()
        return message

    # Editing

    async def _edit_message_text(self, params: Json) -> Json:
        rich = self.account.rich != "absent" and params.get("rich_message") is not None
        body = self._rich_body(params) if rich else _Body(_text(params))
        chat, old = self._own_message(params)
        if "text" not in old and "rich_message" not in old:
            raise Refused("there is no text in the message to edit")
        new = {name: value for name, value in old.items() if name not in _EDITABLE} | body.as_json()
        return self._edit("editMessageText", chat, old, new, body, params)

    async def _edit_message_reply_markup(self, params: Json) -> Json:
        chat, old = self._own_message(params)
        last = next(
            sent
            for sent in reversed(self.account.sent)
            if (sent.chat, sent.message_id) == (chat, old["message_id"])
        )
        rich = Rich(last.rich, last.text) if last.rich is not None else None
        new = {name: value for name, value in old.items() if name != "reply_markup"}
        body = _Body(Read(last.text, last.entities), rich, last.upload)
        return self._edit("editMessageReplyMarkup", chat, old, new, body, params)

    def _own_message(self, params: Json) -> tuple[Chat, Json]:
        if not params.get("chat_id") or not params.get("message_id"):
            raise Refused("message identifier is not specified")
        chat = self._open_chat(params)
        message = chat.messages.get(integer(params, "message_id", 0))
        if message is None:
            raise Refused("message to edit not found")
        if message["from"]["id"] != self.account.me["id"]:
            raise Refused("message can't be edited")
        return chat, message

    def _edit(
        self, method: str, chat: Chat, old: Json, new: Json, body: _Body, params: Json
    ) -> Json:
        markup = read_markup(params.get("reply_markup"))
        if markup.get("inline_keyboard"):
            new["reply_markup"] = markup
        if old | {"edit_date": 0} == new | {"edit_date": 0}:
            raise Refused(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        self._spend(chat)
        return self._record(method, chat, new | {"edit_date": int(time.time())}, body, params)

    # Answering presses and inline questions

    def _open_query(self, query_id: object) -> str:
        if str(query_id) not in self.account.open_queries:
            raise Refused("query is too old and response timeout expired or query ID is invalid")
        return str(query_id)

    async def _answer_callback_query(self, params: Json) -> bool:
        if units(str(params.get("text") or "")) > 200:
            raise Refused("MESSAGE_TOO_LONG")
        self.account.answered[self._open_query(params.get("callback_query_id"))] = params
        self.news.stir()
        return True

    async def _answer_inline_query(self, params: Json) -> bool:
        results = params.get("results")
        if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
            raise Refused(
                "can't parse inline query results: expected an Array of InlineQueryResult"
            )
        if len(results) > 50:
            raise Refused("RESULTS_TOO_MUCH")
        ids = [str(result.get("id", "")) for result in results]
        if not all(1 <= len(result_id.encode()) <= 64 for result_id in ids):
            raise Refused("RESULT_ID_INVALID")
        if len(set(ids)) < len(ids):
            raise Refused("RESULT_ID_DUPLICATE")
        texts = tuple(self._result_text(result) for result in results)
        if len(str(params.get("next_offset") or "").encode()) > 64:
            raise Refused("NEXT_OFFSET_INVALID")
        query_id = self._open_query(params.get("inline_query_id"))
        # An inline question may be answered once.
        self.account.open_queries.discard(query_id)
        cache_time, personal = integer(params, "cache_time", 300), flag(params, "is_personal")
        self.account.inline_answers.append(
            InlineAnswer(query_id, tuple(results), texts, cache_time, personal, params)
        )
        self.news.stir()
        return True

    def _result_text(self, result: Json) -> str:
        trouble = "can't parse inline query result: "
        read_markup(result.get("reply_markup"))
        if result.get("type") != "article":
            raise Refused(f"{trouble}this stub does not know type {result.get('type')!r}")
        if not result.get("title"):
            raise Refused(trouble + 'Can\'t find field "title"')
        content = result.get("input_message_content")
        if not isinstance(content, dict):
            raise Refused(trouble + 'Can\'t find field "input_message_content"')
        if self.account.rich != "absent" and content.get("rich_message") is not None:
            return self._rich_body(content).read.text
        return _text(content | {"text": content.get("message_text")}).text

    # Menu, descriptions, typing, members

    async def _send_chat_action(self, params: Json) -> bool:
        if params.get("action") not in _CHAT_ACTIONS:
            raise Refused("wrong parameter action in request")
        _thread(params, self._open_chat(params), None)
        return True

    async def _set_my_commands(self, params: Json) -> bool:
        commands = params.get("commands")
        if not isinstance(commands, list) or not all(
            isinstance(command, dict) for command in commands
        ):
            raise Refused("can't parse commands: expected an Array of BotCommand")
        if len(commands) > 100:
            raise Refused("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"/?[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise Refused("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
        self.account.commands[self._scope(params)] = [
            {
                "command": str(command["command"]).removeprefix("/"),
                "description": str(command["description"]),
            }
            for command in commands
        ]
        return True

    async def _get_my_commands(self, params: Json) -> list[Json]:
        return self.account.commands.get(self._scope(params), [])

    async def _delete_my_commands(self, params: Json) -> bool:
        self.account.commands.pop(self._scope(params), None)
        return True

    def _scope(self, params: Json) -> tuple[str, str]:
        scope = params.get("scope") or {"type": "default"}
        if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
            raise Refused("can't parse BotCommandScope: Unsupported type specified")
        parts = [str(scope["type"])]
        if parts[0].startswith("chat"):
            if chat_number(scope) not in self.account.chats:
                raise Refused("chat not found")
            parts += [str(scope[name]) for name in ("chat_id", "user_id") if name in scope]
        return ":".join(parts), language(params)

    async def _set_my_description(self, params: Json) -> bool:
        self.account.descriptions[language(params)] = _limited(params, "description", 512)
        return True

    async def _get_my_description(self, params: Json) -> Json:
        return {"description": self.account.descriptions.get(language(params), "")}

    async def _set_my_short_description(self, params: Json) -> bool:
        self.account.short_descriptions[language(params)] = _limited(
            params, "short_description", 120
        )
        return True

    async def _get_my_short_description(self, params: Json) -> Json:
        return {"short_description": self.account.short_descriptions.get(language(params), "")}

    async def _get_chat(self, params: Json) -> Json:
        more = {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(_GIFTS, True),
        }
        return self._open_chat(params).as_json() | more

    async def _get_chat_member(self, params: Json) -> Json:
        chat, user_id = self._open_chat(params), integer(params, "user_id", 0)
        if user_id == self.account.me["id"]:
            return self.account.member(self.account.me, chat.status, channel=chat.kind == "channel")
        person = (
            chat.person if chat.person and chat.person.id == user_id else chat.members.get(user_id)
        )
        if person is not None:
            return self.account.member(person.as_json(), chat.admins.get(user_id, "member"))
        if user_id in self.account.people and chat.kind != "private":
            return self.account.member(self.account.people[user_id].as_json(), "left")
        raise Refused("PARTICIPANT_ID_INVALID" if chat.kind != "private" else "user not found")

    async def _get_chat_administrators(self, params: Json) -> list[Json]:
        chat = self._open_chat(params)
        if chat.kind == "private":
            raise Refused("there are no administrators in the private chat")
        admins = [
            self.account.member(chat.members[id].as_json(), status)
            for id, status in chat.admins.items()
        ]
        own = (
            [self.account.member(self.account.me, chat.status)]
            if chat.status == "administrator"
            else []
        )
        return admins + own


def _text(params: Json, name: Literal["text", "caption"] = "text") -> Read:
    if name == "caption":
        dressing = (params.get("caption"), params.get("parse_mode"), params.get("caption_entities"))
        return read_text(
            *dressing,
            longest=CAPTION_UNITS,
            too_long="message caption is too long",
            may_be_empty=True,
        )
    dressing = (params.get("text"), params.get("parse_mode"), params.get("entities"))
    return read_text(
        *dressing, longest=TEXT_UNITS, too_long="message is too long", may_be_empty=False
    )


def _replied(params: Json, chat: Chat) -> Json | None:
    """The message a message answers, if it still is there."""
    given = params.get("reply_parameters")
    if given is None and params.get("reply_to_message_id"):
        allow = params.get("allow_sending_without_reply")
        given = {"message_id": params["reply_to_message_id"], "allow_sending_without_reply": allow}
    if given is None:
        return None
    if not isinstance(given, dict):
        raise Refused("object expected as reply parameters")
    reply = chat.messages.get(integer(given, "message_id", 0))
    if reply is None and not flag(given, "allow_sending_without_reply"):
        raise Refused("message to be replied not found")
    return reply


def _thread(params: Json, chat: Chat, reply: Json | None) -> int | None:
    """The topic a message goes to. The General topic, 1, is named by leaving it out; naming it is refused."""
    thread = integer(params, "message_thread_id", 0)
    if thread and thread not in chat.topics:
        raise Refused("message thread not found")
    if not thread and chat.forum and reply is not None:
        return reply.get("message_thread_id")
    return thread or None


def _limited(params: Json, name: str, longest: int) -> str:
    text = str(params.get(name) or "")
    if len(text) > longest:
        raise Refused(f"{name.upper()}_TOO_LONG")
    return text
