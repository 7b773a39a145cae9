"""A broadcast by the real process over real HTTP: killed, doubled, refused and cut off, and each part arrives once."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.telegram import Telegram
from bot.outbox import BROADCASTS_AT_ONCE
from db.chat_tables import claims, outbox
from db.deliveries import Deliveries, Kept
from db.engine import open_chats
from db.rhythm import Every, Rhythm
from db.subscriptions import State, Subscription, Wishes
from db.turns import Turns
from tests.stubs.bot_api import BotApi, Chat
from tests.test_end_to_end import ROOT, Bot, answer

pytestmark = pytest.mark.filterwarnings(
    "ignore::telegram.warnings.PTBUserWarning", "ignore::telegram.warnings.PTBDeprecationWarning"
)

AGAIN = "Tin này được gửi lại"
WAYS = ("sendMessage", "sendPhoto", "sendDocument", "sendRichMessage")


def now_and_then(seconds: float = -1.0, **more: Any) -> Wishes:
    """Wishes for a digest that is due so many seconds from now."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    at = time(moment.hour, moment.minute, moment.second)
    return Wishes(Rhythm(Every.WEEK, moment.isoweekday(), at, "UTC"), **more)


class Town:
    """Subscribers of a bot, and the processes that serve them over one store."""

    def __init__(
        self, folder: Path, stub: BotApi, engine: AsyncEngine, settings: dict[str, str]
    ) -> None:
        self.folder, self.stub, self.engine, self.settings = folder, stub, engine, settings
        self.turns = Turns(engine)
        self.deliveries = Deliveries(self.turns)
        self.processes: list[Bot] = []

    async def subscribe(self, chats: list[Chat], wishes: Wishes) -> list[int]:
        since = datetime.now(UTC) - timedelta(days=2)
        kept = [Kept(Subscription(-1, wishes, since), str(chat.id), "", "1") for chat in chats]
        return await self.deliveries.keep(
            "telegram", self.stub.token.partition(":")[0], kept, since
        )

    def people(self, count: int, first: int = 1000) -> list[Chat]:
        return [
            self.stub.private(self.stub.person(first + number, f"Người {number}"))
            for number in range(count)
        ]

    async def start(self, **settings: str) -> Bot:
        process = Bot(self.folder, self.stub)
        self.processes.append(process)
        await process.start(**self.settings, **settings)
        return process

    async def until_all_is_sent(self, digests: int, within: float = 60) -> None:
        """Waits until so many digests are claimed, and nothing of them is on its way any more."""
        claimed = select(func.count()).select_from(claims)
        unfinished = (
            select(func.count())
            .select_from(outbox)
            .where(outbox.c.finished_at.is_(None), outbox.c.subscription.is_not(None))
        )
        async with asyncio.timeout(within):
            while (await self.scalar(claimed)) < digests or await self.scalar(unfinished):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def scalar(self, query: Any) -> int:
        return int(await self.turns.read(lambda connection: connection.scalar(query)))

    async def states(self) -> Counter[str]:
        return Counter((await self.deliveries.standing(datetime.now(UTC))).parts)

    def got(self, chat: Chat) -> Counter[str]:
        """What arrived in a chat, by what kind of message it is; how often it said to be a repetition."""
        sent = [each for each in self.stub.sent if each.chat is chat]
        return Counter(
            [each.method for each in sent] + [AGAIN for each in sent if AGAIN in each.text]
        )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demonstration, made once."""
    folder = tmp_path_factory.mktemp("made")
    environment = {**os.environ, "SOLIEU_DATABASE_URL": f"sqlite:///{folder}/solieu.db"}
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", "hộ nghèo 2023"],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=-3,
    )
    return folder


@asynccontextmanager
async def settled(folder: Path, address: str) -> AsyncIterator[Town]:
    engine = await open_chats(address)
    async with BotApi(flood=True) as stub:
        town = Town(folder, stub, engine, {"SOLIEU_DATABASE_URL": address})
        try:
            yield town
        finally:
            for process in town.processes:
                await process.kill()
            await engine.dispose()


@pytest.fixture
async def town(made: Path, tmp_path: Path) -> AsyncIterator[Town]:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    async with settled(tmp_path, f"sqlite:///{tmp_path}/solieu.db") as there:
        yield there


async def test_each_of_many_gets_each_part_once(town: Town) -> None:
    """Over a server that keeps Telegram's limits: none is overstepped, and answers come meanwhile."""
    people = town.people(40)
    await town.subscribe(people, now_and_then(workbook=True))
    process = await town.start()
    await town.stub.until(lambda: len(town.stub.sent) > 20, 40)
    asker = town.people(1, 9000)[0]
    assert asker.person is not None
    told = town.stub.say(asker, asker.person, "tỷ lệ hộ nghèo 2023")
    answer = await town.stub.wait_for(lambda sent: sent.reply_to == told.message_id)
    assert "3,02%" in answer.text
    assert len(town.stub.sent) < 100  # it did not wait for the others
    await town.until_all_is_sent(40)
    assert {tuple(sorted(town.got(chat).items())) for chat in people} == {
        tuple(sorted(town.got(people[0]).items()))
    }
    assert set(town.got(people[0]).values()) == {1}
    assert {"sendPhoto", "sendDocument"} <= set(town.got(people[0]))
    assert not [call for call in town.stub.calls if call.status == 429]
    uploaded = [
        sent.upload for sent in town.stub.sent if sent.method == "sendDocument" and sent.upload
    ]
    assert uploaded[0].content[:2] == b"PK"
    assert await process.stop() < 5
    # Once sent, nothing of it is due again.
    again = await town.start()
    await town.stub.wait_for_call("getUpdates", len(town.stub.called("getUpdates")) + 1, 30)
    await town.stub.quiet(1.5)
    assert await town.states() == Counter(
        sent=len([each for each in town.stub.sent if each.chat in people])
    )
    assert await again.stop() < 5


