"""How a message looks on Telegram: parts that fit, HTML or rich blocks, buttons, pictures."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Any

from bot.channels import Call
from handlers.message import Block, Choice, Heading, Image, Line, Message, Note, Strong, Table, Weak, Words

TEXT = 4096
"""How long a text may be, in UTF-16 units after its markup is read; Telegram counts code points, which are fewer."""
CAPTION = 1024
ENTITIES = 100
"""How many marked places a text may have; Telegram drops the rest without a word."""
LABEL = 40
ROW = 36
"""How many letters fit side by side on a telephone before labels are cut."""
BUTTONS = 100
ARTICLES = 50

# What Telegram drops or refuses: control characters, marks that turn the direction of what follows, halves of pairs.
_REFUSED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

Span = tuple[str, str]
"""Words and the tag around them, empty for none."""
Row = tuple[Span, ...]
"""One line as it is shown."""
Room = tuple[int, int]
"""How many UTF-16 units and how many marked places a text may have."""


def dress(message: Message, keys: Sequence[str], *, rich: bool = True) -> tuple[Call, ...]:
    """A message as calls in order; `keys` are the buttons' data, one for each choice.

    Lists are tables where the server takes them and text where it does not: each call carries its plainer forms.
    """
    parts = list(paginate(message.blocks))
    keyboard = buttons(message.choices, keys)
    calls = []
    pictures = list(message.images)
    if pictures and len(parts) == 1 and units(_shown(parts[0])) <= CAPTION:
        first, caption = pictures.pop(0), parts.pop()
        text = {"caption": _html(caption), "parse_mode": "HTML"}
        plain = {"caption": _shown(caption)}
        calls.append(_picture(first.data, first.media_type, [{**text, **keyboard}, {**plain, **keyboard}]))
    calls += [
        _picture(image.data, image.media_type, [{"caption": _cut(image.caption or image.alt, CAPTION)}]) for image in pictures
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
    """A message as calls that know how to look when they are made again; `doubt` is what they say then."""
    marked = Note((doubt,))
    room = units(clean(doubt)) + 1
    whole = paginate(message.blocks, (TEXT - room, ENTITIES - 1))
    calls: list[Call] = []
    pictures, parts = list(message.images), list(whole)
    if pictures and len(parts) == 1 and units(_shown(parts[0])) <= CAPTION - room:
        image, part = pictures.pop(0), parts.pop()
        calls.append(_repeatable(image, [part, (*part, marked)]))
    for image in pictures:
        under = Line((_cut(image.caption or image.alt, CAPTION - room),))
        calls.append(_repeatable(image, [(under,), (under, marked)]))
    if not parts and not calls and not message.files:
        parts = [(Heading(("…",)),)]
    texts = [Call({"forms": _forms(part, {}, rich=rich), "again": _forms((*part, marked), {}, rich=rich)}) for part in parts]
    files = []
    for file in message.files:
        upload = {"field": "document", "name": clean(file.name) or "file", "type": file.media_type}
        content = {"forms": [["sendDocument", {}]], "again": [["sendDocument", {"caption": clean(doubt)}]], "file": upload}
        files.append(Call(content, file.data))
    return (*texts, *calls, *files)


def _repeatable(image: Image, captions: Sequence[Sequence[Block]]) -> Call:
    """A picture with its caption, and with the one that it has when it is sent again."""
    forms = [[{"caption": _html(each), "parse_mode": "HTML"}, {"caption": _shown(each)}] for each in captions]
    call = _picture(image.data, image.media_type, forms[0])
    return Call({**call.content, "again": [["sendPhoto", form] for form in forms[1]]}, call.data)


def article(id: str, message: Message, words: str) -> dict[str, Any]:
    """A message as something to choose while a question is still being typed; `words` stand in for a missing title."""
    parts = list(paginate(message.blocks)) or [(Heading((words,)),)]
    title, _, rest = _shown(parts[0]).partition("\n")
    return {
        "type": "article",
        "id": id,
        "title": _cut(title, 120) or words,
        "description": _cut(rest.partition("\n")[0], 200),
        "input_message_content": {
            "message_text": _html(parts[0]),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    }


def buttons(choices: Sequence[Choice], keys: Sequence[str]) -> dict[str, Any]:
    """The choices under a message, as many side by side as can be read: those of a row are equally wide."""
    rows: list[list[dict[str, str]]] = []
    widest = 0
    for choice, key in zip(choices[:BUTTONS], keys, strict=False):
        label = _cut(choice.label, LABEL) or "…"
        together = len(rows[-1]) + 1 if rows else 1
        widest = max(widest, len(label))
        if not rows or together > 3 or together * widest > ROW:
            rows.append([])
            widest = len(label)
        rows[-1].append({"text": label, "callback_data": key})
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def clean(text: str) -> str:
    """Words as Telegram takes them, in the form in which it counts them."""
    return unicodedata.normalize("NFC", _REFUSED.sub("", text))


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


# ------------------------------------------------------------ parts


def paginate(blocks: Iterable[Block], most: Room = (TEXT, ENTITIES)) -> Iterator[tuple[Block, ...]]:
    """Blocks in parts that fit a text each: broken between blocks, then between rows, then where it must be."""
    part: list[Block] = []
    for block in blocks:
        for piece in _pieces(block, most):
            if part and not _fits([*part, piece], most):
                yield tuple(part)
                part = []
            _join(part, piece)
    if part and _shown(part).strip():
        yield tuple(part)


def _join(part: list[Block], piece: Block) -> None:
    """Adds a piece to a part; the rows of one table stay one table."""
    before = part[-1] if part else None
    if isinstance(piece, Table) and isinstance(before, Table) and piece.header is before.header:
        part[-1] = Table(before.header, before.rows + piece.rows)
    else:
        part.append(piece)


def _pieces(block: Block, most: Room) -> Iterator[Block]:
    """A block in pieces each of which fits a text: a table's rows, or the whole of anything else when it fits."""
    if isinstance(block, Table):
        for row in block.rows:
            piece = Table(block.header, (row,))
            if _fits([piece], most):
                yield piece
            else:
                yield from (Note(words) for words in _broken(_joined(_table_row(row)), most))
    elif _fits([block], most):
        if _shown([block]).strip():
            yield block
    else:
        yield from (type(block)(words) for words in _broken(block.words, most))


