"""Draws a Zalo conversation from what was really said and sent: `python tests/gallery/zalo.py`."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sheet import ROOM, SIZE, WIDE, Row, Run, Sheet, wrapped

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from bot.channels.zalo import Zalo
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.shelf import Shelf
from bot.web import listening
from db.chats import Chats
from db.engine import open_chats
from db.importer import DEMONSTRATION, load
from db.pictures import Pictures
from db.rhythm import HOME_ZONE
from db.store import Store
from handlers.chart.lettering import width
from handlers.desk import Desk
from tests.stubs.zalo import Said, Sent, ZaloApi

TALK = {
    "zalo.png": ("ty le ho ngheo 2023?", "2"),
    "zalo-bieu-do.png": ("vẽ biểu đồ hộ nghèo", "chỉ tiêu nào chưa đạt?"),
}
"""One talk, in as many pictures as it takes to see it beside the text."""
MOMENT = datetime(2024, 3, 25, 8, 30, tzinfo=ZoneInfo(HOME_ZONE))
BLUE, BACK, BOT, PERSON = "#0068ff", "#e2e8f0", "#ffffff", "#d5e6ff"
PER_POINT = SIZE / 15
"""Pixels of one of the sizes that styles name; words have 15 without a style."""
LEFT, FACE = 124.0, 34
"""Where the bot's bubbles begin, and half of how wide its picture beside them is."""


def draw(talk: Iterable[Said | Sent], name: str) -> bytes:
    """A picture of what stands in a private chat with a bot of this name: the bot at the left, the person at the right."""
    sheet = Sheet(BACK)
    _head(sheet, name)
    day, speaker = "", ""
    for each in talk:
        if isinstance(each, Said):
            moment = datetime.fromtimestamp(
                each.update["message"]["date"] / 1000, ZoneInfo(HOME_ZONE)
            )
            if day != f"{moment:%d/%m/%Y}":
                day = f"{moment:%d/%m/%Y}"
                _moment(sheet, f"{moment:%H:%M} {day}")
            sheet.bubble(wrapped([Run(each.text)], ROOM - 56), PERSON, right=True)
            speaker = "person"
            continue
        if speaker != "bot":
            _face(sheet)
        speaker = "bot"
        sheet.bubble(
            [row for line in lines(each) for row in wrapped(line, ROOM - 56)],
            BOT,
            x=LEFT,
            png=each.photo,
        )
    _foot(sheet)
    return sheet.picture()


def lines(sent: Sent) -> list[Row]:
    """The lines of a message, each in runs as its styles say; offsets are in UTF-16 units."""
    out: list[list[Run]] = [[]]
    place, numbered = 0, 0
    for letter in sent.text:
        if letter == "\n":
            out.append([])
        else:
            codes = [
                code
                for style in sent.styles
                if style["start"] <= place < style["start"] + style["len"]
                for code in style["st"]
            ]
            run = _look(letter, codes)
            if not out[-1]:
                numbered = numbered + 1 if "lst_2" in codes else 0
                out[-1] += _lead(codes, numbered)
            if out[-1] and replace(out[-1][-1], text="") == replace(run, text=""):
                run = replace(run, text=out[-1].pop().text + run.text)
            out[-1].append(run)
        place += len(letter.encode("utf-16-le")) // 2
    return list(out)


def _look(letter: str, codes: Sequence[str]) -> Run:
    run = Run(letter)
    for code in codes:
        kind, _, value = code.partition("_")
        match kind:
            case "b":
                run = replace(run, weight=600)
            case "i":
                run = replace(run, italic=True)
            case "u" | "s":
                run = replace(run, line="underline" if kind == "u" else "line-through")
            case "f":
                run = replace(run, size=int(value) * PER_POINT)
            case "c":
                run = replace(run, fill=f"#{value}")
    return run


def _lead(codes: Sequence[str], number: int) -> list[Run]:
    """What stands before a line: its indent, its bullet or number."""
    deep = sum(int(code[-1]) for code in codes if code.startswith("ind_"))
    mark = "• " if "lst_1" in codes else f"{number}. " if "lst_2" in codes else ""
    return [Run("    " * deep + mark)] if deep or mark else []


def _head(sheet: Sheet, name: str) -> None:
    sheet.box(0, 0, WIDE, 132, BLUE, round=0)
    sheet.parts.append(
        '<path d="M62 44l-22 22l22 22" fill="none" stroke="#ffffff" stroke-width="6" stroke-linecap="round"/>'
    )
    sheet.words(100, 80, [Run(name, 40, 600, "#ffffff")])
    for y in (48, 66, 84):
        sheet.box(WIDE - 76, y - 2.5, 36, 5, "#ffffff", round=2.5)
    sheet.y = 160


def _moment(sheet: Sheet, words: str) -> None:
    wide = width(words, 24) + 40
    sheet.box((WIDE - wide) / 2, sheet.y, wide, 42, "#b4bec9", round=21)
    sheet.words((WIDE - wide) / 2 + 20, sheet.y + 30, [Run(words, 24, fill="#ffffff")])
    sheet.y += 42 + 24


def _face(sheet: Sheet) -> None:
    x, y = 40 + FACE, sheet.y + FACE
    sheet.parts.append(f'<circle cx="{x}" cy="{y:.1f}" r="{FACE}" fill="{BLUE}"/>')
    for place, high in enumerate((14, 24, 34)):
        sheet.box(x - 19 + 14 * place, y + 17 - high, 10, high, "#ffffff", round=2)


def _foot(sheet: Sheet) -> None:
    sheet.y += 10
    sheet.box(0, sheet.y, WIDE, 120, "#ffffff", round=0)
    sheet.words(48, sheet.y + 64, [Run("Tin nhắn", 32, fill="#8a97a6")])
    sheet.y += 80


@asynccontextmanager
async def answering(stub: ZaloApi) -> AsyncIterator[None]:
    """The bot, with the demonstration and at its moment, at work on the stub."""
    began = asyncio.get_running_loop().time()

    def clock() -> datetime:
        return MOMENT + timedelta(seconds=asyncio.get_running_loop().time() - began)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store, engine = (
        await Store.open("sqlite+aiosqlite:///:memory:"),
        await open_chats("sqlite+aiosqlite:///:memory:"),
    )
    await load(store, DEMONSTRATION, MOMENT.date())
    chats = Chats(engine)
    shelf = Shelf(Pictures(chats.turns), f"http://127.0.0.1:{port}", clock)
    channel = Zalo(stub.token, api_root=stub.root, shelf=shelf, clock=clock)
    outbox = Outbox(chats, channel, clock)
    inbox = Inbox(chats, channel, Desk(store), outbox, clock=clock)
    async with listening("127.0.0.1", port, shelf.routes(), {}):
        tasks = [
            asyncio.create_task(work)
            for work in (inbox.run(), outbox.run(), channel.run(inbox.take))
        ]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await channel.close()
    await store.close()
    await engine.dispose()


async def main() -> None:
    async with ZaloApi() as stub, answering(stub):
        lan = stub.person("6ede9afa66b88fe6d6a9", "Lan")
        chat = stub.private(lan)
        for file, asked in TALK.items():
            drawn = len(stub.talk(chat))
            for words in asked:
                before = len(stub.sent)
                stub.say(chat, lan, words, at=MOMENT + timedelta(seconds=before))
                await stub.wait_for(before + 1)
                await stub.quiet(2.0)
            (Path(__file__).parent / file).write_bytes(draw(stub.talk(chat)[drawn:], stub.name))


if __name__ == "__main__":
    asyncio.run(main())
