"""Draws the README's conversation from what the desk really answers: `python tests/gallery/conversation.py`."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

from sheet import ROOM, Row, Run, Sheet, wrapped

from db.importer import DEMONSTRATION, load
from db.store import Store
from handlers.chart.lettering import width
from handlers.desk import Desk
from handlers.message import Heading, Message, Strong, Table, plain_row
from handlers.question import Asking, Conversation

TALK = ["ty le ho ngheo 2023?", "thế đào tạo nghề đạt kế hoạch chưa", "chỉ tiêu nào vượt?"]
TODAY = date(2024, 3, 24)


def buttons(sheet: Sheet, labels: list[str]) -> None:
    """Buttons below a bubble, in as many rows as they need."""
    x = 40.0
    for label in labels:
        wide = min(width(label, 26) + 48, ROOM)
        if x + wide > 40 + ROOM and x > 40:
            x, sheet.y = 40.0, sheet.y + 66
        sheet.box(x, sheet.y, wide, 54, "#ffffff", round=16, stroke="#2f6690")
        sheet.words(
            x + (wide - width(label, 26)) / 2, sheet.y + 36, [Run(label, 26, fill="#12385a")]
        )
        x += wide + 12
    sheet.y += 54 + 30


def rows(message: Message) -> list[Row]:
    """A message as rows of a bubble."""
    out: list[Row] = []
    for block in message.blocks:
        if isinstance(block, Table):
            runs = [Run(plain_row(row)) for row in block.rows]
        else:
            strong = isinstance(block, Heading) or any(
                isinstance(part, Strong) for part in block.words[:1]
            )
            runs = [Run("".join(block.words), weight=600 if strong else 400)]
        out += [row for run in runs for row in wrapped([run], ROOM - 60)]
    return out


async def main() -> None:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    await load(store, DEMONSTRATION, TODAY)
    desk, before, sheet = Desk(store), Conversation(), Sheet()
    for asked in TALK:
        turn = await desk.turn(asked, before, Asking(TODAY))
        before = turn.after
        sheet.bubble([[Run(asked)]], "#cfe7c6", right=True)
        sheet.bubble(rows(turn.answer.message), "#ffffff")
        buttons(sheet, [choice.label for choice in turn.answer.message.choices[:4]])
    (Path(__file__).parent / "conversation.png").write_bytes(sheet.picture())
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
