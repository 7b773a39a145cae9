"""What Telegram keeps for one bot: people, chats, messages, files, menus, and all that the bot sent."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Literal

from .records import Chat, InlineAnswer, Person, Sent, Upload
from .texts import Json

_RIGHTS = (
    *(
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
    ),
    *(
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
    ),
    *("can_edit_stories", "can_delete_stories"),
)
_IN_CHANNELS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")


@dataclass(eq=False)
class Account:
    """The bot `me`, and what the server knows of it. `rich`, `flood` and `privacy` may be switched at any time."""

    me: Json
    rich: Literal["on", "absent", "refused"] = "on"
    flood: bool = False
    privacy: bool = False
    chats: dict[int, Chat] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    open_queries: set[str] = field(default_factory=set)
    sent: list[Sent] = field(default_factory=list)
    answered: dict[str, Json] = field(default_factory=dict)
    inline_answers: list[InlineAnswer] = field(default_factory=list)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._private_ids = itertools.count(101)
        self._own_ids: dict[int, itertools.count[int]] = {}
        self._query_ids = itertools.count(4_000_000_001)

    def message_id(self, chat: Chat) -> int:
        """The next number: supergroups count for themselves, all else shares the numbers of the bot's own account."""
        if chat.kind == "supergroup":
            return next(self._own_ids.setdefault(chat.id, itertools.count(2)))
        return next(self._private_ids)

    def query_id(self) -> str:
        """A press or inline question that may be answered."""
        query_id = str(next(self._query_ids))
        self.open_queries.add(query_id)
        return query_id

    def keep_file(self, upload: Upload) -> Json:
        file_id = f"stubfile{len(self.files) + 1:06d}"
        self.files[file_id] = upload
        return self.file(file_id)

    def file(self, file_id: str) -> Json:
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(self.files[file_id].content),
        }

    def member(self, user: Json, status: str, *, channel: bool = False) -> Json:
        """A ChatMember; of a channel an administrator who may post."""
        member: Json = {"user": user, "status": status}
        match status:
            case "kicked":
                member["until_date"] = 0
            case "creator":
                member["is_anonymous"] = False
            case "administrator":
                member |= dict.fromkeys(_RIGHTS, False) | (
                    dict.fromkeys(_IN_CHANNELS, True) if channel else {}
                )
        return member
