"""From what came in to what went out: order, pace, doubt, failures of the platform, one apology for one of ours."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog.testing
from sqlalchemy import select

from bot import logs
from bot.app import run
from bot.channels import (
    Address,
    Call,
    ChatLeft,
    ChatMoved,
    Dressed,
    Event,
    Incoming,
    Joined,
    Left,
    Moved,
    Pace,
    SendFailed,
    SendUnsure,
    Take,
    Window,
)
from bot.channels.telegram import Telegram
from bot.channels.telegram.read import COMMANDS, Me, order, read
from bot.inbox import Inbox
from bot.outbox import Outbox, now_in_utc
from bot.web import listening
from db.chat_tables import inbox, outbox
from db.chats import Chats, Offer, Received
from db.engine import open_chats
from handlers.message import Choice, Message, Table, heading, line
from handlers.question import (
    Answer,
    Asking,
    Context,
    Conversation,
    Question,
    Reading,
    Turn,
    Wants,
)
from handlers.say import Say
from tests.stubs.bot_api import BotApi

pytestmark = pytest.mark.filterwarnings(
    "ignore::telegram.warnings.PTBUserWarning", "ignore::telegram.warnings.PTBDeprecationWarning"
)

# ------------------------------------------------------------ fakes with the shapes of the real ones


class Speech:
    """Says the key of a phrase in its place."""

    def __init__(self, language: str) -> None:
        self.language = language

    def text(self, key: str, **_parts: Any) -> str:
        return f"{self.language}:{key}"

    def words(self, key: str, **_parts: Any) -> tuple[str, ...]:
        return (self.text(key),)


class Counter:
    """A desk that answers with the question, the one before it, and how many it has answered."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.days: list[date] = []
        self.broken = True
        self.quick = asyncio.Event()
        """Until this is set, "đợi" has no answer."""

    async def turn(self, text: str, before: Conversation, asking: Asking) -> Turn:
        self.asked.append(text)
        self.days.append(asking.today)
        if text == "chậm":
            await asyncio.sleep(0.8)
        if text == "đợi":
            await self.quick.wait()
        if text == "lỗi":
            raise ValueError(f"the words were {text}")
        kind, language, choices = "figure", None, []
        blocks: list[Any] = [
            heading(f"«{text}»"),
            line(f"sau «{before.context.wants}»" if before.context else "đầu tiên"),
        ]
        if text == "chọn":
            kind, choices = (
                "choose",
                [Choice("Hộ nghèo", "hộ nghèo"), Choice("Việc làm", "việc làm")],
            )
        if text == "english":
            language = "en"
        if text == "dài":
            blocks += [line("chữ " * 900) for _ in range(3)]
        if text == "bảng":
            blocks.append(Table(("Chỉ tiêu", "Giao"), ((("Thất nghiệp",), ("< 3%",)),)))
        said = Message(tuple(blocks), tuple(choices))
        question = Question(Wants(kind), Reading(text=text), asking)
        return Turn(
            Answer(kind, question, said, language=language),
            Conversation(Context(wants=text), said.choices),
        )


class Paper:
    """A channel that is a list: what it is told to read it reads, and what is sent is appended to `sent`."""

    name, bot, rows, plan = "paper", "1", 20, None

    def __init__(self) -> None:
        self.sent: list[tuple[str | None, str, str, str]] = []
        self.moments: list[float] = []
        self.failures: list[tuple[str | None, Exception]] = []
        self.showing: list[str] = []
        self.under_way = 0
        self.most = 0
        self.patience = 0.0
        self.paces: dict[str, tuple[float, int]] = {}
        self.room: tuple[int, float] = (1000, 1.0)
        self.admins: set[tuple[str, str]] = set()

    async def run(self, _take: Take) -> None:
        await asyncio.Event().wait()

    async def known(self) -> None: ...

    def routes(self, _take: Take) -> Sequence[Any]:
        return []

    def healthy(self) -> bool:
        return True

    def read(self, raw: Any) -> Event | None:
        match raw:
            case {"moved": to}:
                return Moved(raw["chat"], to)
            case {"left": why}:
                return Left(raw["chat"], why)
            case {"joined": greet}:
                return Joined(raw["chat"], greet=greet)
            case {"nothing": _}:
                return None
        return Incoming(
            raw["chat"],
            **{"person": raw["chat"], **{key: raw[key] for key in raw if key != "chat"}},
        )

    def dress(self, incoming: Incoming, _say: Say, *replies: Message) -> Dressed:
        parts = [part for reply in replies for part in reply.text.split("\n")[:2]]
        offers = tuple(
            Offer(f"{incoming.message}/{each.text}", each.text, each.carried)
            for reply in replies
            for each in reply.choices
        )
        lead = (
            [Call({"text": "heard"}, apart=True, lasts=timedelta(seconds=60))]
            if incoming.pressed
            else []
        )
        return Dressed((*lead, *(Call({"text": part}) for part in parts)), offers)

    def remark(self, _incoming: Incoming, _say: Say, sentence: str) -> Dressed:
        return Dressed((Call({"text": sentence}),))

    def broadcast(self, message: Message, say: Say) -> tuple[Call, ...]:
        parts = [*message.text.split("\n"), *(image.alt for image in message.images)]
        return tuple(
            Call({"text": part, "again": f"{part} ({say.text('channel.again')})"}) for part in parts
        )

    def pace(self, chat: str) -> Pace:
        return Pace(*self.paces.get(chat, (0.0, 1)))

    def window(self) -> Window:
        return Window(*self.room)

    async def send(self, call: dict[str, Any], _data: bytes | None, to: Address) -> str:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            await asyncio.sleep(self.patience)
            for place, (chat, failure) in enumerate(self.failures):
                if chat == to.chat:
                    del self.failures[place]
                    raise failure
            text = call["again"] if to.again and "again" in call else call["text"]
            self.sent.append((to.chat, text, to.reply_to, to.edits))
            self.moments.append(asyncio.get_running_loop().time())
            return f"m{len(self.sent)}"
        finally:
            self.under_way -= 1

    async def reached(self) -> None: ...

    async def typing(self, chat: str, _topic: str) -> None:
        self.showing.append(chat)

    async def administers(self, chat: str, person: str) -> bool:
        return (chat, person) in self.admins

    async def open_to(self, name: str, person: str) -> str | None:
        return name if await self.administers(name, person) else None

    async def close(self) -> None: ...

    def to(self, chat: str) -> list[str]:
        return [text for where, text, _, _ in self.sent if where == chat]