def _fits(part: Sequence[Block], most: Room) -> bool:
    rows = _rows(part)
    marked = sum(1 for row in rows for _, tag in row if tag)
    return marked <= most[1] and units(_text(rows)) <= most[0]


def _broken(words: Words, most: Room) -> Iterator[Words]:
    """Words in pieces that fit a text, broken at ends of lines, else between words, else anywhere."""
    piece: list[str] = []
    room, marks = most
    for part in words:
        kind, rest = type(part), clean(part)
        while rest:
            if marks and units(rest) <= room:
                piece.append(kind(rest))
                room -= units(rest)
                marks -= 1
                break
            head = _head(rest, room, most) if marks else ""
            if head:
                piece.append(kind(head))
            rest = rest[len(head) :].lstrip()
            yield tuple(piece)
            piece, (room, marks) = [], most
    if piece:
        yield tuple(piece)


def _head(text: str, room: int, most: Room) -> str:
    """As much of a text as fits and ends well; nothing when the text should rather begin a new piece."""
    size = 0
    end = len(text)
    for index, letter in enumerate(text):
        size += 2 if ord(letter) > 0xFFFF else 1
        if size > room:
            end = index
            break
    head = text[:end]
    for mark in ("\n", " "):
        if cut := head.rfind(mark) + 1:
            return head[:cut]
    return head if room == most[0] else ""


# ------------------------------------------------------------ forms


