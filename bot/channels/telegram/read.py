"""What an update of Telegram asks of us: which words are for the bot, whose they are, what else
happened to a chat.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import (
    CallbackQuery,
    ChatMember,
    ChatMemberUpdated,
    InlineQuery,
    Message,
    MessageEntity,
    Update,
)
from telegram.constants import ChatType
from telegram.ext import filters

from bot.channels import Event, Incoming, Joined, Left, Moved

COMMANDS = (
    "start",
    "hoi",
    "chitieu",
    "danhmuc",
    "trogiup",
    "nguon",
    "dangky",
    "bantin",
    "ngonngu",
    "lienket",
)
"""The commands of the menu. In a group they are ours even when no bot is named; other bare commands
may be anyone's.
"""

UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""The kinds of updates that Telegram is asked for."""

_SPACE = " ".encode("utf-16-le")
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Telegram knows it."""

    id: int
    username: str


def read(raw: Any, me: Me) -> Event | None:
    """What an update asks of us; None when nothing. Fails in any way on an update of an unknown
    shape.
    """
    update = Update.de_json(raw, None)
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.inline_query is not None:
        return _searched(update.inline_query)
    if update.my_chat_member is not None:
        return _member(update.my_chat_member)
    if update.message is None and update.edited_message is None:
        return None
    for kind, make in _MESSAGES:
        if kind.check_update(update):
            return make(update, me)
    return None


def order(raw: Any) -> str:
    """The chat whose order an update keeps, read without trusting its shape; "" for none."""
    bodies = raw.values() if isinstance(raw, dict) else ()
    for body in bodies:
        for path in (("message", "chat", "id"), ("chat", "id"), ("from", "id")):
            found = body
            for key in path:
                found = found.get(key) if isinstance(found, dict) else None
            if isinstance(found, int):
                return str(found)
    return ""


# ------------------------------------------------------------ messages


def _in_private(update: Update, me: Me) -> Incoming | None:
    return _incoming(update, me, _words(_message(update), me))


def _in_group(update: Update, me: Me) -> Incoming | None:
    message = _message(update)
    return (
        _incoming(update, me, _words(message, me), group=True) if _addressed(message, me) else None
    )


def _unreadable(update: Update, me: Me) -> Incoming | None:
    return _incoming(update, me, None)


def _moved(update: Update, me: Me) -> Moved | None:  # noqa: ARG001
    """Both the old and the new chat say that a group became a supergroup, in either order."""
    message = _message(update)
    if message.migrate_to_chat_id is not None:
        return Moved(str(message.chat.id), str(message.migrate_to_chat_id))
    return Moved(str(message.migrate_from_chat_id), str(message.chat.id))


def _message(update: Update) -> Message:
    message = update.message or update.edited_message
    if message is None:
        raise TypeError("an update without the message that its filter saw")
    return message


def _incoming(update: Update, me: Me, text: str | None, *, group: bool = False) -> Incoming | None:
    message = _message(update)
    sender, person = message.from_user, message.sender_chat or message.from_user
    # Other bots are not asked by anyone; an anonymous administrator comes as a bot with the group
    # as the sender.
    if person is None or (message.sender_chat is None and sender is not None and sender.is_bot):
        return None
    # What someone chose from our own inline results is our answer, not a question.
    if message.via_bot is not None and message.via_bot.id == me.id:
        return None
    return Incoming(
        chat=str(message.chat.id),
        topic=_topic(message),
        person=str(person.id),
        group=group,
        text=text,
        message=str(message.message_id),
        reply_to=_ours(message, me),
        edited=update.edited_message is not None,
        sent_at=message.edit_date or message.date,
    )


def _topic(message: Message) -> str:
    # Replies in plain supergroups have a thread, too; only a topic may be passed back, and topic 1
    # is refused.
    thread = message.message_thread_id
    return str(thread) if message.is_topic_message and thread is not None and thread != 1 else ""


def _addressed(message: Message, me: Me) -> bool:
    """Whether words in a group are for the bot: by command, by mention, or as a reply to it."""
    command = _command(message)
    if command is not None:
        name, bot = command
        if bot:
            return bot.lower() == me.username.lower()
        if name in COMMANDS:
            return True
    return (
        any(_names(entity, words, me) for entity, words in _entities(message))
        or _ours(message, me) != ""
    )


def _ours(message: Message, me: Me) -> str:
    """The message of ours that is replied to; empty for none, or another's."""
    replied = message.reply_to_message
    # In a topic every message that replies to none replies to the message that opened the topic.
    if replied is None or replied.forum_topic_created is not None:
        return ""
    return (
        str(replied.message_id)
        if replied.from_user is not None and replied.from_user.id == me.id
        else ""
    )


