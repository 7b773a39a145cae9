"""The dialogues once more, through the Zalo channel and over HTTP: the same words on the first page, choices by number."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from bot.channels.zalo import Zalo
from bot.channels.zalo.dress import NUMBERED, TEXT
from bot.inbox import Inbox
from bot.outbox import Outbox
from db.chats import Chats
from db.engine import open_chats
from db.importer import DEMONSTRATION, load
from db.store import Store
from db.subscriptions import Notebook
from handlers.demonstrating import demonstration_loans
from handlers.desk import Desk
from handlers.lending import lend
from handlers.question import Answer, Asking, Conversation, Turn
from handlers.say import say_in
from tests.stubs.zalo import Person, Sent, ZaloApi
from tests.test_dialogues import CATALOGUES, DIALOGUES, Said, lines, settings

VIET_NAM = timezone(timedelta(hours=7))
HINTS = tuple(say_in(language).text("channel.numbers") for language in ("vi", "en"))
NUMBER = re.compile(r"(\d)\. (.+)")


class Witness(Desk):
    """The desk, which keeps what it answered last, and answers with as many rows as a dialogue asks for."""

    rows: int | None = None
    last: Answer

    async def turn(self, text: str, before: Conversation, asking: Asking) -> Turn:
        turn = await super().turn(text, before, replace(asking, rows=self.rows or asking.rows))
        self.last = turn.answer
        return turn


class Talks:
    """The bot on Zalo over one store, on a day that is set, and people who talk with it."""

    def __init__(self, stub: ZaloApi, desk: Witness) -> None:
        self.stub = stub
        self.desk = desk
        self.now = datetime(2024, 3, 24, 12, 0, tzinfo=VIET_NAM)
        self._people: dict[str, Person] = {}

    async def say(self, talk: str, text: str) -> list[Sent]:
        """What a person is sent in answer."""
        person = self._people.setdefault(talk, self.stub.person(f"{len(self._people):020x}", "Lan"))
        before = len(self.stub.sent)
        self.stub.say(self.stub.private(person), person, text, at=self.now)
        await self.stub.wait_for(before + 1)
        wanted = len(self.desk.last.message.choices[:NUMBERED])
        # A long answer comes in several messages: all the numbers must be there.
        await self.stub.until(
            lambda: len(words(self.stub.sent[before:], self.desk.last)[1]) == wanted
        )
        return self.stub.sent[before:]


@asynccontextmanager
async def talks(store: Store, home: str | None, folder: Path) -> AsyncIterator[Talks]:
    engine = await open_chats(f"sqlite:///{folder}/chats.db")
    async with ZaloApi() as stub:
        here = Talks(stub, Witness(store, home))
        memory = Chats(engine)
        zalo = Zalo(
            stub.token,
            api_root=stub.root,
            hold=1,
            floor=0.01,
            every=0.01,
            limit=1000,
            clock=lambda: here.now,
        )
        outbox = Outbox(memory, zalo, clock=lambda: here.now)
        inbox = Inbox(memory, zalo, here.desk, outbox, clock=lambda: here.now)
        work = [
            asyncio.create_task(each) for each in (zalo.run(inbox.take), inbox.run(), outbox.run())
        ]
        try:
            yield here
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await zalo.close()
    await engine.dispose()


def words(sent: list[Sent], answer: Answer) -> tuple[str, list[str]]:
    """The answer's own words, and the labels behind the numbers: those that its words list are numbered there."""
    text = "\n".join(each.text for each in sent)
    for image in answer.message.images:  # words that stand for a picture
        text = text.replace(f"\n{image.alt}", "")
    hint = next((hint for hint in HINTS if text.endswith(hint)), "")
    written = set(answer.message.text.split("\n"))
    numbers: dict[int, str] = {}
    said: list[str] = []
    for row in text.removesuffix(hint).rstrip("\n").split("\n"):
        found = NUMBER.fullmatch(row)
        fitting = [
            each.label
            for each in answer.message.choices
            if found and found[2].startswith(each.label)
        ]
        label = max(fitting, key=len, default=None)
        if found is None or label is None:
            said.append(row)
            continue
        numbers[int(found[1])] = label
        said += [each for each in (f"• {found[2]}", found[2]) if each in written][:1]
    return "\n".join(said).rstrip("\n"), [numbers[number] for number in sorted(numbers)]


def check(said: Said, text: str, labels: list[str], whole: str) -> None:
    """A dialogue's promises, of which those on later pages must be in the whole answer."""
    place = 0
    for wanted in said.wanted:
        where = f"line {said.number}: > {said.text}\n{text}\n{labels}"
        if wanted.startswith("!"):
            assert wanted.removeprefix("!").strip() not in text, where
        elif wanted.startswith("[") and wanted.endswith("]"):
            assert wanted[1:-1] in labels, where
        elif not wanted.startswith("kind: "):
            found = text.find(wanted, place)
            assert found >= 0 or (wanted in whole and whole != text), f"wanted: {wanted}\n{where}"
            place = max(place, found)


@pytest.mark.parametrize("path", DIALOGUES, ids=lambda path: path.stem)
async def test_a_dialogue_on_zalo(path: Path, store: Store, tmp_path: Path) -> None:
    told = settings(path)
    folder = CATALOGUES / told["catalogue"] if "catalogue" in told else DEMONSTRATION
    await load(store, folder, date(2024, 3, 24))
    if folder == DEMONSTRATION:
        await lend(store, demonstration_loans)
    desk = Desk(store, told.get("home"))
    before: dict[str, Conversation] = {}
    books: dict[str, Notebook] = {}
    async with talks(store, told.get("home"), tmp_path) as here:
        for said in lines(path):
            here.now = datetime.combine(said.today, time(12), VIET_NAM)
            here.desk.rows = said.rows
            sent = await here.say(said.talk, said.text)
            answer = here.desk.last
            text, labels = words(sent, answer)
            assert all(len(each.text.encode("utf-16-le")) <= 2 * TEXT for each in sent)
            assert text == answer.message.text  # no word more or less than the desk's
            assert labels == [choice.label for choice in answer.message.choices[:NUMBERED]]
            book = books.setdefault(said.talk, Notebook())
            talk = before.get(said.talk, Conversation())
            whole = await desk.turn(said.text, talk, Asking(said.today, rows=said.rows, book=book))
            before[said.talk] = whole.after
            assert answer.kind == whole.answer.kind
            check(said, text, labels, whole.answer.message.text)


async def test_a_choice_is_reached_by_its_number_and_by_its_words(
    demo_store: Store, tmp_path: Path
) -> None:
    async with talks(demo_store, None, tmp_path) as here:
        sent = await here.say("a", "ty le ho ngheo 2023")
        _, labels = words(sent, here.desk.last)
        answers = set()
        for picked in ("2", "số 2", "2.", "so 2", labels[1]):
            await here.say(picked, "ty le ho ngheo 2023")
            sent = await here.say(picked, picked)
            answers.add(words(sent, here.desk.last)[0])
        (answer,) = answers
        assert answer.startswith("Chỉ tiêu năm 2023")
        assert here.desk.last.kind == "targets"
        await here.say("b", "ty le ho ngheo 2023")
        await here.say("b", "2022")  # a year is a question
        assert {figure.period.start.year for figure in here.desk.last.figures} >= {2022}
