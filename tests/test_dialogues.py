"""Dialogues promise behaviour: the whole product over a real SQLite in memory, on a fixed day.

A line beginning with "> " is typed; the lines after it must be in the reply, in their order. A line beginning with "!"
must not be in it; "[…]" names a choice that is offered. "@ today 2025-01-15" sets the day, "@ person" and "@ new" the talk;
"@ catalogue hai-tinh" takes that folder of catalogues instead of the demonstration, "@ home" sets the home region;
"@ rows 5" is how many rows of a list fit a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from db.importer import DEMONSTRATION, load
from db.store import Store
from db.subscriptions import Notebook
from handlers.demonstrating import demonstration_loans
from handlers.desk import Desk
from handlers.lending import lend
from handlers.question import Answer, Asking, Conversation

CATALOGUES = Path(__file__).parent / "catalogues"
DIALOGUES = sorted((Path(__file__).parent / "dialogues").glob("*.txt"))


@dataclass
class Said:
    number: int
    text: str
    today: date
    talk: str
    rows: int | None
    wanted: list[str] = field(default_factory=list)


def lines(path: Path) -> list[Said]:
    today, talk, out, rows = date(2024, 3, 24), "", [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@ today "):
            today = date.fromisoformat(line.removeprefix("@ today "))
        elif line.startswith("@ rows "):
            rows = int(line.removeprefix("@ rows "))
        elif line.startswith("@ new"):
            talk = str(number)
        elif line.startswith("> "):
            out.append(Said(number, line.removeprefix("> "), today, talk, rows))
        elif line.strip() and not line.startswith(("#", "@ ")):
            out[-1].wanted.append(line.strip())
    return out


def settings(path: Path) -> dict[str, str]:
    """What a file of dialogues says of itself: its catalogue, its home region."""
    told = [
        line.removeprefix("@ ").split(" ", 1)
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("@ ")
    ]
    return {each[0]: each[1] for each in told if len(each) > 1}


def check(said: Said, answer: Answer) -> None:
    reply = answer.message.text
    choices = [choice.label for choice in answer.message.choices]
    place = 0
    for wanted in said.wanted:
        where = f"line {said.number}: > {said.text}\n{reply}\n{choices}"
        if wanted.startswith("!"):
            assert wanted.removeprefix("!").strip() not in reply, where
        elif wanted.startswith("[") and wanted.endswith("]"):
            assert wanted[1:-1] in choices, where
        elif wanted.startswith("kind: "):
            assert answer.kind in wanted.removeprefix("kind: ").split(" | "), where
        else:
            found = reply.find(wanted, place)
            assert found >= 0, f"wanted: {wanted}\n{where}"
            place = found


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
async def test_dialogue(path: Path, store: Store) -> None:
    told = settings(path)
    folder = CATALOGUES / told["catalogue"] if "catalogue" in told else DEMONSTRATION
    await load(store, folder, date(2024, 3, 24))
    if folder == DEMONSTRATION:
        await lend(store, demonstration_loans)
    desk = Desk(store, told.get("home"))
    talks: dict[str, Conversation] = {}
    books: dict[str, Notebook] = {}
    for said in lines(path):
        book = books.setdefault(said.talk, Notebook())
        turn = await desk.turn(
            said.text,
            talks.get(said.talk, Conversation()),
            Asking(said.today, rows=said.rows, book=book),
        )
        talks[said.talk] = turn.after
        check(said, turn.answer)
        for choice in turn.answer.message.choices:  # a choice leads somewhere
            led = await desk.turn(choice.text, Conversation(), Asking(said.today))
            nowhere = {"not_understood", "no_data"}
            if choice.indicator:  # asked back, for a period and a place that may have nothing
                nowhere -= {"no_data"}
            assert led.answer.kind not in nowhere, (
                f"{said.text} offers {choice.label}: {choice.text} → {led.answer.kind}"
            )
