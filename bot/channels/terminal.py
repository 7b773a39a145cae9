"""The terminal: a chat to type into, and answers printed for one question or many."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
from typing import IO, Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bot.contract import printed
from handlers.desk import Desk
from handlers.message import Bad, Good, Heading, Line, Message, Note, Strong, Table, Weak, Words
from handlers.question import Answer, Conversation, Question, Reading
from handlers.say import say_in

_STYLES: dict[type[str], str] = {Strong: "bold", Good: "green", Bad: "red", Weak: "dim"}


def show(message: Message, console: Console, *, numbered: bool = False) -> None:
    """Prints a message; with `numbered`, the choices follow as lines to pick from by number."""
    for block in message.blocks:
        match block:
            case Heading(words):
                console.print(styled(words, "bold"))
            case Line(words):
                console.print(styled(words))
            case Note(words):
                console.print(styled(words, "dim"))
            case Table():
                console.print(_table(block))
    if numbered and message.choices:
        console.print()
        for number, choice in enumerate(message.choices[:9], 1):
            console.print(Text.assemble((f" {number}. ", "cyan"), choice.label))


def styled(words: Words, style: str = "") -> Text:
    text = Text(style=style)
    for part in words:
        text.append(str(part), _STYLES.get(type(part), ""))
    return text


def _table(table: Table) -> RichTable:
    drawn = RichTable(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for number, title in enumerate(table.header):
        drawn.add_column(title, overflow="fold", ratio=None if number else 3)
    for row in table.rows:
        drawn.add_row(*(styled(cell) for cell in row))
    return drawn


class Terminal:
    """One person at a keyboard, or a file of questions; what is remembered lasts as long as the process."""

    def __init__(self, desk: Desk, *, today: date, as_of: date | None = None) -> None:
        self._desk = desk
        self._today = today
        self._as_of = as_of
        self._talks: dict[tuple[str, str, str], Conversation] = {}

    async def answer(self, text: str, key: tuple[str, str, str] = ("", "", ""), today: date | None = None) -> Answer:
        """Answers one message of a talk."""
        turn = await self._desk.turn(text, self._talks.get(key, Conversation()), today=today or self._today, as_of=self._as_of)
        self._talks[key] = turn.after
        return turn.answer

    async def ask(self, text: str, *, as_json: bool, out: IO[str]) -> None:
        """One question, one answer."""
        answer = await self.answer(text)
        if as_json:
            out.write(json.dumps(printed(answer), ensure_ascii=False) + "\n")
        elif out.isatty():
            show(answer.message, Console(file=out, highlight=False))
        else:
            out.write(answer.message.text + "\n")

    async def ask_lines(self, lines: Iterable[bytes], *, out: IO[str], problems: IO[str]) -> None:
        """One JSON object in, one out, in order; a line that is none is answered too, and named on `problems`."""
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            text, key, today = "", (f"line {number}", "", ""), None
            try:
                row = json.loads(line)
                text, key, today = _row(row, number)
            except (ValueError, TypeError, RecursionError) as error:
                problems.write(say_in("vi").text("ask.bad_line", line=str(number), why=str(error)[:200]) + "\n")
            try:
                answer = await self.answer(text, key, today)
            except Exception as error:
                problems.write(f"{number}: {type(error).__name__}: {error}\n")
                answer = sorry(text, self._today)
            out.write(json.dumps(printed(answer), ensure_ascii=False) + "\n")
            out.flush()

    async def chat(self, console: Console, read: Any = None) -> None:
        """A talk at the keyboard until it is closed; an empty line is passed over."""
        say = say_in("vi")
        show((await self.answer("xin chào")).message, console, numbered=True)
        console.print(Text(say.text("chat.leave"), style="dim"))
        while True:
            try:
                text = (read or input)("\n› ")
            except (EOFError, KeyboardInterrupt):
                console.print()
                return
            if text.strip().casefold() in ("thoát", "thoat", "exit", "quit", "/thoat", "/quit"):
                return
            if not text.strip():
                continue
            try:
                answer = await self.answer(text)
            except Exception as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
                answer = sorry(text, self._today)
            show(answer.message, console, numbered=True)


def sorry(text: str, today: date) -> Answer:
    """What a person is told when answering failed through no fault of hers."""
    from handlers.message import line, message  # noqa: PLC0415

    question = Question(wants="not_understood", reading=Reading(text=text), today=today)
    return Answer("not_understood", question, message(line(say_in("vi").text("sorry.failed"))))


def _row(row: Any, number: int) -> tuple[str, tuple[str, str, str], date | None]:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise TypeError('an object with a "text" is wanted')
    today = date.fromisoformat(row["today"]) if row.get("today") else None
    chat = row.get("chat", f"line {number}")
    return row["text"], (str(chat), str(row.get("topic") or ""), str(row.get("person") or "")), today
