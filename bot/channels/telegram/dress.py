"""How a message looks on Telegram: parts that fit, HTML or rich blocks, buttons, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.channels import Call
from bot.channels.setting import Setting, clean, cut, shown, units
from handlers.message import (
    Block,
    Choice,
    Heading,
    Image,
    Line,
    Message,
    Note,
    Strong,
    Table,
    Weak,
    Words,
)

TEXT = 4096
"""How long a text may be, in UTF-16 units after its markup is read; Telegram counts code points,
which are fewer.
"""
CAPTION = 1024
ENTITIES = 100
"""How many marked places a text may have; Telegram drops the rest without a word."""
LABEL = 40
ROW = 36
"""How many letters fit side by side on a telephone before labels are cut."""
BUTTONS = 100
ARTICLES = 50

SETTING = Setting(TEXT, ENTITIES, {Strong: "b", Weak: "i"})


def dress(message: Message, keys: Sequence[str], *, rich: bool = True) -> tuple[Call, ...]:
    """A message as calls in order; `keys` are the buttons' data, one for each choice.

    Lists are tables where the server takes them and text where it does not: each call carries its
    plainer forms.
    """
    parts = list(SETTING.parts(message.blocks))
    keyboard = buttons(message.choices, keys)
    calls = []
    pictures = list(message.images)
    if pictures and len(parts) == 1 and units(shown(parts[0])) <= CAPTION:
        first, caption = pictures.pop(0), parts.pop()
        text = {"caption": _html(caption), "parse_mode": "HTML"}
        plain = {"caption": shown(caption)}
        calls.append(
            _picture(first.data, first.media_type, [{**text, **keyboard}, {**plain, **keyboard}])
        )
    calls += [
        _picture(
            image.data, image.media_type, [{"caption": cut(image.caption or image.alt, CAPTION)}]
        )
        for image in pictures
    ]
    if not parts and not calls and not message.files:
        parts = [(Heading(("…",)),)]
    for index, part in enumerate(parts):
        last = keyboard if index == len(parts) - 1 else {}
        calls.append(Call({"forms": _forms(part, last, rich=rich)}))
    for file in message.files:
        upload = {"field": "document", "name": clean(file.name) or "file", "type": file.media_type}
        calls.append(Call({"forms": [["sendDocument", {}]], "file": upload}, file.data))
    return tuple(calls)


def broadcast(message: Message, doubt: str, *, rich: bool = True) -> tuple[Call, ...]:
    """A message as calls that know how to look when they are made again; `doubt` is what they say
    then.
    """
    marked = Note((doubt,))
    room = units(clean(doubt)) + 1
    whole = SETTING.less(room, 1).parts(message.blocks)
    calls: list[Call] = []
    pictures, parts = list(message.images), list(whole)
    if pictures and len(parts) == 1 and units(shown(parts[0])) <= CAPTION - room:
        image, part = pictures.pop(0), parts.pop()
        calls.append(_repeatable(image, [part, (*part, marked)]))
    for image in pictures:
        under = Line((cut(image.caption or image.alt, CAPTION - room),))
        calls.append(_repeatable(image, [(under,), (under, marked)]))
    if not parts and not calls and not message.files:
        parts = [(Heading(("…",)),)]
    texts = [
        Call(
            {"forms": _forms(part, {}, rich=rich), "again": _forms((*part, marked), {}, rich=rich)}
        )
        for part in parts
    ]
    files = []
    for file in message.files:
        upload = {"field": "document", "name": clean(file.name) or "file", "type": file.media_type}
        content = {
            "forms": [["sendDocument", {}]],
            "again": [["sendDocument", {"caption": clean(doubt)}]],
            "file": upload,
        }
        files.append(Call(content, file.data))
    return (*texts, *calls, *files)


def _repeatable(image: Image, captions: Sequence[Sequence[Block]]) -> Call:
    """A picture with its caption, and with the one that it has when it is sent again."""
    forms = [
        [{"caption": _html(each), "parse_mode": "HTML"}, {"caption": shown(each)}]
        for each in captions
    ]
    call = _picture(image.data, image.media_type, forms[0])
    return Call({**call.content, "again": [["sendPhoto", form] for form in forms[1]]}, call.data)


def article(id: str, message: Message, words: str) -> dict[str, Any]:
    """A message as something to choose while a question is still being typed; `words` stand in for
    a missing title.
    """
    parts = list(SETTING.parts(message.blocks)) or [(Heading((words,)),)]
    title, _, rest = shown(parts[0]).partition("\n")
    return {
        "type": "article",
        "id": id,
        "title": cut(title, 120) or words,
        "description": cut(rest.partition("\n")[0], 200),
        "input_message_content": {
            "message_text": _html(parts[0]),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }


def buttons(choices: Sequence[Choice], keys: Sequence[str]) -> dict[str, Any]:
    """The choices under a message, as many side by side as can be read: those of a row are equally
    wide.
    """
    rows: list[list[dict[str, str]]] = []
    widest = 0
    for choice, key in zip(choices[:BUTTONS], keys, strict=False):
        label = cut(choice.label, LABEL) or "…"
        together = len(rows[-1]) + 1 if rows else 1
        widest = max(widest, len(label))
        if not rows or together > 3 or together * widest > ROW:
            rows.append([])
            widest = len(label)
        rows[-1].append({"text": label, "callback_data": key})
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


# ------------------------------------------------------------ forms


def _forms(part: Sequence[Block], more: dict[str, Any], *, rich: bool) -> list[list[Any]]:
    """The ways to send a part, the best first."""
    silent = {"link_preview_options": {"is_disabled": True}}
    forms = [
        ["sendMessage", {"text": _html(part), "parse_mode": "HTML", **silent, **more}],
        ["sendMessage", {"text": shown(part), **silent, **more}],
    ]
    if rich and any(isinstance(block, Table) for block in part):
        message = {"blocks": [_rich(block) for block in part], "skip_entity_detection": True}
        forms.insert(0, ["sendRichMessage", {"rich_message": message, **more}])
    return forms


def _picture(data: bytes, media_type: str, forms: list[dict[str, Any]]) -> Call:
    name = "picture." + (media_type.partition("/")[2] or "png")
    upload = {"field": "photo", "name": name, "type": media_type}
    return Call({"forms": [["sendPhoto", form] for form in forms], "file": upload}, data)


def _html(part: Sequence[Block]) -> str:
    return "\n".join("".join(_tagged(text, tag) for text, tag in row) for row in SETTING.rows(part))


def _tagged(text: str, tag: str) -> str:
    # A quotation mark needs no escape outside a tag.
    text = escape(text, quote=False)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _rich(block: Block) -> dict[str, Any]:
    """A block as Bot API 10.1 and later takes it; nothing needs to be escaped there."""
    if isinstance(block, Table):
        head = [_cell(clean(cell), place, header=True) for place, cell in enumerate(block.header)]
        rows = [
            [_cell(_rich_words(cell), place) for place, cell in enumerate(row)]
            for row in block.rows
        ]
        return {"type": "table", "cells": [head, *rows], "is_bordered": True, "is_striped": True}
    if isinstance(block, Heading):
        return {"type": "heading", "text": clean("".join(block.words)), "size": 4}
    if isinstance(block, Note):
        return {"type": "footer", "text": _rich_words(block.words)}
    return {"type": "paragraph", "text": _rich_words(block.words)}


def _cell(text: Any, place: int, *, header: bool = False) -> dict[str, Any]:
    cell = {"text": text, "align": "left" if place == 0 else "right", "valign": "middle"}
    return {**cell, "is_header": True} if header else cell


def _rich_words(words: Words) -> Any:
    """Words as rich text: a string where nothing stands out."""
    kinds = {"b": "bold", "i": "italic"}
    parts = [
        {"type": kinds[tag], "text": text} if tag else text for text, tag in SETTING.spans(words)
    ]
    return parts[0] if len(parts) == 1 else parts or ""