FAULTS: tuple[dict[str, Any], ...] = (
    {"status": 429, "retry_after": 1},
    {"status": 502, "html": True},
    {"drop": "before"},
    {"drop": "after"},
    {"status": 500},
)


async def test_killed_at_many_moments_with_everything_going_wrong(town: Town) -> None:
    stub = town.stub
    people = town.people(40)
    ids = await town.subscribe(people, now_and_then(workbook=True))
    for chat in people[:4]:
        chat.status = "kicked"  # and the update that tells of it has not come yet
    for place, chat in enumerate(people[4:24]):
        stub.fault(WAYS[place % 3], chat=chat, **FAULTS[place % len(FAULTS)])
    kills = 0
    for moment in (
        lambda: len(stub.sent) >= 1,
        lambda: len(stub.sent) >= 8,
        lambda: len(stub.sent) >= 30,
        lambda: len(stub.sent) >= 60,
    ):
        process = await town.start()
        await stub.until(moment, 60)
        await process.kill()
        kills += 1
    process = await town.start()
    await town.until_all_is_sent(40, 120)
    states = await town.states()
    parts = states.total() // 40
    repeated = missing = 0
    for chat in people[4:]:
        got = town.got(chat)
        marked = got.pop(AGAIN, 0)
        assert got.total() - parts <= marked, (chat.id, got)
        repeated += marked
        missing += max(0, parts - got.total())
    # A part is in doubt when the process died in the middle of it, or when its reply was dropped: then it is repeated,
    # marked; and if it is in doubt again, it is not repeated any more. So may be what a chat would have refused.
    doubts = kills * BROADCASTS_AT_ONCE + 8
    assert repeated <= doubts
    assert missing <= states["unknown"] <= doubts // 2
    assert 4 * parts - states["unknown"] <= states["failed"] <= 4 * parts
    assert not [sent for sent in stub.sent if sent.chat in people[:4]]
    for id in ids[:4]:
        found = await town.deliveries.subscription(id)
        assert found is not None
        assert (found.state, "blocked" in found.reason) == (State.STOPPED, True)
    assert await process.stop() < 5


