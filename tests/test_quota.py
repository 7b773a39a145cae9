"""A plan with so many messages a month: digests leave a reserve to answers, and nobody is surprised by its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels import Plan
from bot.channels.zalo import Zalo
from bot.digests import Digests, StoreWriter
from bot.inbox import Inbox
from bot.outbox import ANSWER, Outbox
from bot.settings import Settings
from bot.shelf import Shelf
from bot.watch import Watch, Watched
from bot.web import listening
from db.chats import Chats
from db.deliveries import BROADCAST, Deliveries, Kept
from db.engine import open_chats
from db.pictures import Pictures
from db.store import Store
from db.subscriptions import Alert, Subscription, Wishes
from db.usage import count
from handlers.desk import Desk
from tests.stubs.zalo import Chat, Sent, ZaloApi
from tests.test_delivery import until
from tests.test_digests import Scribe

DUE = datetime(
    2026, 11, 5, 1, 0, 30, tzinfo=UTC
)  # 8:00 in Hà Nội on the day that is usual, and a little
TURNED = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
POVERTY = "tỷ lệ hộ nghèo 2023"
PLAN = Plan(messages=3000, users=2000, reserve=300)


class Month:
    """A bot on Zalo in a month of which some messages are spent, and its subscribers."""

    def __init__(self, stub: ZaloApi, chats: Chats, store: Store, plan: Plan) -> None:
        self.stub, self.now, self.chats = stub, DUE, chats
        self.deliveries = Deliveries(chats.turns)
        self.admin = self.chat(0)
        self.shelf = Shelf(Pictures(chats.turns), "", self.clock)
        self.zalo = Zalo(
            stub.token,
            api_root=stub.root,
            shelf=self.shelf,
            plan=plan,
            hold=1,
            floor=0.01,
            every=0.01,
            limit=1000,
            clock=self.clock,
        )
        self.outbox = Outbox(chats, self.zalo, self.clock, rate=900)
        self.inbox = Inbox(chats, self.zalo, Desk(store), self.outbox, clock=self.clock)
        self.digests = Digests(
            chats, self.zalo, self.outbox, StoreWriter(store, None), clock=self.clock
        )
        admins = {"zalo": (self.admin.id,)}
        self.watch = Watch(
            chats, [Watched(self.zalo, self.outbox, self.digests)], admins, clock=self.clock
        )

    def clock(self) -> datetime:
        return self.now

    def chat(self, number: int) -> Chat:
        return self.stub.private(self.stub.person(f"{number:020x}", "Lan"))

    async def spent(self, messages: int) -> None:
        bot = self.zalo.bot
        await self.chats.turns.write(
            lambda each: count(self.chats.turns, each, "zalo", bot, "2026-11", messages)
        )

    async def subscribe(self, people: int, wishes: Wishes | None = None) -> list[Chat]:
        since = DUE - timedelta(days=10)
        chats = [self.chat(1000 + number) for number in range(people)]
        kept = [
            Kept(Subscription(-1, wishes or Wishes(), since), chat.id, "", chat.id)
            for chat in chats
        ]
        await self.deliveries.keep("zalo", self.zalo.bot, kept, since)
        return chats

    async def ask(self, number: int, text: str = POVERTY) -> Sent:
        chat = self.chat(number)
        before = len(self.stub.shown(chat))
        self.stub.say(chat, self.stub.person(chat.id, "Lan"), text, at=self.now)
        await self.stub.until(lambda: len(self.stub.shown(chat)) > before, 20)
        return self.stub.shown(chat)[-1]

    def told(self) -> list[str]:
        return [sent.text for sent in self.stub.shown(self.admin)]

    async def quiet(self) -> None:
        """Waits until no call is under way or may be made."""
        await until(lambda: not self.outbox._under_way, 20)
        await self.stub.quiet(0.5)


@asynccontextmanager
async def a_month(store: Store, folder: Path, plan: Plan) -> AsyncIterator[Month]:
    engine = await open_chats(f"sqlite:///{folder}/chats.db")
    async with ZaloApi() as stub:
        month = Month(stub, Chats(engine), store, plan)
        async with listening("127.0.0.1", 0, month.shelf.routes(), {}) as port:
            month.shelf._root = f"http://127.0.0.1:{port}"
            work = [
                asyncio.create_task(each)
                for each in (month.zalo.run(month.inbox.take), month.inbox.run())
            ]
            try:
                yield month
            finally:
                await month.outbox.stop(1)
                for task in work:
                    task.cancel()
                await asyncio.gather(*work, return_exceptions=True)
                await month.zalo.close()
    await engine.dispose()


@asynccontextmanager
async def sending(month: Month) -> AsyncIterator[None]:
    task = asyncio.create_task(month.outbox.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@dataclass(frozen=True)
class Counted:
    """What became of the digests of a month whose messages run short."""

    sent: int
    deferred: int
    left: int
    late: int
    refused: int


async def a_short_month(
    store: Store, folder: Path, *, people: int, left: int, reserve: int
) -> Counted:
    """Digests to so many people with so many messages left, of which `reserve` are for answers; then the month turns."""
    async with a_month(store, folder, Plan(3000, 2 * people, reserve)) as month:
        stub = month.stub
        stub.plan = left
        subscribers = set(await month.subscribe(people))
        await month.spent(3000 - left)
        async with sending(month):
            await until(lambda: month.outbox.quota.spent == 3000 - left)
            assert "3,02%" in (await month.ask(1)).text
            await month.digests.look()
            await until(lambda: month.outbox.quota.left(BROADCAST) == 0, 60)
            await month.quiet()
            first = [sent for sent in stub.sent if sent.chat in subscribers]
            assert len(stub.sent) == left - reserve
            assert len({sent.chat for sent in first}) == len(first) == left - reserve - 1
            assert all(sent.photo for sent in first)  # one message each, not two
            await month.digests.look()
            deferred = month.digests.deferred
            assert deferred == people - len(first)
            await month.watch.look()
            await month.watch.look()
            await until(lambda: len(month.told()) == 2)
            assert f"{deferred} bản tin đến hạn chưa gửi" in month.told()[1]
            assert "ngày 1/12/2026" in month.told()[1]

            # The reserve is there for those who ask; the digests come when the month has turned, and say that they are late.
            assert "3,02%" in (await month.ask(2)).text
            remaining = int(month.outbox.quota.left(ANSWER))
            refused = len([call for call in stub.calls if call.status == 429])
            month.now = TURNED
            stub.renew()
            stub.plan = 3000
            await month.digests.look()
            await stub.until(
                lambda: len(subscribers & {sent.chat for sent in stub.sent}) == people, 120
            )
            await month.quiet()
            later = [sent for sent in stub.sent if sent.chat in subscribers and sent not in first]
            assert len(later) == deferred
            assert not {sent.chat for sent in later} & {sent.chat for sent in first}
            return Counted(
                len(first),
                deferred,
                remaining,
                len([sent for sent in later if "muộn" in sent.text]),
                refused,
            )


async def test_digests_leave_the_reserve_to_answers_and_the_rest_come_when_the_month_has_turned(
    demo_store: Store, tmp_path: Path
) -> None:
    counted = await a_short_month(demo_store, tmp_path, people=60, left=50, reserve=30)
    assert counted == Counted(
        sent=19, deferred=41, left=27, late=41, refused=0
    )  # two are told to the admin, one is an answer


async def test_alerts_that_the_plan_has_no_room_for_are_written_when_the_month_has_turned(
    demo_store: Store, tmp_path: Path
) -> None:
    async with (
        a_month(demo_store, tmp_path, Plan(messages=100, users=50, reserve=10)) as month,
        sending(month),
    ):
        await month.spent(89)
        await until(lambda: month.outbox.quota.month == "2026-11")
        await month.outbox.quota.load()
        scribe = Scribe()
        digests = Digests(month.chats, month.zalo, month.outbox, scribe, clock=month.clock)
        followers = set(
            await month.subscribe(3, Wishes(rhythm=None, alerts=frozenset({Alert.NEW})))
        )
        await digests.look()
        scribe.load("a")
        for _ in range(3):
            await digests.look()
        await month.stub.until(lambda: len(month.stub.sent) == 1, 10)
        await month.quiet()
        assert month.outbox.quota.left(BROADCAST) == 0
        # None lies there finished, to arrive weeks later with the figure of today.
        assert await month.chats.unsent("zalo", month.zalo.bot, month.now) == []
        month.now = TURNED
        scribe.load("b")
        await digests.look()
        await month.stub.until(lambda: len(month.stub.sent) == 6, 10)
        assert {sent.chat for sent in month.stub.sent} == followers
        assert (
            sorted(sent.text for sent in month.stub.sent)
            == ["new: a 2023"] * 3 + ["new: b 2023"] * 3
        )
        await digests.look()
        assert len(await month.stub.quiet(0.5)) == 6


async def test_people_are_told_before_the_messages_end_and_are_answered_when_there_are_new_ones(
    demo_store: Store, tmp_path: Path
) -> None:
    async with a_month(demo_store, tmp_path, Plan(messages=100, users=5, reserve=10)) as month:
        await month.spent(79)
        async with sending(month):
            await until(lambda: month.outbox.quota.spent == 79)
            assert "chỉ còn gửi được" not in (await month.ask(1)).text
            await month.watch.look()
            await until(lambda: len(month.told()) == 1)  # four fifths are used: 80 with that answer
            assert "chỉ còn gửi được 18 tin nhắn" in (await month.ask(1)).text
            assert "chỉ còn gửi được" not in (await month.ask(1)).text  # once is enough
            assert "ngày 1/12/2026" in (await month.ask(2)).text
            await month.watch.look()
            for number in range(3, 6):
                await month.ask(number)
            await month.watch.look()
            await until(lambda: any("đã có 5 người dùng" in text for text in month.told()))
            left = int(month.outbox.quota.left(1))
            for _ in range(left):
                await month.ask(1)
            assert month.outbox.quota.left(1) == 0
            before = len(month.stub.sent)
            month.stub.say(
                month.chat(2), month.stub.person(month.chat(2).id, "Lan"), POVERTY, at=month.now
            )
            await month.watch.look()  # what there is to tell of the end waits, too
            assert len(await month.stub.quiet(1.0)) == before
            month.now = TURNED
            await month.stub.until(
                lambda: "3,02%" in month.stub.sent[-1].text and len(month.stub.sent) > before, 15
            )


async def test_the_last_answer_of_a_month_says_so_and_one_that_waited_says_of_which_day_it_is(
    demo_store: Store, tmp_path: Path
) -> None:
    async with (
        a_month(demo_store, tmp_path, Plan(messages=1, users=50, reserve=0)) as month,
        sending(month),
    ):
        assert "tin cuối cùng tôi gửi được ở đây trong tháng này" in (await month.ask(1)).text
        other = month.chat(2)
        month.stub.say(other, month.stub.person(other.id, "Lan"), POVERTY, at=month.now)
        assert len(await month.stub.quiet(1.0)) == 1
        month.now = TURNED
        await month.stub.until(lambda: month.stub.shown(other) != [], 15)
        (late,) = month.stub.shown(other)
        assert "3,02%" in late.text
        assert "Anh/chị hỏi câu này ngày 5/11/2026" in late.text
        assert "1/12/2026" not in late.text  # what was true when it was written is not told as news


def test_the_reserve_is_less_than_the_plan() -> None:
    assert Settings(zalo_messages=100).zalo_plan.reserve == 10
    assert Settings(zalo_messages=100, zalo_reserve=99).zalo_plan.reserve == 99
    with pytest.raises(ValueError, match="zalo_reserve"):
        Settings(zalo_messages=100, zalo_reserve=100)


async def test_a_platform_that_counts_otherwise_is_believed(
    demo_store: Store, tmp_path: Path
) -> None:
    """It takes no more messages although many are left by our count: everybody waits, and admins learn it elsewhere."""
    async with a_month(demo_store, tmp_path, PLAN) as month:
        month.stub.plan = 1
        async with sending(month):
            await month.ask(1)
            month.stub.say(
                month.chat(2), month.stub.person(month.chat(2).id, "Lan"), POVERTY, at=month.now
            )
            await month.stub.until(
                lambda: len([call for call in month.stub.calls if call.status == 429]) == 2, 15
            )
            await until(lambda: month.outbox.quota.spent == 1)
            assert len(month.stub.called("sendMessage")) < 5
            month.stub.plan = 100
            await month.stub.until(lambda: len(month.stub.sent) == 2, 15)
            assert (month.outbox.quota.spent, month.outbox.refused) == (2, False)


@pytest.mark.parametrize(
    ("day", "renewed"),
    [((2026, 12, 31), "2027-01-01"), ((2028, 1, 31), "2028-02-01"), ((2026, 2, 1), "2026-03-01")],
)
async def test_when_a_plan_is_renewed(
    demo_store: Store, tmp_path: Path, day: tuple[int, int, int], renewed: str
) -> None:
    async with a_month(demo_store, tmp_path, PLAN) as month:
        month.now = datetime(*day, 10, 0, tzinfo=UTC)
        assert str(month.outbox.quota.renewed) == renewed
        month.now = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)  # half past midnight in Hà Nội
        assert month.outbox.quota.month == "2026-12"


async def test_no_chat_takes_more_than_its_share_of_a_day(
    demo_store: Store, tmp_path: Path
) -> None:
    async with (
        a_month(demo_store, tmp_path, Plan(messages=100, users=50, reserve=10)) as month,
        sending(month),
    ):
        for _ in range(30):
            assert "3,02%" in (await month.ask(1)).text
        assert "mai anh/chị hỏi tiếp" in (await month.ask(1)).text
        lan = month.stub.person(month.chat(1).id, "Lan")
        for _ in range(5):
            month.stub.say(month.chat(1), lan, POVERTY, at=month.now)
        assert "3,02%" in (await month.ask(2)).text  # others are answered
        assert len(await month.stub.quiet(0.5)) == 32
        month.now += timedelta(days=1, minutes=1)
        assert "3,02%" in (await month.ask(1)).text
