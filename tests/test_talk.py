"""Whose talk a question goes on with: that of the message replied to, one's own, the topic's, or none any more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels import Call, Dressed, Incoming
from bot.inbox import STALE
from db.chats import Chats, Offer
from db.engine import open_chats
from db.store import Store
from handlers.desk import Desk
from handlers.message import Message
from handlers.say import Say
from tests.test_delivery import Bench, Paper, until

POVERTY = "tỷ lệ hộ nghèo 2023"
LEANS = "Theo câu trước: Tỷ lệ hộ nghèo"
ASKS = "Xin lỗi, tôi chưa hiểu câu này."
SECOND = "Chỉ tiêu năm 2023"  # what the second button under the answer to POVERTY asks for


class Sheet(Paper):
    """A channel that is a list, with each answer as one message, and buttons known by the number of the answer."""

    dressed = 0

    def dress(self, _incoming: Incoming, _say: Say, *replies: Message) -> Dressed:
        self.dressed += 1
        offers = tuple(
            Offer(f"{self.dressed}/{each.text}", each.text, each.carried)
            for reply in replies
            for each in reply.choices
        )
        return Dressed(tuple(Call({"text": reply.text}) for reply in replies), offers)


class Room:
    """People, the bot over the demonstration, and a clock that stands until it is moved."""

    def __init__(self, memory: Chats, store: Store) -> None:
        self.now = datetime(2024, 3, 24, 1, 0, tzinfo=UTC)
        self.paper = Sheet()
        self.bench = Bench(memory, self.paper, Desk(store), self.clock)

    def clock(self) -> datetime:
        return self.now

    async def ask(self, person: str, text: str, chat: str = "-5", **more: Any) -> str:
        """The answer; the clock moves on by a second, and whoever writes in a chat of another name is in a group."""
        self.now += timedelta(seconds=1)
        before = len(self.paper.sent)
        await self.bench.say(text, chat, person=person, group=chat.startswith("-"), **more)
        await until(lambda: len(self.paper.sent) > before and not self.bench.inbox._waiting)
        await until(lambda: not any(line.busy for line in self.bench.outbox._lines.values()))
        (sent,) = self.paper.sent[before:]
        return sent[1]

    @property
    def last(self) -> str:
        """The id of the newest answer."""
        return f"m{len(self.paper.sent)}"


@pytest.fixture
async def room(tmp_path: Path, demo_store: Store) -> AsyncIterator[Room]:
    engine = await open_chats(f"sqlite+aiosqlite:///{tmp_path}/solieu.db")
    yield Room(Chats(engine), demo_store)
    await engine.dispose()


def figure(answer: str) -> str:
    return answer.splitlines()[1]


async def test_a_group_talks_of_one_thing(room: Room) -> None:
    async with room.bench.working():
        assert figure(await room.ask("Lan", POVERTY)) == "3,02%"
        replied = await room.ask("Minh", "còn 2022?", reply_to=room.last)
        assert (figure(replied), LEANS in replied) == ("4,35%", True)
        joined = await room.ask("Hoa", "còn 2022?")
        assert (figure(joined), LEANS in joined) == ("4,35%", True)
        asked_on = await room.ask("Lan", "còn 2022?")
        assert (figure(asked_on), LEANS in asked_on) == ("4,35%", True)
        assert (await room.ask("Hoa", "thất nghiệp 2023")).startswith("Tỷ lệ thất nghiệp")
        assert LEANS in await room.ask("Lan", "còn 2022?")  # her own, whatever Hoa spoke of since


async def test_a_restart_changes_nothing(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY)
    first = room.last
    async with room.bench.working():
        assert figure(await room.ask("Hoa", "còn 2022?")) == "4,35%"
        await room.ask("Lan", "thất nghiệp 2023")
    async with room.bench.working():
        assert figure(await room.ask("Hoa", "còn 2023?")) == "3,02%"
        assert figure(await room.ask("Lan", "còn 2022?", reply_to=first)) == "4,35%"


async def test_a_talk_goes_stale(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY)
        first = room.last
        room.now += STALE - timedelta(seconds=2)
        assert figure(await room.ask("Hoa", "còn 2022?")) == "4,35%"
        room.now += timedelta(hours=13)
        for person in ("Hoa", "Lan", "Minh"):
            assert (await room.ask(person, "còn 2022?")).startswith(ASKS)
        # A reply points at what it means, however old that is.
        assert figure(await room.ask("Hoa", "còn 2022?", reply_to=first)) == "4,35%"
        await room.ask("7", POVERTY, "7")
        room.now += timedelta(hours=13)
        assert (await room.ask("7", "còn 2022?", "7")).startswith(ASKS)


async def test_what_was_offered_goes_stale_with_its_talk(room: Room) -> None:
    async with room.bench.working():
        await room.ask("7", POVERTY, "7")
        assert (await room.ask("7", "2", "7")).startswith(SECOND)
        await room.ask("7", POVERTY, "7")
        first = room.last
        room.now += timedelta(hours=13)
        assert (await room.ask("7", "2", "7")).startswith("Xin lỗi, tôi chưa hiểu câu này.")
        assert (await room.ask("7", "2", "7", reply_to=first)).startswith(SECOND)


async def test_a_question_that_waited_long_is_judged_by_when_it_was_asked(room: Room) -> None:
    async with room.bench.working():
        await room.ask("7", POVERTY, "7")
        asked_at = room.now + timedelta(minutes=5)
    room.paper.read = _sent_at(asked_at, room.paper.read)  # type: ignore[method-assign]
    room.now += timedelta(hours=20)
    async with room.bench.working():
        assert figure(await room.ask("7", "còn 2022?", "7")) == "4,35%"


async def test_topics_and_chats_are_apart(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY, topic="3")
        assert (await room.ask("Hoa", "còn 2022?")).startswith(ASKS)
        assert (await room.ask("Hoa", "còn 2022?", topic="4")).startswith(ASKS)
        assert (await room.ask("Hoa", "còn 2022?", "-6")).startswith(ASKS)
        assert (await room.ask("Lan", "còn 2022?", "Lan")).startswith(ASKS)
        assert figure(await room.ask("Hoa", "còn 2022?", topic="3")) == "4,35%"


async def test_nobody_in_private_takes_the_talk_of_another(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY, "7")
        assert (await room.ask("Hoa", "còn 2022?", "7")).startswith(ASKS)


async def test_a_reply_to_what_is_unknown_is_a_question_like_another(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY)
        assert figure(await room.ask("Lan", "còn 2022?", reply_to="m77")) == "4,35%"
        assert figure(await room.ask("Hoa", "còn 2022?", reply_to="m77")) == "4,35%"


async def test_who_only_greeted_takes_the_topics_talk(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Tú", "xin chào", "-6")
        await room.ask("Lan", POVERTY, "-6")
        assert figure(await room.ask("Tú", "còn 2022?", "-6")) == "4,35%"


async def test_a_number_picks_from_what_the_group_was_offered_last(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Hoa", "đào tạo nghề 2022")
        await room.ask("Lan", POVERTY)
        assert (await room.ask("Hoa", "2")).startswith(SECOND)
        assert figure(await room.ask("Hoa", "còn tỷ lệ hộ nghèo 2022?")) == "4,35%"


async def test_a_press_goes_on_from_its_message(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY)
        first, key = room.last, "1/Tỷ lệ hộ nghèo qua các năm"
        await room.ask("Lan", "thất nghiệp 2023")
        pressed = await room.ask("Minh", "", pressed=key, message=first, reply_to=first)
        assert "4,35%" in pressed
        assert figure(await room.ask("Minh", "còn 2022?")) == "4,35%"


async def test_a_long_answer_is_looked_through_by_its_button_and_by_words(room: Room) -> None:
    async with room.bench.working():
        assert "Trang 1/2" in await room.ask("Lan", "tổng hợp 2023")
        first, key = room.last, "1/Tổng hợp số liệu năm 2023 trang 2"
        await room.ask("Lan", "thất nghiệp 2023")
        assert "Trang 2/2" in await room.ask("Minh", "", pressed=key, message=first, reply_to=first)
    async with room.bench.working():
        assert (await room.ask("Minh", "còn nữa không")).startswith("Đã hết")
        assert "Trang 2/2" in await room.ask("Hoa", "xem tiếp", reply_to=first)
        assert "Không còn phần nào" in await room.ask(
            "Lan", "xem tiếp"
        )  # she spoke of one figure since


async def test_an_edited_question_starts_from_where_it_did(room: Room) -> None:
    async with room.bench.working():
        await room.ask("Lan", POVERTY)
        first = room.last
        await room.ask("Lan", "thất nghiệp 2023")
        await room.ask("Minh", "còn 2022?", reply_to=first)
        third = room.last
        edited = await room.ask("Minh", "còn 2023?", message="3", edited=True, reply_to=first)
        assert (figure(edited), LEANS in edited) == ("3,02%", True)
        assert room.paper.sent[-1][3] == third
        # An older question, edited, is not what its asker talks of; a reply to its answer means what that says now.
        await room.ask("Lan", POVERTY, message="1", edited=True)
        edit = room.last
        assert figure(await room.ask("Lan", "còn 2022?")).startswith("Tỷ lệ thất nghiệp")
        assert figure(await room.ask("Lan", "còn 2022?", reply_to=edit)) == "4,35%"


def _sent_at(moment: datetime, read: Any) -> Any:
    def with_moment(raw: Any) -> Any:
        return read({**raw, "sent_at": moment})

    return with_moment