async def test_what_was_due_while_nobody_was_there_comes_late_and_says_so(town: Town) -> None:
    people = town.people(2)
    await town.subscribe(people[:1], now_and_then(-3 * 3600.0))
    await town.subscribe(people[1:], now_and_then(3.0))
    process = await town.start()
    await town.until_all_is_sent(2)
    late, on_time = (next(sent for sent in town.stub.sent if sent.chat is chat) for chat in people)
    assert "muộn" in late.text.lower()
    assert "muộn" not in on_time.text.lower()
    assert await process.stop() < 5


async def test_a_group_that_became_a_supergroup_and_a_topic_that_is_gone(town: Town) -> None:
    stub = town.stub
    an = stub.person(7, "An")
    group, forum = stub.group(-5, "Phòng"), stub.group(-1_001_000_000_002, "Diễn đàn", forum=True)
    stub.say(group, an, "chào")
    (moved,) = await town.subscribe([group], now_and_then())
    since = datetime.now(UTC) - timedelta(days=2)
    bot = stub.token.partition(":")[0]
    gone = Kept(Subscription(-1, now_and_then(), since), str(forum.id), "77", "7")
    (lost,) = await town.deliveries.keep("telegram", bot, [gone], since)
    new = stub.migrate(group, an, -1_001_000_000_009, announce=False)
    process = await town.start()
    await town.until_all_is_sent(2)
    assert town.got(new).total() >= 1
    (there,) = await town.deliveries.subscriptions("telegram", bot, str(new.id), "")
    assert there.id == moved
    found = await town.deliveries.subscription(lost)
    assert found is not None
    assert (found.state, "thread not found" in found.reason) == (State.STOPPED, True)
    assert await process.stop() < 5