def _words(message: Message, me: Me) -> str:
    """What was said, without our name and with a command in its shortest form; halves of letters
    are replaced.
    """
    coded = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    for entity, words in sorted(_entities(message), key=lambda each: each[0].offset, reverse=True):
        if _names(entity, words, me):
            before, after = coded[: 2 * entity.offset], coded[2 * (entity.offset + entity.length) :]
            coded = before.removesuffix(_SPACE) + after
    text = coded.decode("utf-16-le", "replace").strip()
    command = _command(message)
    if command is not None and command[1].lower() in ("", me.username.lower()):
        rest = _COMMAND.sub("", text, count=1)
        # What follows /start is the payload of a link, not words.
        text = f"/{command[0]} {rest}" if rest and command[0] != "start" else f"/{command[0]}"
    return text


def _command(message: Message) -> tuple[str, str] | None:
    """A command's name and the bot it names, empty for none; None when the message begins
    otherwise.
    """
    for entity, words in _entities(message):
        if (
            entity.type == MessageEntity.BOT_COMMAND
            and entity.offset == 0
            and (found := _COMMAND.match(words))
        ):
            return found[1].lower(), found[2] or ""
    return None


def _entities(message: Message) -> Sequence[tuple[MessageEntity, str]]:
    found = message.parse_entities() if message.text else message.parse_caption_entities()
    return tuple(found.items())


def _names(entity: MessageEntity, words: str, me: Me) -> bool:
    if entity.type == MessageEntity.TEXT_MENTION:
        return entity.user is not None and entity.user.id == me.id
    return entity.type == MessageEntity.MENTION and words.lower() == f"@{me.username.lower()}"


_TEXT = filters.TEXT | filters.CAPTION
_MESSAGES: tuple[tuple[filters.BaseFilter, Callable[[Update, Me], Event | None]], ...] = (
    (filters.StatusUpdate.MIGRATE, _moved),
    (filters.ChatType.PRIVATE & _TEXT, _in_private),
    (filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE & filters.ATTACHMENT, _unreadable),
    (filters.ChatType.GROUPS & ~filters.IS_AUTOMATIC_FORWARD & _TEXT, _in_group),
)

# ------------------------------------------------------------ the rest


def _pressed(query: CallbackQuery) -> Incoming:
    message = query.message
    return Incoming(
        chat=str(message.chat.id) if message else str(query.from_user.id),
        topic=_topic(message) if isinstance(message, Message) else "",
        person=str(query.from_user.id),
        group=message is not None and message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP),
        text="",
        message=str(message.message_id) if message else "",
        reply_to=str(message.message_id) if message else "",
        pressed=query.data or "?",
        ticket=query.id,
    )


def _searched(query: InlineQuery) -> Incoming | None:
    if query.offset:
        return None
    person = str(query.from_user.id)
    text = query.query.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
    return Incoming(chat=person, person=person, text=text, searched=True, ticket=query.id)


def _member(change: ChatMemberUpdated) -> Joined | Left:
    """What became of the bot in a chat: in a private chat, whether the person lets it write."""
    chat, new, old = (
        str(change.chat.id),
        change.new_chat_member.status,
        change.old_chat_member.status,
    )
    outside = (ChatMember.LEFT, ChatMember.BANNED)
    if new in outside:
        return Left(chat, new)
    return Joined(
        chat, greet=old in outside and change.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)
    )
