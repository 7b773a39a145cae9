"""How a message looks on Zalo: parts that fit, styles beside the plain words, choices as numbered
lines, one picture a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels import Call
from bot.channels.setting import Setting, clean, cut, shown, table_row, units
from handlers.message import Bad, Block, Good, Image, Line, Message, Note, Strong, Table, Weak
from handlers.say import Say

TEXT = 2000
"""How long a text or a caption may be; documented as characters, taken as UTF-16 units in NFC to be
safe.
"""
NUMBERED = 9
"""How many choices have a number: one digit is enough to choose."""
SETTING = Setting(TEXT, 10_000, {Strong: "b", Weak: "f_13", Good: "c_15a85f", Bad: "c_db342e"})
LINK = 300
"""Room in a text for an address of ours."""

Said = dict[str, Any]
"""A text with its styles."""


def dress(message: Message, say: Say) -> tuple[Call, ...]:
    """A message as calls in order; its choices are lines at the end of the last text."""
    blocks = _numbered(message, say)
    parts = list(SETTING.parts(blocks))
    calls: list[Call] = []
    pictures = list(message.images)
    if pictures and len(parts) == 1:
        calls.append(_picture(pictures.pop(0), parts.pop()))
    calls += [_picture(image, ()) for image in pictures]
    if not parts and not calls and not message.files:
        parts = [(Line(("…",)),)]
    calls += [Call(_said(part)) for part in parts]
    return (*calls, *_files(message, say))


def broadcast(message: Message, say: Say) -> tuple[Call, ...]:
    """A message as calls that know how to look when they are made again: then they say so."""
    marked = Note((say.text("channel.again"),))
    setting = SETTING.less(units(clean(marked.words[0])) + 1)
    parts = list(setting.parts(message.blocks))
    calls: list[Call] = []
    pictures = list(message.images)
    if pictures and len(parts) == 1:
        image, part = pictures.pop(0), parts.pop()
        calls.append(_again(_picture(image, part), _picture(image, (*part, marked))))
    texts = [_again(Call(_said(part)), Call(_said((*part, marked)))) for part in parts]
    calls += [_again(_picture(image, ()), _picture(image, (), (marked,))) for image in pictures]
    files = [
        _again(once, twice)
        for once, twice in zip(_files(message, say), _files(message, say, marked), strict=True)
    ]
    return (*texts, *calls, *files)


def _numbered(message: Message, say: Say) -> list[Block]:
    """The blocks with the choices as numbered lines: after them, or where the words list them
    already.

    What is offered may always be asked in one's own words, too.
    """
    if not message.choices:
        return list(message.blocks)
    every = {
        choice.label: number
        for number, choice in reversed([*enumerate(message.choices[:NUMBERED], 1)])
    }
    numbers = dict(every)
    blocks = [piece for block in message.blocks for piece in _in_place(block, numbers)]
    if not numbers:
        return blocks
    listed = [number for label, number in every.items() if label not in numbers]
    if sorted(listed) != [
        *range(1, len(listed) + 1)
    ]:  # 3, 4 and 5 above 1 and 2 would only confuse
        blocks, numbers = list(message.blocks), every
    gap = "\n" if blocks else ""
    for number in sorted(numbers.values()):
        blocks.append(Line((f"{gap}{number}. {message.choices[number - 1].label}",)))
        gap = ""
    return [*blocks, Note((say.text("channel.numbers"),))]


def _in_place(block: Block, numbers: dict[str, int]) -> list[Block]:
    """A block whose lines have the numbers of the choices that they begin with; these are taken
    from `numbers`.
    """
    if isinstance(block, Table):
        named = [bool(row[0]) and "".join(row[0]) in numbers for row in block.rows]
        if not any(named):
            return [block]
        return [piece for row in block.rows for piece in _in_place(Line(table_row(row)), numbers)]
    if not isinstance(block, Line):
        return [block]
    words = (
        (block.words[0].removeprefix("• "), *block.words[1:])
        if type(block.words[0]) is str
        else block.words
    )
    if not words[0]:
        words = words[1:]
    number = numbers.pop(words[0], None) if words else None
    return [block] if number is None else [Line((f"{number}. ", *words))]


def _said(part: Iterable[Block]) -> Said:
    """A part as a text, and the styles over it: their places count UTF-16 units."""
    text, styles, place = "", [], 0
    for number, row in enumerate(SETTING.rows(part)):
        if number:
            text, place = text + "\n", place + 1
        for words, mark in row:
            if mark:
                styles.append({"start": place, "len": units(words), "st": [mark]})
            text, place = text + words, place + units(words)
    return {"text": text, "styles": styles}


def _picture(image: Image, part: Sequence[Block], more: Sequence[Block] = ()) -> Call:
    """A picture with the words of a part under it, or its own; `instead` is what is said where it
    cannot be shown.

    A caption has no styles there.
    """
    words = part or (Line((image.caption or image.alt,)),)
    caption = shown([*words, *more])
    said: list[Block] = [*words, *more]
    if part and not image.caption:  # the words beside it do not say all that it shows
        said.append(Line((image.alt,)))
    instead = _said(next(SETTING.parts(said), ()))
    return Call(
        {"photo": image.media_type, "caption": _fitting(caption), "instead": instead}, image.data
    )


def _fitting(caption: str) -> str:
    return caption if units(caption) <= TEXT else cut(caption, TEXT)


def _files(message: Message, say: Say, marked: Note | None = None) -> list[Call]:
    """Files as addresses to fetch them from, since Zalo takes none."""
    calls = []
    for file in message.files:
        more = (marked,) if marked else ()
        told = _said((Line((cut(say.text("channel.file", name=file.name), TEXT - LINK),)), *more))
        lost = _said((Line((cut(say.text("channel.no_file", name=file.name), TEXT),)), *more))
        calls.append(
            Call(
                {
                    "file": clean(file.name) or "file",
                    "type": file.media_type,
                    **told,
                    "instead": lost,
                },
                file.data,
            )
        )
    return calls


def _again(once: Call, twice: Call) -> Call:
    return Call({**once.content, "again": twice.content}, once.data)
