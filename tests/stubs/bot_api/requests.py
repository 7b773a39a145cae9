"""What a request brings: parameters, uploads, keyboards; and how Telegram words an answer."""

from __future__ import annotations

import json
import re
from typing import Any

from aiohttp import web

from .records import Button, Upload
from .texts import Json, Refused, units

_NESTED = {
    *(
        "reply_markup",
        "reply_parameters",
        "link_preview_options",
        "rich_message",
        "entities",
        "caption_entities",
    ),
    *("results", "button", "allowed_updates", "commands", "scope"),
}
_BUTTON_ACTIONS = (
    *("url", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat"),
    *("switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay"),
)


async def read_params(request: web.Request) -> tuple[Json, dict[str, Upload]]:
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
    for name in _NESTED & params.keys():
        if isinstance(params[name], str):
            try:
                params[name] = json.loads(params[name] or "null")
            except ValueError:
                raise Refused(f"can't parse {name.replace('_', ' ')} JSON object") from None
    return params, uploads


def refusal(refused: Refused) -> web.Response:
    """The answer that says no."""
    body: Json = {"ok": False, "error_code": refused.status, "description": refused.words}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)


def integer(params: Json, name: str, default: int) -> int:
    value = params.get(name)
    if value is None or value == "":
        return default
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused(f'field "{name}" must be a valid Number') from None


def flag(params: Json, name: str) -> bool:
    return str(params.get(name, "")).lower() in ("true", "yes", "1")


def chat_number(params: Json) -> int:
    """The chat_id of a request, where it is no @name."""
    value = params.get("chat_id")
    if value is None or value == "":
        raise Refused("chat_id is empty")
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused("chat not found") from None


def language(params: Json) -> str:
    code = str(params.get("language_code") or "")
    if not re.fullmatch(r"(?:[a-z]{2})?", code):
        raise Refused("LANG_CODE_INVALID")
    return code


def read_markup(markup: object) -> Json:
    """A reply markup, checked; other keyboards than the inline one are taken as they are."""
    if markup is None or markup == "":
        return {}
    if not isinstance(markup, dict):
        raise Refused("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if rows is None:
        return markup
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused(
            'field "inline_keyboard" of the InlineKeyboardMarkup should be an Array of Arrays'
        )
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
    if button.get("url") is not None and not re.match(
        r"(?:https?|tg)://\S+|[^\s/]+\.\w", str(button["url"])
    ):
        raise Refused(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    copied = button.get("copy_text")
    if copied is not None and not (
        isinstance(copied, dict) and 1 <= units(str(copied.get("text", ""))) <= 256
    ):
        raise Refused("BUTTON_COPY_TEXT_INVALID")
    if button.get("style") not in (None, "danger", "success", "primary"):
        raise Refused("BUTTON_STYLE_INVALID")


def buttons_of(message: Json) -> tuple[tuple[Button, ...], ...]:
    """The inline buttons under a message."""
    rows: Any = message.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(
        tuple(Button(raw["text"], raw.get("callback_data"), raw) for raw in row) for row in rows
    )
