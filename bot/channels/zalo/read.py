"""What an event of Zalo asks of us: which words are for the bot, whose they are, and in what order
they are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.channels import Incoming
from db.chats import Received

OLD = timedelta(days=7)
"""What was said so long ago is not answered. Polling may hand an event out again without end, and
we know for only so long which ones were answered.
"""
EVER = datetime(1970, 1, 8, tzinfo=UTC)
"""A day on which nothing was too old yet."""
_KEY = 128
"""How long a key or an id may be."""
_MILLISECONDS = 10**11
"""From here on a date counts milliseconds, as documented; below it seconds, as some have seen."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as Zalo knows it: its id, and the names that people may address it by."""

    id: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, told: Any) -> Me:
        """What getMe tells. Fails in any way on another shape."""
        names = [told.get("display_name"), told.get("account_name")]
        return cls(
            str(told["id"]), tuple(name for name in names if isinstance(name, str) and name.strip())
        )


def received(raw: Any, now: datetime) -> Received | None:
    """An event as it is stored, None for one that asks nothing. The body is the event, bare or
    wrapped: both are in use.
    """
    if isinstance(raw, dict) and "event_name" not in raw and isinstance(raw.get("result"), dict):
        raw = raw["result"]
    message = raw.get("message") if isinstance(raw, dict) else None
    if not isinstance(message, dict):
        return None
    chat, id = _id(message.get("chat")), _whole(message.get("message_id"))
    if not chat or not id:
        return None
    if _moment(message.get("date"), now) < now - OLD:
        return None
    key = f"{chat} {id}"
    if len(key) > _KEY:
        key = hashlib.sha256(key.encode()).hexdigest()
    return Received(key, chat, json.dumps(raw))


def read(raw: Any, me: Me, now: datetime) -> Incoming | None:
    """What an event asks of us; None when nothing. Fails in any way on an event of an unknown
    shape.

    In a group only what addresses the bot comes to us; of what cannot be read there nothing is
    said.
    """
    kind = str(raw["event_name"]).removeprefix("message.").removesuffix(".received")
    message = raw["message"]
    sender = message["from"]
    if sender.get("is_bot"):
        return None
    group = str(message["chat"].get("chat_type", "")).upper() == "GROUP"
    match kind:
        case "text" | "link":
            text = message.get("text")
        case "image":
            text = message.get("caption")
        case "sticker" | "voice" | "unsupported":
            text = None
        case _:
            return None
    text = _unnamed(str(text), me.names) if isinstance(text, str) and text.strip() else None
    if text is None and group:
        return None
    return Incoming(
        chat=str(message["chat"]["id"]),
        person=str(sender["id"]),
        text=text,
        group=group,
        message=str(message["message_id"]),
        sent_at=_moment(message.get("date"), now),
        # In place of words that Zalo keeps from us there come events without end: one kind word is
        # enough for the day.
        once="unreadable" if text is None else "",
    )


def _unnamed(text: str, names: Iterable[str]) -> str:
    """A text without the mention of the bot, which a group's message begins with."""
    text = unicodedata.normalize("NFC", text)
    for name in sorted(names, key=len, reverse=True):
        words = r"[\s_]+".join(re.escape(_bare(word)) for word in name.split())
        mention = re.compile(r"@\s?" + words + r"(?!\w)[\s,:]*")
        for found in reversed([*mention.finditer(_bare(text))]):
            text = f"{text[: found.start()]} {text[found.end() :]}"
    return text.strip()


def _bare(text: str) -> str:
    """A text in small letters without marks, as who writes a name by hand may leave it: letter for
    letter as long as it was.
    """
    return "".join(unicodedata.normalize("NFD", letter)[0].lower()[0] for letter in text).replace(
        "đ", "d"
    )


def _id(body: Any) -> str:
    found = body.get("id") if isinstance(body, dict) else None
    return _whole(str(found)[:_KEY]) if isinstance(found, str | int) else ""


def _whole(id: Any) -> str:
    """An id as the store can hold it; empty where it cannot be one, for half a letter would fail
    whenever it comes again.
    """
    return id if isinstance(id, str) and id.isprintable() else ""


def _moment(given: Any, now: datetime) -> datetime:
    """When an event happened; now where it does not say, or says what cannot be."""
    try:
        number = float(given)
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS else number, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return now
