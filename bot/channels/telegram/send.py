"""How a dressed call leaves for Telegram, in its plainer forms where it must, and what its refusal
means.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import timedelta
from typing import Any

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels import Address, ChatLeft, ChatMoved, PlaceClosed, SendFailed, SendUnsure
from bot.channels.telegram.api import Api, NoSuchMethod, Unauthorized, never_left, upload

_LOST_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "chat was deleted",
    "chat was deactivated",
)
_LOST_PLACE = (
    *(
        "message thread not found",
        "topic_closed",
        "topic_deleted",
        "not enough rights",
        "have no rights",
    ),
    *(
        "need administrator rights",
        "chat_write_forbidden",
        "chat_send_plain_forbidden",
        "channel_private",
    ),
)
_LOST_FILE = ("wrong file identifier", "wrong remote file", "file_reference", "media_empty")
_LOST_MESSAGE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message",
)


FILES = 256
"""How many files that were uploaded are known by Telegram's own name for them."""


class Sender:
    """Sends calls. `rich` is whether the server takes rich messages; it is found out by the first
    that it refuses.

    A file that goes to many is uploaded once: Telegram slows a bot down that uploads the same one
    again and again.
    """

    def __init__(self, api: Api, *, rich: bool = True) -> None:
        self._api = api
        self.rich = rich
        self._files: OrderedDict[str, str] = OrderedDict()

    async def send(self, content: dict[str, Any], data: bytes | None, to: Address) -> str:
        """Makes a call and gives the id of its message, empty when it made none.

        Raises:
            SendFailed: it surely did not arrive.
            SendUnsure: it may have arrived.
        """
        written = content["again"] if to.again and "again" in content else content["forms"]
        forms: list[tuple[str, dict[str, Any]]] = [
            (method, dict(params)) for method, params in written
        ]
        if not self.rich:
            forms = [form for form in forms if form[0] != "sendRichMessage"]
        if to.edits and (edits := [edit for form in forms if (edit := _edit(*form, to))]):
            made = await self._first(edits, None, None)
            if made is not None:
                return made
        fresh = [(method, {**_where(to), **params}) for method, params in forms]
        made = await self._first(fresh, content.get("file"), data)
        if made is None:
            raise SendFailed("the message to be changed is gone", permanent=True)
        return made

    async def _first(
        self,
        forms: list[tuple[str, dict[str, Any]]],
        file: dict[str, str] | None,
        data: bytes | None,
    ) -> str | None:
        """Makes the first of the forms that is taken; None when there is no message to be changed
        any more.
        """
        refusal = ""
        known = ""
        if file is not None and data is not None:
            known = f"{file['name']} {hashlib.sha256(data).hexdigest()}"
            if known in self._files:
                # First by its name at Telegram, should that still mean anything there.
                forms = [
                    (method, {**params, file["field"]: self._files[known]})
                    for method, params in forms[:1]
                ] + forms
        for method, params in forms:
            if file is not None and data is not None:
                params.setdefault(file["field"], upload(data, file["name"]))
            try:
                made = await self._api.call(method, params)
            except RetryAfter as error:
                after = error.retry_after
                seconds = after.total_seconds() if isinstance(after, timedelta) else float(after)
                raise SendFailed("asked to wait", after=seconds) from None
            except ChatMigrated as error:
                raise ChatMoved(str(error.new_chat_id)) from None
            except Forbidden as error:
                raise ChatLeft(_said(error)) from None
            except BadRequest as error:
                refusal = _said(error)
                if "message is not modified" in refusal.lower():
                    return str(params["message_id"])
                if any(words in refusal.lower() for words in _LOST_CHAT):
                    raise ChatLeft(refusal) from None
                if any(words in refusal.lower() for words in _LOST_PLACE):
                    raise PlaceClosed(refusal) from None
                if any(words in refusal.lower() for words in _LOST_FILE):
                    self._files.pop(known, None)
                if any(words in refusal.lower() for words in _LOST_MESSAGE):
                    return None
            except NoSuchMethod as error:
                if method != "sendRichMessage":
                    raise SendFailed(_said(error)) from None
                self.rich = False
            except Unauthorized as error:
                raise SendFailed(_said(error)) from None
            except NetworkError as error:
                if never_left(error):
                    raise SendFailed(_said(error)) from None
                raise SendUnsure(_said(error)) from None
            except TelegramError as error:
                # A reply that says nothing, as from a proxy: the call may have gone through before
                # it.
                raise SendUnsure(_said(error)) from None
            else:
                if known and (name := _file(made, file)):
                    self._files[known] = name
                    while len(self._files) > FILES:
                        self._files.popitem(last=False)
                return (
                    str(made["message_id"])
                    if isinstance(made, dict) and "message_id" in made
                    else ""
                )
        raise SendFailed(refusal, permanent=True)


def _file(made: Any, file: dict[str, str] | None) -> str:
    """Telegram's own name for the file of a message, empty where there is none."""
    found = made.get(file["field"]) if isinstance(made, dict) and file else None
    if isinstance(found, list):  # a photo in several sizes, the largest last
        found = found[-1] if found else None
    return str(found.get("file_id", "")) if isinstance(found, dict) else ""


def _where(to: Address) -> dict[str, Any]:
    params: dict[str, Any] = {}
    if to.chat:
        params["chat_id"] = int(to.chat)
    if to.topic:
        params["message_thread_id"] = int(to.topic)
    if to.reply_to:
        params["reply_parameters"] = {
            "message_id": int(to.reply_to),
            "allow_sending_without_reply": True,
        }
    return params


def _edit(method: str, params: dict[str, Any], to: Address) -> tuple[str, dict[str, Any]] | None:
    """The same words in the place of a message of ours; None for what can only be sent."""
    if method in ("sendMessage", "sendRichMessage") and to.chat:
        return "editMessageText", {**params, "chat_id": int(to.chat), "message_id": int(to.edits)}
    return None


def _said(error: TelegramError) -> str:
    return f"{type(error).__name__}: {error}"[:200]
