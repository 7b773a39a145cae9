"""Draws the README's conversation from what the desk really answers: `python tests/gallery/conversation.py`."""

from __future__ import annotations

import asyncio
from datetime import date
from html import escape
from pathlib import Path

from resvg_py import svg_to_bytes

from db.importer import DEMONSTRATION, load
from db.store import Store
from handlers.chart.lettering import FAMILY, files, width, wrap
from handlers.desk import Desk
from handlers.message import Heading, Message, Strong, Table, plain_row
from handlers.question import Conversation

TALK = ["ty le ho ngheo 2023?", "thế đào tạo nghề đạt kế hoạch chưa", "chỉ tiêu nào vượt?"]
TODAY = date(2024, 3, 24)
WIDE, ROOM, SIZE, STEP = 1080, 860, 30, 42


class Sheet:
    """Bubbles from the top down."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.y = 40.0

    def bubble(self, lines: list[tuple[str, int]], fill: str, *, right: bool = False) -> None:
        wide = max(width(text, SIZE, 600 if weight > 400 else 400) for text, weight in lines) + 56
        x = WIDE - 40 - wide if right else 40
        high = len(lines) * STEP + 32
        self.parts.append(f'<rect x="{x}" y="{self.y}" width="{wide}" height="{high}" rx="26" fill="{fill}"/>')
        for number, (text, weight) in enumerate(lines):
            self._text(x + 28, self.y + 52 + number * STEP, text, weight)
        self.y += high + 14

    def buttons(self, labels: list[str]) -> None:
        x = 40.0
        for label in labels:
            wide = min(width(label, 26) + 48, ROOM)
            if x + wide > 40 + ROOM and x > 40:
                x, self.y = 40.0, self.y + 66
            self.parts.append(f'<rect x="{x}" y="{self.y}" width="{wide}" height="54" rx="16" fill="#ffffff" stroke="#2f6690"/>')
            self.parts.append(
                f'<text x="{x + wide / 2}" y="{self.y + 36}" font-size="26" text-anchor="middle" fill="#12385a">{escape(label)}</text>'
            )
            x += wide + 12
        self.y += 54 + 30

    def _text(self, x: float, y: float, text: str, weight: int) -> None:
        if text[:1] in ("▲", "▼"):  # the typeface lacks them
            tip, foot = (y - 22, y - 4) if text[0] == "▲" else (y - 4, y - 22)
            self.parts.append(f'<path d="M{x} {foot}h20l-10 {tip - foot}z" fill="#1b2733"/>')
            x, text = x + 30, text[2:]
        self.parts.append(f'<text x="{x}" y="{y}" font-size="{SIZE}" font-weight="{weight}" fill="#1b2733">{escape(text)}</text>')

    def picture(self) -> bytes:
        body = "".join(self.parts)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDE}" height="{self.y + 20:.0f}" font-family="{FAMILY}">'
        back = '<rect width="100%" height="100%" fill="#dfe8ef"/>'
        return bytes(svg_to_bytes(svg_string=head + back + body + "</svg>", font_files=list(files()), skip_system_fonts=True))


def lines(message: Message) -> list[tuple[str, int]]:
    out: list[tuple[str, int]] = []
    for block in message.blocks:
        if isinstance(block, Table):
            rows = [(plain_row(row), 400) for row in block.rows]
        else:
            strong = isinstance(block, Heading) or any(isinstance(part, Strong) for part in block.words[:1])
            rows = [("".join(block.words), 600 if strong else 400)]
        out += [(piece, weight) for text, weight in rows for piece in wrap(text, ROOM - 60, SIZE, 600 if weight > 400 else 400)]
    return out


async def main() -> None:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    await load(store, DEMONSTRATION, TODAY)
    desk, before, sheet = Desk(store), Conversation(), Sheet()
    for asked in TALK:
        turn = await desk.turn(asked, before, today=TODAY)
        before = turn.after
        sheet.bubble([(asked, 400)], "#cfe7c6", right=True)
        sheet.bubble(lines(turn.answer.message), "#ffffff")
        sheet.buttons([choice.label for choice in turn.answer.message.choices[:4]])
    (Path(__file__).parent / "conversation.png").write_bytes(sheet.picture())
    await store.close()


if __name__ == "__main__":
    asyncio.run(main())
