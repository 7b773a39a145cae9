"""What the tests see: people and chats, what was said, what the bot sent, what was posted to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Zalo account."""

    id: str
    name: str

    def as_json(self) -> Json:
        return {"id": self.id, "display_name": self.name, "is_bot": False}


@dataclass(frozen=True, slots=True)
class Chat:
    """A private chat, whose id is the person's, or a group; `title` never reaches the bot."""

    id: str
    title: str
    group: bool = False

    def as_json(self) -> Json:
        return {"id": self.id, "chat_type": "GROUP" if self.group else "PRIVATE"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person did in a chat; `text` is what they wrote, if anything. `at` is monotonic time."""

    chat: Chat
    person: Person
    text: str
    update: Json
    at: float


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot's as people get it: its text or caption, how that is dressed, the picture itself.

    `styles` count UTF-16 units of the text. `sticker` is a sticker's id. `at` is monotonic time.
    """

    method: str
    chat: Chat
    message_id: str
    text: str
    styles: tuple[Json, ...]
    parse_mode: str
    photo: bytes | None
    sticker: str
    params: Json
    at: float


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted to; `updated_at` in milliseconds."""

    url: str
    secret: str
    updated_at: int


@dataclass(frozen=True, slots=True)
class Post:
    """An attempt to post to the webhook: the status answered, or None where no answer came; `at` is monotonic time."""

    update: Json
    status: int | None
    at: float
