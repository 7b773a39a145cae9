"""What the tests see: people and chats, what was told to the bot, what it sent, what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .texts import Json


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a Telegram account."""

    id: int
    name: str
    language: str = "vi"
    username: str | None = None

    def as_json(self) -> Json:
        known = {
            "id": self.id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language,
        }
        return known | ({"username": self.username} if self.username else {})


@dataclass(eq=False, slots=True)
class Chat:
    """A private chat, group, supergroup or channel as the server knows it; `status` is the bot's own standing in it."""

    id: int
    kind: Literal["private", "group", "supergroup", "channel"]
    title: str
    forum: bool = False
    person: Person | None = None
    status: str = "member"
    migrated_to: int | None = None
    username: str | None = None
    members: dict[int, Person] = field(default_factory=dict, repr=False)
    admins: dict[int, str] = field(default_factory=dict, repr=False)
    topics: dict[int, str] = field(default_factory=dict, repr=False)
    messages: dict[int, Json] = field(default_factory=dict, repr=False)

    def as_json(self) -> Json:
        if self.person is not None:
            name = {"username": self.person.username} if self.person.username else {}
            return {"id": self.id, "type": "private", "first_name": self.person.name} | name
        more = ({"is_forum": True} if self.forum else {}) | (
            {"username": self.username} if self.username else {}
        )
        return {"id": self.id, "type": self.kind, "title": self.title} | more


@dataclass(frozen=True, slots=True)
class Told:
    """What a person did: the message it made, and its update (None where the bot does not get to see it)."""

    chat: Chat
    message_id: int
    update_id: int | None
    update: Json


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of a button, or an inline question: its query, waiting for an answer."""

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


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What answerInlineQuery gave; `texts` are the messages the results would send, as people see them."""

    query_id: str
    results: tuple[Json, ...]
    texts: tuple[str, ...]
    cache_time: int
    is_personal: bool
    params: Json