def _forms(part: Sequence[Block], more: dict[str, Any], *, rich: bool) -> list[list[Any]]:
    """The ways to send a part, the best first."""
    silent = {"link_preview_options": {"is_disabled": True}}
    forms = [
        ["sendMessage", {"text": _html(part), "parse_mode": "HTML", **silent, **more}],
        ["sendMessage", {"text": _shown(part), **silent, **more}],
    ]
    if rich and any(isinstance(block, Table) for block in part):
        message = {"blocks": [_rich(block) for block in part], "skip_entity_detection": True}
        forms.insert(0, ["sendRichMessage", {"rich_message": message, **more}])
    return forms


def _picture(data: bytes, media_type: str, forms: list[dict[str, Any]]) -> Call:
    name = "picture." + (media_type.partition("/")[2] or "png")
    upload = {"field": "photo", "name": name, "type": media_type}
    return Call({"forms": [["sendPhoto", form] for form in forms], "file": upload}, data)


def _rows(part: Iterable[Block]) -> list[Row]:
    """Blocks as lines of marked words."""
    rows: list[Row] = []
    for block in part:
        if isinstance(block, Table):
            rows += [_spans(_table_row(row)) for row in block.rows]
        elif isinstance(block, Heading):
            rows.append(_spans(tuple(Strong(part) for part in block.words)))
        elif isinstance(block, Note):
            rows.append(_spans(tuple(part if isinstance(part, Strong) else Weak(part) for part in block.words)))
        else:
            rows.append(_spans(block.words))
    return rows


def _table_row(row: tuple[Words, ...]) -> tuple[str, ...]:
    """A table's row as a line: the first cell, a colon, and the cells that say something."""
    first, *rest = row
    words: list[str] = ["• ", *first]
    mark = ": "
    for cell in rest:
        if any(cell):
            words += [mark, *cell]
            mark = " · "
    return tuple(words)


def _joined(words: Words) -> Words:
    return (clean("".join(words)),)


def _spans(words: Words) -> Row:
    """Words with the tags that tell their kinds; neighbours of one kind share a tag."""
    spans: list[Span] = []
    for part in words:
        tag = "b" if isinstance(part, Strong) else "i" if isinstance(part, Weak) else ""
        text = clean(part)
        if not text:
            continue
        if not text.strip():
            tag = spans[-1][1] if spans else ""
        if spans and spans[-1][1] == tag:
            spans[-1] = (spans[-1][0] + text, tag)
        else:
            spans.append((text, tag))
    return tuple(spans)


def _text(rows: Iterable[Row]) -> str:
    return "\n".join("".join(text for text, _ in row) for row in rows)


def _shown(part: Iterable[Block]) -> str:
    return _text(_rows(part))


def _html(part: Iterable[Block]) -> str:
    return "\n".join("".join(_tagged(text, tag) for text, tag in row) for row in _rows(part))


def _tagged(text: str, tag: str) -> str:
    # A quotation mark needs no escape outside a tag.
    text = escape(text, quote=False)
    return f"<{tag}>{text}</{tag}>" if tag else text


def _rich(block: Block) -> dict[str, Any]:
    """A block as Bot API 10.1 and later takes it; nothing needs to be escaped there."""
    if isinstance(block, Table):
        head = [_cell(clean(cell), place, header=True) for place, cell in enumerate(block.header)]
        rows = [[_cell(_rich_words(cell), place) for place, cell in enumerate(row)] for row in block.rows]
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
    parts = [{"type": kinds[tag], "text": text} if tag else text for text, tag in _spans(words)]
    return parts[0] if len(parts) == 1 else parts or ""


def _cut(text: str, length: int) -> str:
    """The beginning of a text on one line, with "…" for what is left out."""
    text = " ".join(clean(text).split())
    if units(text) <= length:
        return text
    kept = text[: length - 1]
    while units(kept) > length - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