async def test_an_admin_is_told_asked_and_obeyed(town: Town) -> None:
    stub = town.stub
    (chat,) = town.people(1)
    (admin,) = town.people(1, 9000)
    await town.subscribe([chat], now_and_then())
    stub.fault("*", chat=chat, drop="after")
    process = await town.start(SOLIEU_DIGEST_IN_DOUBT="ask", SOLIEU_ADMINS=f"telegram:{admin.id}")
    await stub.wait_for(lambda sent: sent.chat is chat)
    async with asyncio.timeout(20):
        while not (found := (await town.deliveries.standing(datetime.now(UTC))).open):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    part = found[0]
    before = len(stub.sent)
    environment = {**os.environ, **town.settings}
    command = [sys.executable, "-m", "bot", "digest"]
    status = await asyncio.to_thread(
        subprocess.run,
        [*command, "status"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert f"số {part.id}" in status.stdout
    assert "1 đang nhận" in status.stdout
    await asyncio.to_thread(
        subprocess.run,
        [*command, "settle", str(part.id), "repeat"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    await stub.wait_for(lambda sent: AGAIN in sent.text and sent.chat is chat, 40)
    await stub.wait_for(lambda sent: sent.chat is admin, 40)
    assert len(stub.sent) > before
    assert await process.stop() < 5


async def test_two_processes_over_one_postgresql(made: Path, tmp_path: Path, postgres: str) -> None:
    """The second waits; when the first is killed it goes on where that ended."""
    async with settled(tmp_path, postgres) as town:
        people = town.people(30)
        await town.subscribe(people, now_and_then(workbook=True))
        first = await town.start()
        await town.stub.until(lambda: len(town.stub.sent) >= 5, 60)
        second = await town.start()
        await second.says("Another process serves telegram-")
        await town.stub.until(lambda: len(town.stub.sent) >= 20, 60)
        await first.kill()
        await town.until_all_is_sent(30, 120)
        parts = (await town.states()).total() // 30
        for chat in people:
            got = town.got(chat)
            repeated = got.pop(AGAIN, 0)
            assert 0 <= got.total() - parts <= repeated <= parts
        assert sum(town.got(chat)[AGAIN] for chat in people) <= 8
        assert await second.stop() < 5


async def test_who_may_subscribe_where(town: Town) -> None:
    """A group's administrators, and for a channel whoever runs it, if the bot may post there."""
    stub = town.stub
    an, binh = stub.person(7, "An"), stub.person(8, "Bình")
    group = stub.group(-5, "Phòng", admins=[an])
    stub.say(group, binh, "chào")
    open_channel = stub.channel(-1_001_000_000_010, "Tin", "tin_thai_nguyen", admins=[an])
    stub.channel(-1_001_000_000_011, "Khác", "kenh_khac", admins=[an], posting=False)
    telegram = Telegram(stub.token, api_root=stub.root, hold=1)
    running = asyncio.create_task(telegram.run(_nothing))
    try:
        await telegram.known()
        assert await telegram.administers("-5", "7")
        assert not await telegram.administers("-5", "8")
        assert await telegram.administers("-5", "-5")  # an administrator who hides
        assert not await telegram.administers("-5", "999")
        assert await telegram.open_to("@tin_thai_nguyen", "7") == str(open_channel.id)
        assert await telegram.open_to("@tin_thai_nguyen", "8") is None
        assert await telegram.open_to("@kenh_khac", "7") is None
        assert await telegram.open_to("@khong_co", "7") is None
        stub.fault("getChatMember", status=502)
        assert await telegram.administers("-5", "7")  # asked until it is told
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await telegram.close()


async def test_subscribing_by_words_in_private_in_a_group_and_for_a_channel(town: Town) -> None:
    stub, bot, me = (
        town.stub,
        town.stub.token.partition(":")[0],
        "@" + town.stub.account.me["username"],
    )
    an, binh = stub.person(7, "An"), stub.person(8, "Bình")
    home, group = stub.private(an), stub.group(-1_001_000_000_001, "Phòng", admins=[an])
    channel = stub.channel(-1_001_000_000_010, "Tin", "tin_thai_nguyen", admins=[an])
    wish = "đăng ký bản tin hằng tháng"
    process = await town.start()
    assert "Bản tin tiếp theo" in (await answer(stub, home, an, wish, 40)).text
    assert "chỉ quản trị viên" in (await answer(stub, group, binh, f"{me} {wish}")).text
    assert "Bản tin tiếp theo" in (await answer(stub, group, an, f"{me} {wish}")).text
    assert (
        "@tin_thai_nguyen"
        in (await answer(stub, home, an, f"{wish} cho kênh @tin_thai_nguyen")).text
    )
    await process.kill()
    kept = {
        str(chat.id): await town.deliveries.subscriptions("telegram", bot, str(chat.id), "")
        for chat in (home, group, channel)
    }
    assert [len(found) for found in kept.values()] == [1, 1, 1]
    process = await town.start()
    listed = await answer(stub, home, an, "tôi đang đăng ký gì", 40)
    assert "@tin_thai_nguyen" in listed.text
    # What is typed in a search subscribes nobody.
    found = await stub.wait_for_inline(stub.inline(an, wish))
    assert not found.results
    assert "quản trị" not in (await answer(stub, group, an, f"{me} huỷ nhận tin")).text
    assert await town.deliveries.subscriptions("telegram", bot, str(group.id), "") == ()
    # An admin who hides writes as the group itself.
    told = stub.say(group, an, f"{me} {wish}", anonymous=True)
    await stub.wait_for(
        lambda sent: sent.reply_to == told.message_id and "Bản tin tiếp theo" in sent.text
    )
    assert await process.stop() < 5


async def _nothing(_updates: Any) -> None: ...