class Bench:
    """The inbox and outbox of a channel over a real store, to be stopped and begun again."""

    def __init__(
        self, memory: Chats, channel: Any, desk: Any, clock: Callable[[], datetime] = now_in_utc
    ) -> None:
        self.memory, self.channel, self.desk, self.clock = memory, channel, desk, clock
        self._number = 0

    @asynccontextmanager
    async def working(self, *, killed: bool = False) -> AsyncIterator[None]:
        self.outbox = Outbox(self.memory, self.channel, clock=self.clock)
        self.inbox = Inbox(
            self.memory,
            self.channel,
            self.desk,
            self.outbox,
            clock=self.clock,
            say_in=Speech,  # type: ignore[arg-type]
        )
        tasks = [
            asyncio.create_task(self.inbox.run()),
            asyncio.create_task(self.outbox.run()),
            asyncio.create_task(self.channel.run(self.inbox.take)),
        ]
        try:
            yield
            if not killed:
                await asyncio.gather(self.inbox.stop(2), self.outbox.stop(2))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def say(self, text: str | None = None, chat: str = "7", **more: Any) -> None:
        self._number += 1
        raw = {"chat": chat, "text": text, "message": str(self._number), **more}
        await self.inbox.take([Received(str(self._number), chat, json.dumps(raw))])

    async def states(self, table: Any = outbox) -> list[str]:
        async with self.memory.engine.connect() as connection:
            return list(await connection.scalars(select(table.c.state).order_by(table.c.id)))


@pytest.fixture
async def memory(tmp_path: Path) -> AsyncIterator[Chats]:
    engine = await open_chats(f"sqlite+aiosqlite:///{tmp_path}/solieu.db")
    yield Chats(engine)
    await engine.dispose()


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """What is logged."""
    with structlog.testing.capture_logs() as lines:
        yield lines


def events(told: list[Any]) -> list[str]:
    return [str(each["event"]) for each in told]


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def bench(memory: Chats, paper: Paper) -> Bench:
    return Bench(memory, paper, Counter())


