"""The terminal: a chat to type into, and answers printed for one question or many."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import IO

from bot.contract import printed
from db.subscriptions import Notebook
from handlers.desk import Desk
from handlers.message import Image, line, message
from handlers.question import Answer, Asking, Conversation, Question, Reading, Wants
from handlers.say import say_in

SAVING = ("lưu", "luu", "lưu ảnh", "luu anh", "save")
ROWS = 20
"""How many rows of a list are shown at once in a talk; a question asked from a script gets them
all.
"""
LEAVING = ("thoát", "thoat", "exit", "quit", "/thoat", "/quit")


class Terminal:
    """One person at a keyboard, or a file of questions; what is remembered lasts as long as the
    process.
    """

    def __init__(
        self,
        desk: Desk,
        *,
        today: date,
        as_of: date | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """`clock` says when something is asked: without one, at noon of today."""
        self._desk = desk
        self._today = today
        self._as_of = as_of
        self._clock = clock
        self._talks: dict[tuple[str, str, str], Conversation] = {}
        self._books: dict[tuple[str, str], Notebook] = {}

    async def answer(
        self,
        text: str,
        key: tuple[str, str, str] = ("", "", ""),
        today: date | None = None,
        rows: int | None = None,
    ) -> Answer:
        """Answers one message of a talk; with `rows`, a long list in pages."""
        turn = await self._desk.turn(
            text,
            self._talks.get(key, Conversation()),
            Asking(
                today=today or self._today,
                as_of=self._as_of,
                rows=rows,
                book=self._books.setdefault(key[:2], Notebook()),
                now=self._clock() if self._clock and not today else None,
            ),
        )
        self._talks[key] = turn.after
        return turn.answer

    async def ask(self, text: str, *, as_json: bool, out: IO[str]) -> None:
        """One question, one answer."""
        answer = await self.answer(text)
        if as_json:
            out.write(json.dumps(printed(answer), ensure_ascii=False) + "\n")
        elif out.isatty():
            from bot.channels.screen import Screen  # noqa: PLC0415 - drawing costs time that a script need not spend

            Screen(out).show(answer.message)
        else:
            out.write(answer.message.text + "\n")

    async def ask_lines(self, lines: Iterable[bytes], *, out: IO[str], problems: IO[str]) -> bool:
        """One JSON object in, one out, in order; a line that is none is answered too, and named on
        `problems`.

        Returns whether every line was a question and was answered.
        """
        say, whole = say_in("vi"), True
        for number, given in enumerate(lines, 1):
            if not given.strip():
                continue
            text, key, today = "", (f"line {number}", "", ""), None
            try:
                text, key, today = _row(given, number)
            except BadLine as bad:
                whole = False
                why = say.text(f"ask.bad_line.{bad.wrong}", column=str(bad.column))
                problems.write(say.text("ask.bad_line", line=str(number), why=why) + "\n")
            try:
                answer = await self.answer(text, key, today)
            except Exception as error:
                whole = False
                problems.write(
                    say.text(
                        "ask.failed_line", line=str(number), why=f"{type(error).__name__}: {error}"
                    )
                    + "\n"
                )
                answer = sorry(text, self._today)
            out.write(json.dumps(printed(answer), ensure_ascii=False) + "\n")
            out.flush()
        return whole

    async def chat(self, read: Callable[[str], str] = input) -> None:
        """A talk at the keyboard until it is closed; an empty line is passed over."""
        from bot.channels.screen import Screen  # noqa: PLC0415

        say, screen = say_in("vi"), Screen(sys.stdout)
        screen.show((await self.answer("xin chào")).message, numbered=True)
        screen.aside(say.text("chat.leave"))
        pictures: tuple[Image, ...] = ()
        while True:
            try:
                text = read("\n› ")
            except (EOFError, KeyboardInterrupt):
                print()
                return
            if text.strip().casefold() in LEAVING:
                return
            if not text.strip():
                continue
            if pictures and text.strip().casefold() in SAVING:
                for path in saved(pictures, Path.cwd()):
                    screen.aside(say.text("chat.saved", path=str(path)))
                continue
            try:
                answer = await self.answer(text, rows=ROWS)
            except Exception as error:
                print(f"{type(error).__name__}: {error}", file=sys.stderr)
                answer = sorry(text, self._today)
            screen.show(answer.message, numbered=True)
            pictures = answer.message.images
            if pictures:
                screen.aside(say.text("chat.save"))


def saved(pictures: tuple[Image, ...], folder: Path) -> list[Path]:
    """Writes pictures to a folder under names that are free, and gives their paths."""
    paths: list[Path] = []
    for picture in pictures:
        names = (folder / f"solieu-{number}.png" for number in itertools.count(1))
        path = next(each for each in names if not each.exists())
        path.write_bytes(picture.data)
        paths.append(path)
    return paths


def sorry(text: str, today: date) -> Answer:
    """What a person is told when answering failed through no fault of hers."""
    question = Question(
        wants=Wants.NOT_UNDERSTOOD, reading=Reading(text=text), asking=Asking(today)
    )
    return Answer("not_understood", question, message(line(say_in("vi").text("sorry.failed"))))


class BadLine(Exception):
    """A line that is no question. `wrong` is what of it: json (at `column`), text or today."""

    def __init__(self, wrong: str, column: int = 0) -> None:
        super().__init__(wrong)
        self.wrong = wrong
        self.column = column


def _row(given: bytes, number: int) -> tuple[str, tuple[str, str, str], date | None]:
    """The text of a line, the talk it belongs to, and its day.

    Raises:
        BadLine: it is no question.
    """
    try:
        row = json.loads(given)
    except json.JSONDecodeError as error:
        raise BadLine("json", error.colno) from error
    except (ValueError, RecursionError) as error:
        raise BadLine("json", 1) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BadLine("text")
    try:
        today = date.fromisoformat(row["today"]) if row.get("today") else None
    except (ValueError, TypeError) as error:
        raise BadLine("today") from error
    chat = row.get("chat", f"line {number}")
    return (
        row["text"],
        (str(chat), str(row.get("topic") or ""), str(row.get("person") or "")),
        today,
    )