async def until(holds: Callable[[], Any], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - the bot does not call its tests
            await asyncio.sleep(0.01)


# ------------------------------------------------------------ answering


async def test_a_question_is_answered_and_leaned_on(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("hộ nghèo", sent_at=None)
        await bench.say("còn 2022?")
        await until(lambda: len(paper.sent) == 4)
    assert paper.sent == [
        ("7", "«hộ nghèo»", "1", ""),
        ("7", "đầu tiên", "", ""),
        ("7", "«còn 2022?»", "2", ""),
        ("7", "sau «hộ nghèo»", "", ""),
    ]
    async with bench.working():
        await bench.say("thế 2021?")
        await until(lambda: len(paper.sent) == 6)
    assert paper.to("7")[-1] == "sau «còn 2022?»"


async def test_a_chat_in_order_and_many_side_by_side(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("đợi", "slow")
        for number in range(5):
            await bench.say(str(number), "slow")
            await bench.say(str(number), f"quick{number}")
        await until(lambda: len(paper.sent) == 10)
        bench.desk.quick.set()
        await until(lambda: len(paper.sent) == 22)
    assert [text for text in paper.to("slow") if text.startswith("«")] == [
        "«đợi»",
        *(f"«{n}»" for n in range(5)),
    ]
    assert {chat for chat, *_ in paper.sent[:10]} == {f"quick{number}" for number in range(5)}
    assert paper.most <= 8


async def test_what_came_twice_is_answered_once(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        for _ in range(2):
            await bench.inbox.take(
                [Received("x", "7", json.dumps({"chat": "7", "text": "a", "message": "1"}))]
            )
        await until(lambda: len(paper.sent) == 2)
        await asyncio.sleep(0.1)
    assert bench.desk.asked == ["a"]


async def test_our_own_failure_is_apologised_for_once(
    bench: Bench, paper: Paper, told: list[Any]
) -> None:
    async with bench.working():
        await bench.say("lỗi")
        await bench.say("a")
        await until(lambda: len(paper.sent) == 3)
    assert paper.to("7")[0] == "vi:channel.sorry"
    assert await bench.states(inbox) == ["aside", "answered"]
    async with bench.working():
        await asyncio.sleep(0.1)
    assert len(paper.sent) == 3
    assert len(told) == 1
    assert "the words were" not in str(told)


async def test_an_update_that_cannot_be_read_is_put_aside(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.inbox.take([Received("?1", "", '{"unknown": 1}'), Received("?2", "", "[]")])
        await bench.say(chat="7", nothing=True)
        await bench.say("a")
        await until(lambda: len(paper.sent) == 2)
    assert await bench.states(inbox) == ["aside", "aside", "ignored", "answered"]


async def test_a_question_begun_three_times_gets_an_apology(
    bench: Bench, paper: Paper, memory: Chats
) -> None:
    ((id, _),) = await memory.receive(
        "paper", "1", [Received("x", "7", '{"chat": "7", "text": "a"}')], now_in_utc()
    )
    for _ in range(3):
        await memory.begin(id)
    async with bench.working():
        await until(lambda: paper.sent)
    assert paper.to("7") == ["vi:channel.sorry"]
    assert bench.desk.asked == []


async def test_one_whose_apology_ends_the_process_is_let_go(
    bench: Bench, paper: Paper, memory: Chats
) -> None:
    ((id, _),) = await memory.receive(
        "paper", "1", [Received("x", "7", '{"chat": "7", "text": "a"}')], now_in_utc()
    )
    for _ in range(4):
        await memory.begin(id)
    async with bench.working():
        await bench.say("b")
        await until(lambda: paper.sent)
    assert await bench.states(inbox) == ["aside", "answered"]
    assert bench.desk.asked == ["b"]


async def test_a_press_is_the_same_as_typing_its_text(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("chọn")
        await bench.say("", pressed="1/việc làm", message="77", ticket="t")
        await until(lambda: len(paper.sent) == 5)
        await bench.say("", chat="8", pressed="1/việc làm", message="78", ticket="t")
        await bench.say("", pressed="?", message="78", ticket="t")
        await until(lambda: len(paper.sent) == 7)
    assert bench.desk.asked == ["chọn", "việc làm"]
    assert (None, "heard", "", "") in paper.sent
    assert ("7", "«việc làm»", "77", "") in paper.sent
    assert paper.to("8") == ["vi:channel.outdated"]
    assert paper.to("7")[-1] == "vi:channel.outdated"


async def test_an_edited_question_edits_its_answer(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("a")
        await bench.say("b")
        await until(lambda: len(paper.sent) == 4)
        await bench.say("a2", message="1", edited=True)
        await until(lambda: len(paper.sent) == 6)
        await bench.say("c")
        await until(lambda: len(paper.sent) == 8)
        await bench.say("c2", message="4", edited=True)
        await until(lambda: len(paper.sent) == 10)
        await bench.say("d")
        await until(lambda: len(paper.sent) == 12)
    assert paper.sent[4] == ("7", "«a2»", "1", "m1")
    assert paper.sent[5][1] == "đầu tiên"
    assert (
        paper.sent[7][1] == "sau «b»"
    )  # an older question, edited, does not change what is talked of
    assert paper.sent[8] == ("7", "«c2»", "4", "m7")
    assert paper.sent[9][1] == "sau «b»"  # read against what stood before it
    assert paper.sent[11][1] == "sau «c2»"


async def test_an_edit_of_what_was_never_answered_is_a_question(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("a", message="99", edited=True)
        await until(lambda: len(paper.sent) == 2)
    assert paper.sent[0] == ("7", "«a»", "99", "")


async def test_a_chat_is_spoken_to_in_its_language(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("english")
        await bench.say(None)
        await bench.say(None, chat="8")
        await until(lambda: len(paper.sent) == 4)
    assert paper.to("7")[-1] == "en:channel.unreadable"
    assert paper.to("8") == ["vi:channel.unreadable"]


async def test_a_search_leaves_no_trace_in_the_talk(bench: Bench, paper: Paper) -> None:
    async with bench.working():
        await bench.say("chọn", searched=True, ticket="t")
        await until(lambda: len(paper.sent) == 4)
        await bench.say("", searched=True, ticket="t")
        await bench.say("a")
        await until(lambda: len(paper.sent) == 7)
    assert bench.desk.asked == ["chọn", "hộ nghèo", "việc làm", "a"]
    assert paper.to("7")[4:] == ["vi:channel.search", "«a»", "đầu tiên"]


async def test_a_search_that_nobody_waits_for_is_not_answered(
    bench: Bench, paper: Paper, memory: Chats
) -> None:
    raw = '{"chat": "7", "text": "a", "searched": true}'
    await memory.receive(
        "paper", "1", [Received("x", "7", raw)], datetime.now(UTC) - timedelta(seconds=30)
    )
    async with bench.working():
        await bench.say("b")
        await until(lambda: len(paper.sent) == 2)
    assert bench.desk.asked == ["b"]


async def test_typing_is_shown_only_in_private_and_only_when_it_takes_long(
    bench: Bench, paper: Paper
) -> None:
    async with bench.working():
        await bench.say("chậm", "private")
        await bench.say("chậm", "group", group=True)
        await bench.say("a", "quick")
        await until(lambda: len(paper.sent) == 6)
    assert paper.showing == ["private"]


async def test_today_is_the_day_on_which_it_was_asked(
    bench: Bench, paper: Paper, memory: Chats
) -> None:
    late = datetime(2024, 12, 31, 18, 0, tzinfo=UTC)  # the first of January in Viet Nam
    await memory.receive("paper", "1", [Received("x", "7", '{"chat": "7", "text": "a"}')], late)
    async with bench.working():
        await until(lambda: len(paper.sent) == 2)
    assert bench.desk.days == [date(2025, 1, 1)]


async def test_what_happens_to_a_chat(bench: Bench, paper: Paper, memory: Chats) -> None:
    async with bench.working():
        await bench.say(chat="-5", joined=True)
        await bench.say(chat="8", joined=False)
        await until(lambda: paper.sent)
        await bench.say("chọn", "-5")
        await until(lambda: len(paper.sent) == 3)
        await bench.say(chat="-5", moved="-100")
        await bench.say("b", "-100")
        await until(lambda: len(paper.sent) == 5)
        await bench.say(chat="8", left="kicked")
        await until(lambda: bench.inbox._waiting == {})
    assert paper.to("-5")[0] == "vi:channel.hello"
    assert await memory.gone("paper", "8") == "kicked"
    offer = await memory.offered("paper", "1", "-100", "3/việc làm", datetime.now(UTC))
    assert offer == Offer("3/việc làm", "việc làm")


# ------------------------------------------------------------ sending


async def test_an_answer_in_doubt_is_sent_once_more_and_never_a_third_time(
    bench: Bench, paper: Paper
) -> None:
    paper.failures = [("7", SendUnsure("timed out"))] * 3
    async with bench.working():
        await bench.say("a")
        await until(lambda: len(paper.sent) == 1)
    assert paper.to("7") == [
        "đầu tiên"
    ]  # the first part was tried twice; the second was in doubt once
    assert await bench.states() == ["unknown", "sent"]


async def test_what_surely_did_not_arrive_is_tried_until_it_does(
    bench: Bench, paper: Paper
) -> None:
    paper.failures = [("7", SendFailed("refused"))] * 2
    async with bench.working():
        await bench.say("a")
        await until(lambda: len(paper.sent) == 2)
    assert paper.to("7") == ["«a»", "đầu tiên"]
    assert await bench.states() == ["sent", "sent"]


async def test_one_chat_that_must_wait_does_not_hold_up_the_others(
    bench: Bench, paper: Paper
) -> None:
    paper.failures = [("7", SendFailed("slow down", after=3.0))]
    async with bench.working():
        began = asyncio.get_running_loop().time()
        await bench.say("a", "7")
        for number in range(10, 20):
            await bench.say("b", str(number))
        await until(lambda: len(paper.sent) == 22)
    late = [
        moment - began
        for moment, (chat, *_) in zip(paper.moments, paper.sent, strict=True)
        if chat == "7"
    ]
    others = [
        moment - began
        for moment, (chat, *_) in zip(paper.moments, paper.sent, strict=True)
        if chat != "7"
    ]
    assert late[0] >= 3.0
    assert max(others) < late[0]


async def test_a_call_refused_for_good_lets_the_next_one_pass(bench: Bench, paper: Paper) -> None:
    paper.failures = [("7", SendFailed("text too long", permanent=True))]
    async with bench.working():
        await bench.say("a")
        await until(lambda: len(paper.sent) == 1)
    assert await bench.states() == ["failed", "sent"]


async def test_a_failure_that_nobody_foresaw_counts_as_doubt(bench: Bench, paper: Paper) -> None:
    paper.failures = [("7", KeyError("x"))]
    async with bench.working():
        await bench.say("a")
        await until(lambda: len(paper.sent) == 2)
    assert await bench.states() == ["sent", "sent"]


async def test_a_person_who_shut_the_bot_out_is_remembered(
    bench: Bench, paper: Paper, memory: Chats
) -> None:
    paper.failures = [("7", ChatLeft("bot was blocked by the user"))]
    async with bench.working():
        await bench.say("a")
        await bench.say("b", "8")
        await until(lambda: len(paper.sent) == 2)
    assert await bench.states() == ["failed", "failed", "sent", "sent"]
    assert await memory.gone("paper", "7") == "bot was blocked by the user"


async def test_a_chat_that_has_moved_is_followed(bench: Bench, paper: Paper) -> None:
    paper.failures = [("-5", ChatMoved("-100"))]
    async with bench.working():
        await bench.say("a", "-5")
        await until(lambda: len(paper.sent) == 2)
    assert paper.sent == [("-100", "«a»", "", ""), ("-100", "đầu tiên", "", "")]


async def test_each_chat_has_its_pace_and_presses_have_none(bench: Bench, paper: Paper) -> None:
    paper.paces = {"7": (0.5, 2)}
    async with bench.working():
        await bench.say("chọn", "7")
        await bench.say("b", "7")
        await bench.say("", pressed="1/việc làm", message="77", ticket="t")
        await until(lambda: len(paper.sent) == 7)
    moments = [
        moment for moment, (chat, *_) in zip(paper.moments, paper.sent, strict=True) if chat == "7"
    ]
    # Two at once and one in half a second, however late each of them was: that is what a busy machine leaves true.
    assert all(later - earlier > 0.45 for earlier, later in zip(moments, moments[2:], strict=False))
    assert moments[-1] - moments[0] > 0.45 * (len(moments) - 2)
    assert [chat for chat, *_ in paper.sent].index(None) < 4


@pytest.mark.parametrize(
    ("every", "burst", "times", "took"),
    [(1.0, 3, 5, 2.0), (3.6, 3, 20, 61.2), (0.0, 1, 9, 0.0), (1.0, 1, 2, 1.0)],
)
def test_a_pace(every: float, burst: int, times: int, took: float) -> None:
    pace, now = Pace(every, burst), 100.0
    for _ in range(times):
        now += pace.wait(now)
        pace.spend(now)
    assert now - 100.0 == pytest.approx(took)


async def test_what_waited_while_the_process_was_down_is_sent_and_not_read_anew(
    bench: Bench, paper: Paper
) -> None:
    paper.patience = 30.0
    async with bench.working(killed=True):
        await bench.say("a")
        await bench.say("b")
        await until(lambda: bench.desk.asked == ["a", "b"] and paper.under_way == 1)
        await asyncio.sleep(0.1)
    assert await bench.states() == ["sending", "waiting", "waiting", "waiting"]
    paper.patience = 0.0
    async with bench.working():
        await until(lambda: len(paper.sent) == 4)
    assert bench.desk.asked == ["a", "b"]
    assert paper.to("7") == ["«a»", "đầu tiên", "«b»", "sau «a»"]


async def test_stopping_lets_what_is_in_hand_end(bench: Bench, paper: Paper) -> None:
    paper.patience = 0.2
    async with bench.working():
        await bench.say("a")
        await until(lambda: paper.under_way == 1)
        await asyncio.gather(bench.inbox.stop(2), bench.outbox.stop(2))
        assert await bench.states() == ["sent", "waiting"]


# ------------------------------------------------------------ logs


async def test_no_log_line_tells_a_secret_or_a_persons_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = "987654321:AAnobody-should_ever_see_this_token1"
    root = logging.getLogger()
    kept, level = list(root.handlers), root.level
    try:
        for json_lines in (False, True):
            logs.configure(json=json_lines, level="DEBUG", secrets=[token, "hook-secret"])
            try:
                raise RuntimeError(f"GET /bot{token} /bot{token.replace(':', '%3A')}")  # noqa: TRY301
            except RuntimeError:
                logging.getLogger("anything").exception("failed with %s", "hook-secret")
            logging.getLogger("anything").info(
                "another bot: 111222333:AAabcdefghijklmnopqrstuvwxyz0123456"
            )
            async with BotApi(token) as stub:
                telegram = Telegram(token, api_root=stub.root, patience=0.3, say_in=Speech)  # type: ignore[arg-type]
                stub.fault("sendMessage", drop="before")
                for _ in range(2):
                    with suppress(SendFailed, SendUnsure):
                        await telegram.send(
                            {"forms": [["sendMessage", {"text": "mật"}]]}, None, Address("7")
                        )
                await telegram.close()
        written = capsys.readouterr().err
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
    assert "[hidden]" in written
    assert "AAnobody" not in written
    assert "hook-secret" not in written
    assert "AAabcdef" not in written
    assert "mật" not in written


def test_where_something_failed_is_told_without_its_words() -> None:
    try:
        try:
            raise ValueError("tỷ lệ hộ nghèo")  # noqa: TRY301
        except ValueError as error:
            raise KeyError("2023") from error
    except KeyError as error:
        told = logs.where(error)
    assert told.startswith("KeyError at test_delivery.py:")
    assert "; from ValueError at test_delivery.py:" in told
    assert "2023" not in told
    assert "nghèo" not in told


# ------------------------------------------------------------ Telegram, with short patience


@asynccontextmanager
async def served(stub: BotApi, memory: Chats, **more: Any) -> AsyncIterator[tuple[Telegram, Bench]]:
    telegram = Telegram(
        stub.token,
        api_root=stub.root,
        **{"hold": 1, "patience": 0.4, "alarm": 3.0, "say_in": Speech, **more},
    )
    bench = Bench(memory, telegram, Counter())
    try:
        async with bench.working():
            yield telegram, bench
    finally:
        await telegram.close()


ME = Me(1, "So_lieu_bot")
AN = {"id": 7, "is_bot": False, "first_name": "An"}
BOT = {"id": 1, "is_bot": True, "first_name": "Số liệu", "username": "so_lieu_bot"}
HOME = {"id": 7, "type": "private", "first_name": "An"}
GROUP = {"id": -100, "type": "supergroup", "title": "Phòng"}


def update(chat: dict[str, Any] = HOME, kind: str = "message", **content: Any) -> dict[str, Any]:
    return {
        "update_id": 1,
        kind: {"message_id": 5, "date": 1711267200, "from": AN, "chat": chat, **content},
    }


def marked(text: str, part: str, type: str, **more: Any) -> dict[str, Any]:
    """A text with one part of it marked, as Telegram counts its place."""
    before = text[: text.index(part)]
    place = {
        "offset": len(before.encode("utf-16-le")) // 2,
        "length": len(part.encode("utf-16-le")) // 2,
    }
    return {"text": text, "entities": [{"type": type, **place, **more}]}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (update(text="a"), "a"),
        (update(text="a", kind="edited_message", edit_date=1711267260), "a"),
        (update(text="a", via_bot=BOT), None),
        (update(text="a", **{"from": {**AN, "is_bot": True}}), None),
        (update(caption="a", photo=[]), "a"),
        (update(kind="channel_post", text="a"), None),
        (update(pinned_message={"message_id": 3, "date": 0, "chat": HOME}), None),
        (update(**marked("/start abc", "/start", "bot_command")), "/start"),
        (
            update(**marked("/chitieu@SO_LIEU_BOT", "/chitieu@SO_LIEU_BOT", "bot_command")),
            "/chitieu",
        ),
        (
            update(**marked("hỏi 😀 @So_Lieu_bot hộ nghèo", "@So_Lieu_bot", "mention")),
            "hỏi 😀 hộ nghèo",
        ),
        (update(GROUP, text="a"), None),
        (update(GROUP, **marked("😀 @so_lieu_bot", "@so_lieu_bot", "mention")), "😀"),
        (update(GROUP, **marked("Số liệu ơi", "Số liệu", "text_mention", user=BOT)), "ơi"),
        (update(GROUP, **marked("Bình ơi", "Bình", "text_mention", user=AN)), None),
        (update(GROUP, **marked("a@so_lieu_bot.vn", "a@so_lieu_bot.vn", "email")), None),
        (update(GROUP, **marked("/hoi a", "/hoi", "bot_command")), "/hoi a"),
        (update(GROUP, **marked("/ban a", "/ban", "bot_command")), None),
        (
            update(GROUP, **marked("/ban@so_lieu_bot a", "/ban@so_lieu_bot", "bot_command")),
            "/ban a",
        ),
        (update(GROUP, **marked("/hoi@other_bot a", "/hoi@other_bot", "bot_command")), None),
        (
            update(
                GROUP,
                text="a",
                reply_to_message={"message_id": 3, "date": 0, "chat": GROUP, "from": BOT},
            ),
            "a",
        ),
        (
            update(
                GROUP,
                text="a",
                reply_to_message={"message_id": 3, "date": 0, "chat": GROUP, "from": AN},
            ),
            None,
        ),
        (
            update(
                GROUP,
                text="a",
                reply_to_message={
                    **{"message_id": 3, "date": 0, "chat": GROUP, "from": BOT},
                    "forum_topic_created": {"name": "Chủ đề", "icon_color": 1},
                },
            ),
            None,
        ),
        (update(GROUP, **marked("/hoi a", "/hoi", "bot_command"), is_automatic_forward=True), None),
        (
            {
                "update_id": 1,
                "inline_query": {"id": "9", "from": AN, "query": " hộ ", "offset": ""},
            },
            "hộ",
        ),
        (
            {
                "update_id": 1,
                "inline_query": {"id": "9", "from": AN, "query": "hộ", "offset": "50"},
            },
            None,
        ),
        ({"update_id": 1, "a_kind": "that nobody knows"}, None),
    ],
)
def test_what_an_update_asks(raw: dict[str, Any], text: str | None) -> None:
    event = read(raw, ME)
    assert (event.text if isinstance(event, Incoming) else event) == text


def test_what_an_update_tells_of_a_chat() -> None:
    def change(chat: dict[str, Any], old: str, new: str) -> Event | None:
        member = {
            "chat": chat,
            "from": AN,
            "date": 0,
            "old_chat_member": {"user": BOT, "status": old},
        }
        return read(
            {
                "my_chat_member": {**member, "new_chat_member": {"user": BOT, "status": new}},
                "update_id": 1,
            },
            ME,
        )

    assert change(GROUP, "left", "member") == Joined("-100", greet=True)
    assert change(HOME, "left", "member") == Joined("7")
    assert change({**GROUP, "type": "channel"}, "left", "member") == Joined("-100")
    assert change(GROUP, "member", "left") == Left("-100", "left")
    assert read(update(GROUP, migrate_to_chat_id=-200), ME) == read(
        update({**GROUP, "id": -200}, migrate_from_chat_id=-100), ME
    )
    in_topic = read(
        update(GROUP, message_thread_id=9, is_topic_message=True, text="/hoi", **COMMAND), ME
    )
    in_general = read(
        update(GROUP, message_thread_id=1, is_topic_message=True, text="/hoi", **COMMAND), ME
    )
    in_thread = read(update(GROUP, message_thread_id=9, text="/hoi", **COMMAND), ME)
    assert [getattr(each, "topic", None) for each in (in_topic, in_general, in_thread)] == [
        "9",
        "",
        "",
    ]


def test_which_message_of_ours_is_replied_to() -> None:
    ours = {"message_id": 3, "date": 0, "chat": GROUP, "from": BOT}
    opening = {**ours, "forum_topic_created": {"name": "Chủ đề", "icon_color": 1}}
    thread = {"message_thread_id": 3, "is_topic_message": True}
    button = {"id": "9", "from": AN, "chat_instance": "1", "data": "k"}
    replied = [
        read(raw, ME)
        for raw in (
            update(GROUP, text="a", reply_to_message=ours),
            update({**HOME}, text="a", reply_to_message={**ours, "chat": HOME}),
            update(
                GROUP, text="a", kind="edited_message", edit_date=1711267260, reply_to_message=ours
            ),
            update(
                GROUP,
                text="/hoi",
                **COMMAND,
                **thread,
                reply_to_message={**ours, **thread, "message_id": 8},
            ),
            update(GROUP, text="/hoi", **COMMAND, **thread, reply_to_message=opening),
            update(GROUP, text="/hoi", **COMMAND, reply_to_message={**ours, "from": AN}),
            update(
                GROUP, text="/hoi", **COMMAND, reply_to_message={**ours, "from": AN, "via_bot": BOT}
            ),
            update(GROUP, text="/hoi", **COMMAND),
            {"update_id": 1, "callback_query": {**button, "message": ours}},
            {
                "update_id": 1,
                "callback_query": {
                    **button,
                    "message": {"message_id": 4, "date": 0, "chat": GROUP},
                },
            },
            {"update_id": 1, "callback_query": {**button, "inline_message_id": "x"}},
        )
    ]
    assert [getattr(each, "reply_to", None) for each in replied] == [
        "3",
        "3",
        "3",
        "8",
        "",
        "",
        "",
        "",
        "3",
        "4",
        "",
    ]


COMMAND: dict[str, Any] = {"entities": [{"type": "bot_command", "offset": 0, "length": 4}]}


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        (update(GROUP, text="a"), "-100"),
        ({"callback_query": {"from": AN, "message": {"chat": GROUP}}}, "-100"),
        ({"callback_query": {"from": AN}}, "7"),
        ({"inline_query": {"from": AN}}, "7"),
        ({"message": {"chat": "?", "from": [3]}}, ""),
        ({"update_id": 3}, ""),
        ([1], ""),
        (None, ""),
    ],
)
def test_which_order_an_update_keeps(raw: Any, chat: str) -> None:
    assert order(raw) == chat


async def test_an_album_is_one_message(memory: Chats) -> None:
    async with BotApi() as stub, served(stub, memory):
        an = stub.person(7, "An")
        for number in range(3):
            photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
            stub.push_raw(
                update(
                    stub.private(an).as_json(),
                    message_id=number + 50,
                    photo=photo,
                    media_group_id="9",
                )
            )
        stub.say(stub.private(an), an, "chậm")
        await stub.wait_for(2)
        assert [sent.text.splitlines()[0] for sent in await stub.quiet(0.2)] == [
            "vi:channel.unreadable",
            "«chậm»",
        ]
        assert [call.params["action"] for call in stub.called("sendChatAction")] == ["typing"]


async def test_telegrams_limits_are_kept_without_being_told(memory: Chats) -> None:
    async with BotApi(flood=True) as stub, served(stub, memory):
        people = [stub.person(100 + number, "An") for number in range(20)]
        for number in range(4):
            for each in people[: 20 if number == 0 else 1]:
                stub.say(stub.private(each), each, str(number))
        await stub.wait_for(23)
        assert {call.status for call in stub.called("sendMessage")} == {200}


async def test_where_the_bot_speaks_and_where_it_is_silent(memory: Chats) -> None:
    async with BotApi() as stub, served(stub, memory):
        an, me = stub.person(7, "An"), "@" + stub.account.me["username"]
        home = stub.private(an)
        quiet = group = stub.group(-1_001_000_000_100, "Phòng")
        forum = stub.group(-1_001_000_000_002, "Diễn đàn", forum=True)
        thread = stub.topic(forum, an, "Chỉ tiêu")
        asked = stub.say(home, an, "hộ nghèo")
        first = await stub.wait_for(lambda sent: "«hộ nghèo»" in sent.text)
        assert (first.chat, first.reply_to, first.thread) == (home, asked.message_id, None)
        for text in ("không hỏi ai", "/ban", "/hoi@other_bot x", "@other_bot x"):
            stub.say(group, an, text)
        stub.sticker(group, an)
        stub.voice(group, an)
        stub.photo(group, an)
        for text, read in (
            (f"{me} hộ nghèo 2023", "hộ nghèo 2023"),
            (f"cho hỏi {me.upper()} hộ nghèo", "cho hỏi hộ nghèo"),
            ("/hoi hộ nghèo", "/hoi hộ nghèo"),
            (f"/HOI{me}  hộ nghèo", "/hoi hộ nghèo"),
            (f"/start{me} abc", "/start"),
        ):
            group = stub.group(group.id - 1, "Phòng khác")  # each at its own pace
            told = stub.say(group, an, text)
            sent = await stub.wait_for(
                lambda sent, told=told: sent.reply_to == told.message_id and sent.chat is told.chat
            )
            assert sent.text.splitlines()[0] == f"«{read}»"
        answered = stub.say(group, an, "còn 2022?", reply_to=sent)
        await stub.wait_for(
            lambda sent: sent.reply_to == answered.message_id and sent.chat is group
        )
        group = stub.group(group.id - 1, "Phòng khác")
        stub.photo(group, an, caption=f"{me} trong ảnh")
        await stub.wait_for(lambda sent: "«trong ảnh»" in sent.text)
        stub.say(forum, an, "không hỏi ai", thread=thread)
        in_topic = stub.say(forum, an, f"{me} trong chủ đề", thread=thread)
        sent = await stub.wait_for(
            lambda sent: sent.reply_to == in_topic.message_id and sent.chat is forum
        )
        assert sent.thread == thread
        stub.say(forum, an, f"{me} trong mục chung")
        assert (await stub.wait_for(lambda sent: "mục chung" in sent.text)).thread is None
        stub.sticker(home, an)
        stub.voice(home, an)
        stub.photo(home, an, caption="ảnh có lời")
        await stub.wait_for(lambda sent: "«ảnh có lời»" in sent.text)
        assert len([sent for sent in stub.sent if sent.text == "vi:channel.unreadable"]) == 2
        stub.say(group, an, f"{me} ẩn danh", anonymous=True)
        await stub.wait_for(lambda sent: "«ẩn danh»" in sent.text)
        assert not any("không hỏi ai" in sent.text for sent in await stub.quiet(0.2))
        assert not stub.shown(quiet)


async def test_buttons_search_edits_and_tables(memory: Chats) -> None:
    async with BotApi() as stub, served(stub, memory):
        an, binh = stub.person(7, "An"), stub.person(8, "Bình")
        group = stub.group(-1_001_000_000_001, "Phòng")
        stub.say(group, an, "/hoi chọn")
        asked = stub.say(stub.private(an), an, "chọn")
        offer = await stub.wait_for(lambda sent: sent.reply_to == asked.message_id)
        assert offer.labels == ["Hộ nghèo", "Việc làm"]
        press = stub.press(offer, "Việc làm", an)
        sent = await stub.wait_for(lambda sent: "«việc làm»" in sent.text)
        assert sent.reply_to == offer.message_id
        await stub.until(lambda: press.id in stub.answered)
        assert "text" not in stub.answered[press.id]
        old = stub.press(offer, "Hộ nghèo", an, inaccessible=True)
        await stub.wait_for(lambda sent: "«hộ nghèo»" in sent.text)
        late = stub.press(offer, "Hộ nghèo", binh)
        stub.expire(late)
        await stub.until(
            lambda: stub.called("answerCallbackQuery")[-1].status == 400 and old.id in stub.answered
        )
        forged = stub.push_raw(
            {
                "callback_query": {
                    "id": "4999",
                    "from": binh.as_json(),
                    "chat_instance": "1",
                    "data": "forged",
                    "message": {"chat": group.as_json(), "message_id": 3, "date": 0},
                }
            }
        )
        await stub.until(
            lambda: any(call.params.get("text") for call in stub.called("answerCallbackQuery"))
        )
        assert forged

        stub.inline(an, "chọn")
        await stub.until(lambda: stub.inline_answers)
        found = stub.inline_answers[0]
        assert (found.is_personal, found.cache_time) == (True, 5)
        assert [each["title"] for each in found.results] == ["«hộ nghèo»", "«việc làm»"]
        stub.inline(an, "")
        await stub.until(lambda: len(stub.inline_answers) == 2)
        assert stub.inline_answers[1].params["button"]["start_parameter"] == "inline"

        told = stub.say(stub.private(binh), binh, "bảng")
        table = await stub.wait_for(lambda sent: sent.reply_to == told.message_id)
        assert table.rich is not None
        stub.edit(told, "dài")
        edited = await stub.wait_for(lambda sent: sent.method == "editMessageText")
        assert edited.message_id == table.message_id
        await stub.wait_for(
            lambda sent: sent.chat is told.chat and sent.message_id > table.message_id
        )
        assert stub.shown(told.chat)[0].text.splitlines()[0] == "«dài»"
        before = len(stub.sent)
        stub.edit(told, "dài")
        await stub.until(lambda: any("not modified" in call.words for call in stub.calls))
        assert len(stub.sent) >= before


async def test_a_server_without_tables_gets_text_and_is_remembered(memory: Chats) -> None:
    async with BotApi(rich="absent") as stub, served(stub, memory):
        an = stub.person(7, "An")
        for number in range(2):
            stub.say(stub.private(an), an, "bảng")
            await stub.wait_for(number + 1)
        assert [sent.method for sent in stub.sent] == ["sendMessage", "sendMessage"]
        assert "• Thất nghiệp: < 3%" in stub.sent[0].text
        assert len(stub.called("sendRichMessage")) == 1


async def test_what_telegram_refuses_goes_out_plainer(memory: Chats) -> None:
    async with BotApi() as stub, served(stub, memory) as (_, bench):
        an = stub.person(7, "An")
        stub.fault("sendRichMessage", status=400, words="RICH_MESSAGE_EMPTY")
        stub.fault("sendMessage", status=400, words="can't parse entities")
        stub.say(stub.private(an), an, "bảng")
        (sent,) = await stub.wait_for(1)
        assert sent.entities == ()
        stub.block(stub.private(an), an)
        stub.say(stub.private(an), an, "a")
        await stub.until(lambda: stub.calls[-1].status == 403)
        await until(lambda: bench.inbox._waiting == {})
        assert await memory.gone("telegram", "7")
        stub.unblock(stub.private(an), an)
        stub.say(stub.private(an), an, "b")
        await stub.wait_for(2)
        assert await memory.gone("telegram", "7") is None


async def test_a_group_that_becomes_a_supergroup_is_followed(memory: Chats) -> None:
    async with BotApi() as stub, served(stub, memory):
        an = stub.person(7, "An")
        group = stub.group(-5, "Phòng")
        stub.standing(group, an, "left")
        stub.standing(group, an, "member")
        await stub.wait_for(lambda sent: sent.text == "vi:channel.hello")
        stub.fault("sendMessage", delay=0.3)
        stub.say(group, an, "/hoi a")
        new = stub.migrate(group, an, -1_001_000_000_009)
        await stub.wait_for(lambda sent: sent.chat is new and "«/hoi a»" in sent.text)
        stub.say(new, an, "/hoi b")
        sent = await stub.wait_for(lambda sent: "«/hoi b»" in sent.text)
        assert "sau «/hoi a»" in sent.text


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        ({"status": 429, "retry_after": 1}, ["sent"]),
        ({"status": 502, "html": True, "times": 2}, ["sent"]),
        ({"status": 401}, ["sent"]),
        ({"drop": "before"}, ["sent"]),
        ({"drop": "after"}, ["sent"]),
        ({"status": 200, "html": True}, ["sent"]),
        ({"silent": True}, ["sent"]),
        ({"silent": True, "times": 2}, ["unknown"]),
    ],
)
async def test_each_way_in_which_sending_fails(
    memory: Chats, fault: dict[str, Any], states: list[str]
) -> None:
    async with BotApi() as stub, served(stub, memory) as (_, bench):
        an = stub.person(7, "An")
        met = stub.fault("sendMessage", **fault)
        stub.say(stub.private(an), an, "a")
        async with asyncio.timeout(30):
            while met.used < fault.get("times", 1) or (await bench.states())[:1] != states:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        sent = await stub.quiet(0.6)
        assert await bench.states() == states
        assert met.used == fault.get("times", 1)
        assert (
            len(sent) == {"unknown": 0, "sent": 2 if fault.get("drop") == "after" else 1}[states[0]]
        )


async def test_every_way_in_which_fetching_fails_is_survived_and_said(
    memory: Chats, told: list[Any]
) -> None:
    async with BotApi() as stub, served(stub, memory) as (telegram, bench):
        an = stub.person(7, "An")
        home = stub.private(an)
        await stub.wait_for_call("getUpdates", 2)
        for fault in (
            {"status": 401},
            {"status": 404},
            {"status": 502, "html": True},
            {"status": 200, "html": True},
            {"status": 409, "words": "terminated by other getUpdates request"},
            {"drop": "before"},
            {"silent": True},
        ):
            before = len(bench.desk.asked)
            met = stub.fault("getUpdates", **fault)
            stub.say(home, an, "a")
            await until(
                lambda met=met, before=before: met.used and len(bench.desk.asked) == before + 1
            )
        stub.push_raw({"message": {"chat": "?", "from": 3}})
        stub.push_raw({"nothing": "we know"})
        repeated = stub.say(home, an, "b")
        await until(lambda: bench.desk.asked[-1] == "b")
        stub.repeat(repeated)
        stub.say(home, an, "c")
        await until(lambda: bench.desk.asked[-1] == "c")
        assert bench.desk.asked.count("b") == 1
        refused = stub.fault("getUpdates", status=401, times=3)
        await until(lambda: refused.used == 3, within=15)
        stub.say(home, an, "d")
        await until(lambda: bench.desk.asked[-1] == "d", within=15)
        assert any("Another process fetches this bot's updates" in each for each in events(told))
        assert any("Telegram refuses the bot's token" in each for each in events(told))
        assert telegram.healthy()


async def test_a_silent_network_is_noticed_said_once_and_left_behind(
    memory: Chats, told: list[Any]
) -> None:
    async with (
        BotApi() as stub,
        served(stub, memory, hold=0, patience=0.2, alarm=1.0) as (telegram, _),
    ):
        await stub.wait_for_call("getUpdates", 3)
        assert telegram.healthy()
        stub.fault("*", silent=True, times=None)
        await until(lambda: not telegram.healthy())
        await asyncio.sleep(0.6)
        assert sum("No updates can arrive from Telegram" in each for each in events(told)) == 1
        stub.heal()
        stub.say(stub.private(an := stub.person(7, "An")), an, "a")
        await stub.wait_for(1)
        assert telegram.healthy()
        assert "Telegram answers again." in events(told)


async def test_the_bot_starts_without_telegram(memory: Chats, told: list[Any]) -> None:
    async with BotApi() as stub, AsyncExitStack() as serving:
        an = stub.person(7, "An")
        async with stub.away():
            telegram, _ = await serving.enter_async_context(served(stub, memory))
            await asyncio.sleep(1.2)
            assert not telegram.healthy()
            assert events(told).count("Telegram cannot be reached yet; trying on.") == 1
        stub.say(stub.private(an), an, "a")
        await stub.wait_for(1)
        assert "Telegram answers again." in events(told)


async def test_a_database_that_another_process_has_locked_loses_nothing(memory: Chats) -> None:
    async with BotApi() as stub, served(stub, memory) as (_, bench):
        an = stub.person(7, "An")
        await stub.wait_for_call("getUpdates", 1)
        with closing(
            sqlite3.connect(
                memory.engine.url.database or "", isolation_level=None, check_same_thread=False
            )
        ) as other:
            await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
            for number in range(5):
                stub.say(stub.private(an), an, str(number))
            await asyncio.sleep(0.5)
            assert stub.pending == 5  # nothing is confirmed before it is stored
            other.execute("COMMIT")
        await stub.wait_for(5, 15)
        assert bench.desk.asked == ["0", "1", "2", "3", "4"]


async def test_deliveries_to_our_address(memory: Chats) -> None:
    async with BotApi() as stub:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        ours = f"http://127.0.0.1:{port}"
        async with served(stub, memory, public_url=ours) as (telegram, bench):
            routes = telegram.routes(bench.inbox.take)
            async with (
                listening("127.0.0.1", port, routes, {"telegram": telegram.healthy}),
                aiohttp.ClientSession() as web,
            ):
                await stub.until(lambda: stub.webhook)
                assert stub.webhook is not None
                secret = {"X-Telegram-Bot-Api-Secret-Token": stub.webhook.secret or ""}
                assert stub.webhook.url == f"{ours}/telegram/{telegram.bot}"
                assert stub.token not in secret["X-Telegram-Bot-Api-Secret-Token"]
                an = stub.person(7, "An")
                told = stub.say(stub.private(an), an, "a")
                await stub.wait_for(1)
                stub.repeat(told)
                stub.push_raw({"message": {"chat": "?"}})
                stub.say(stub.private(an), an, "b")
                await stub.wait_for(2)
                assert bench.desk.asked == ["a", "b"]
                assert {post.status for post in stub.posts} == {200}
                for headers, body, status in (
                    ({}, b"{}", 403),
                    ({"X-Telegram-Bot-Api-Secret-Token": "sai-mật"}, b"{}", 403),
                    (secret, b"not json", 200),
                    (secret, b"[1]", 200),
                    (secret, b"\xff\xfe", 200),
                    (secret, b"x" * (1024 * 1024 + 1), 413),
                ):
                    async with web.post(stub.webhook.url, data=body, headers=headers) as answer:
                        assert answer.status == status
                async with web.get(f"{ours}/healthz") as answer:
                    assert (answer.status, await answer.json()) == (200, {"telegram": True})
        assert len(stub.called("setWebhook")) == 1
        async with served(stub, memory, public_url=ours):
            await stub.wait_for_call("getWebhookInfo", 2)
            await asyncio.sleep(0.1)
            assert len(stub.called("setWebhook")) == 1
        async with served(stub, memory):
            await stub.until(lambda: not stub.webhook)
            stub.say(stub.private(an), an, "c")
            await stub.wait_for(lambda sent: "«c»" in sent.text)


async def test_the_menu_is_set_only_when_it_differs(memory: Chats) -> None:
    async with BotApi() as stub:
        stub.fault("getMyCommands", status=502)
        async with served(stub, memory, menu_pause=0.1):
            await stub.until(lambda: stub.account.short_descriptions.get("en"))
            assert [each["command"] for each in stub.account.commands["default", ""]] == list(
                COMMANDS
            )
            assert (
                stub.account.commands["default", "en"][1]["description"] == "en:channel.command.hoi"
            )
            assert stub.account.descriptions == {
                "": "vi:channel.description",
                "en": "en:channel.description",
            }
        asked = len(stub.called("getMyShortDescription"))
        async with served(stub, memory):
            await stub.wait_for_call("getMyShortDescription", asked + 2)
            await asyncio.sleep(0.1)
        assert [
            len(stub.called(f"set{what}"))
            for what in ("MyCommands", "MyDescription", "MyShortDescription")
        ] == [2, 2, 2]


async def test_a_second_process_waits_until_the_first_ends(memory: Chats) -> None:
    async with BotApi() as stub:
        bots = [Telegram(stub.token, api_root=stub.root, hold=1, say_in=Speech) for _ in range(2)]  # type: ignore[arg-type]
        first, second = (asyncio.create_task(run([each], Counter(), memory)) for each in bots)  # type: ignore[arg-type]
        an = stub.person(7, "An")
        stub.say(stub.private(an), an, "a")
        await stub.wait_for(1)
        assert len(stub.called("getMe")) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await stub.wait_for_call("getMe", 2)
        stub.say(stub.private(an), an, "b")
        await stub.wait_for(2)
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)
        assert not any("409" in str(call.status) for call in stub.calls)
        for each in bots:
            await each.close()


async def test_what_fails_by_itself_for_a_day_keeps_nobody_waiting_behind_it(memory: Chats) -> None:
    clock = [datetime(2024, 3, 24, 8, 0, tzinfo=UTC)]
    paper = Paper()
    bench = Bench(memory, paper, Counter(), lambda: clock[0])
    async with bench.working():
        await bench.say("b", "8")
        await until(lambda: len(paper.to("8")) == 2)
        paper.failures = [("7", SendFailed("refused"))] * 3
        await bench.say("a", "7")
        await until(lambda: len(paper.failures) == 2)
        clock[0] += timedelta(days=1, minutes=1)
        await until(lambda: paper.failures == [])
        await bench.say("c", "7")
        await until(lambda: len(paper.to("7")) == 2)
    assert paper.to("7")[0] == "«c»"
    assert (await bench.states()).count("failed") == 2


async def test_what_waited_through_a_long_silence_is_not_given_up_at_the_first_stumble_after_it(
    memory: Chats,
) -> None:
    clock = [datetime(2024, 3, 24, 8, 0, tzinfo=UTC)]
    paper = Paper()
    bench = Bench(memory, paper, Counter(), lambda: clock[0])
    async with bench.working():
        paper.failures = [("7", SendFailed("refused"))]
        await bench.say("a", "7")
        await until(lambda: paper.failures == [])
        await bench.say("b", "8")
        await until(lambda: len(paper.sent) == 4)
        assert paper.to("7")[0] == "«a»"
    async with bench.working(killed=True):
        paper.patience = 30.0
        await bench.say("c", "7")
        await until(lambda: paper.under_way == 1)
    clock[0] += timedelta(days=3)  # nobody was there for so long
    paper.patience, paper.under_way = 0.0, 0
    paper.failures = [("7", SendFailed("refused"))]
    async with bench.working():
        await bench.say("d", "8")
        await until(lambda: paper.failures == [] and len(paper.to("7")) == 4)
    assert "failed" not in await bench.states()
