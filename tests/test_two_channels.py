"""One person who writes on two platforms, through the whole of answering: links, list, language, digests, groups."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels import Call, Dressed, Incoming
from bot.digests import Digests
from bot.inbox import Inbox
from bot.outbox import Outbox
from db.chats import Chats, Finished, Queued, Received
from db.engine import open_chats
from db.store import Store
from handlers.desk import Desk
from handlers.message import Message
from handlers.say import Say
from tests.test_delivery import Paper, until
from tests.test_digests import Clock, Scribe

NOW = datetime(2026, 11, 4, 1, 0, tzinfo=UTC)  # 8:00 in Hà Nội, the day before digests are usual
CODE = re.compile(r"^[A-Z0-9]{6}$", re.MULTILINE)


class Sheet(Paper):
    """A list that takes a reply whole; `tells` is whether the platform says who runs a group."""

    def __init__(self, name: str, *, tells: bool) -> None:
        super().__init__()
        self.name = name
        self.tells = tells
        self.offered: list[str] = []

    def dress(self, _incoming: Incoming, _say: Say, *replies: Message) -> Dressed:
        self.offered = [each.text for reply in replies for each in reply.choices]
        return Dressed(tuple(Call({"text": reply.text}) for reply in replies))

    async def administers(self, chat: str, person: str) -> bool | None:  # type: ignore[override]
        return await super().administers(chat, person) if self.tells else None


class Dying(Chats):
    """A memory that is cut off where an answer was to be stored, as often as it is told to be."""

    deaths = 0

    async def finish(
        self, id: int, channel: str, bot: str, done: Finished, now: datetime
    ) -> list[Queued]:
        if self.deaths:
            self.deaths -= 1
            raise ConnectionAbortedError("the process has ended")
        return await super().finish(id, channel, bot, done, now)


class Town:
    """Two channels over one memory and one store of figures."""

    def __init__(self, memory: Dying, desk: Desk) -> None:
        self.memory, self.desk, self.clock, self.scribe = memory, desk, Clock(NOW), Scribe("words")
        self.telegram, self.zalo = Sheet("telegram", tells=True), Sheet("zalo", tells=False)
        self.inboxes: dict[str, Inbox] = {}
        self.outboxes: dict[str, Outbox] = {}
        self._number = 0

    @asynccontextmanager
    async def open(self, *sheets: Sheet, admins: Sequence[str] = ()) -> AsyncIterator[None]:
        running = []
        for sheet in sheets or (self.telegram, self.zalo):
            outbox = self.outboxes[sheet.name] = Outbox(self.memory, sheet, self.clock)
            inbox = self.inboxes[sheet.name] = Inbox(
                self.memory, sheet, self.desk, outbox, clock=self.clock, admins=admins
            )
            running += [asyncio.create_task(outbox.run()), asyncio.create_task(inbox.run())]
        try:
            yield
            for name, inbox in self.inboxes.items():
                await asyncio.gather(inbox.stop(2), self.outboxes[name].stop(2))
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def take(self, sheet: Sheet, text: str, chat: str, **more: Any) -> None:
        self._number += 1
        raw = {"chat": chat, "text": text, "message": str(self._number), "sent_at": None, **more}
        await self.inboxes[sheet.name].take([Received(str(self._number), chat, json.dumps(raw))])

    async def say(self, sheet: Sheet, text: str, chat: str = "", **more: Any) -> str:
        """The reply to a message in a private chat, or where it is said."""
        before = len(sheet.sent)
        await self.take(sheet, text, chat or f"{sheet.name}-lan", **more)
        await until(lambda: len(sheet.sent) > before)
        return sheet.sent[-1][1]

    async def code(self, sheet: Sheet) -> str:
        found = CODE.search(await self.say(sheet, "liên kết"))
        assert found is not None
        return found[0]

    async def looked(self, sheet: Sheet) -> list[str]:
        """What arrives, anywhere on a channel, by its looking for what is due."""
        before, outbox = len(sheet.sent), self.outboxes[sheet.name]
        await Digests(self.memory, sheet, outbox, self.scribe, clock=self.clock).look()
        async with asyncio.timeout(30):
            while outbox._known or outbox._under_way:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return [f"{chat}: {text}" for chat, text, _, _ in sheet.sent[before:]]


@pytest.fixture
async def town(tmp_path: Path, demo_store: Store) -> AsyncIterator[Town]:
    engine = await open_chats(f"sqlite+aiosqlite:///{tmp_path}/solieu.db")
    yield Town(Dying(engine), Desk(demo_store))
    await engine.dispose()


async def test_two_accounts_are_one_person(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        await town.say(telegram, "đăng ký bản tin hằng tháng")
        await town.say(zalo, "đăng ký bản tin người có công thứ hai hằng tuần")
        asked = await town.say(telegram, "liên kết")
        found = CODE.search(asked)
        assert found is not None
        assert asked.splitlines() == [
            "Mã liên kết của anh/chị:",
            found[0],
            f"Mở bot ở ứng dụng kia và nhắn: “liên kết {found[0]}”. Mã dùng một lần, trong 10 phút.",
        ]
        assert (
            await town.say(zalo, f"lien ket {found[0][:3].lower()} {found[0][3:].lower()}")
        ).splitlines() == [
            "Đã liên kết với tài khoản Telegram của anh/chị",
            "Từ nay 2 đăng ký của anh/chị được gửi về đây.",
            "Ở bên nào anh/chị cũng xem và sửa được các đăng ký của mình.",
        ]
        assert "gửi bản tin về telegram" in [each.casefold() for each in zalo.offered]
        here, there = (
            await town.say(zalo, "tôi đang đăng ký gì"),
            await town.say(telegram, "tôi đang đăng ký gì"),
        )
        assert "Gửi ở" not in here
        assert there.count("Gửi ở Zalo") == 2
        assert "Tài khoản này đã liên kết với Zalo." in await town.say(telegram, "liên kết")


async def test_what_is_said_on_either_side_counts_on_both(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        await town.say(telegram, "đăng ký bản tin hằng tháng")
        await town.say(zalo, f"liên kết {await town.code(telegram)}")
        assert "Đã tạm dừng" in await town.say(telegram, "tạm dừng bản tin")
        assert "tạm dừng" in await town.say(zalo, "tôi đang đăng ký gì")
        assert "14 giờ" in await town.say(telegram, "đổi sang 14 giờ")
        await town.say(telegram, "gửi tiếp bản tin")
        assert "14 giờ" in await town.say(zalo, "tôi đang đăng ký gì")
        await town.say(telegram, "huỷ bản tin")
        assert "chưa đăng ký" in await town.say(zalo, "tôi đang đăng ký gì")


async def test_the_language_is_the_persons(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        await town.say(telegram, "ngôn ngữ tiếng Anh")
        assert "Linked with your Telegram account" in await town.say(
            zalo, f"liên kết {await town.code(telegram)}"
        )
        assert "Nothing is subscribed" in await town.say(zalo, "tôi đang đăng ký gì")
        await town.say(zalo, "ngôn ngữ tiếng Việt")
        assert "chưa đăng ký" in await town.say(telegram, "tôi đang đăng ký gì")


async def test_a_digest_comes_once_where_the_person_is(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        await town.say(telegram, "đăng ký bản tin hằng tháng")
        await town.say(zalo, f"liên kết {await town.code(telegram)}")
        town.clock.now = NOW + timedelta(days=1)
        assert await town.looked(telegram) == []
        assert len(await town.looked(zalo)) == 1
        assert "Từ nay 1 đăng ký của anh/chị được gửi về Telegram." in await town.say(
            zalo, "gửi bản tin về Telegram"
        )
        assert await town.looked(telegram) == await town.looked(zalo) == []
        town.clock.now = NOW + timedelta(days=31)
        assert await town.looked(zalo) == []
        (sent,) = await town.looked(telegram)
        assert sent.startswith("telegram-lan: ")
        assert "Từ nay 1 đăng ký của anh/chị được gửi về đây." in await town.say(
            zalo, "chuyển bản tin về đây"
        )
        town.clock.now = NOW + timedelta(days=62)
        assert await town.looked(telegram) == []
        assert len(await town.looked(zalo)) == 1


async def test_a_digest_that_could_not_leave_is_written_for_where_she_goes_on(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        await town.say(telegram, "đăng ký bản tin hằng tháng")
        code = await town.code(telegram)
        town.clock.now = NOW + timedelta(days=1)
        unreachable = Outbox(town.memory, telegram, town.clock)  # which sends nothing
        await Digests(town.memory, telegram, unreachable, town.scribe, clock=town.clock).look()
        town.clock.now = NOW + timedelta(minutes=5)
        await town.say(zalo, f"liên kết {code}")
        town.clock.now = NOW + timedelta(days=1, minutes=30)
        before = len(telegram.sent)
        assert len(await town.looked(zalo)) == 2  # it is late, and says so
        assert await town.looked(zalo) == []
    async with town.open():
        await asyncio.sleep(0.2)
    assert len(telegram.sent) == before


async def test_the_same_message_begun_twice_uses_the_code_once_and_is_answered_alike(
    town: Town,
) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open(telegram):
        await town.say(telegram, "đăng ký bản tin hằng tháng")
        code = await town.code(telegram)
    town.memory.deaths = 1
    with suppress(ConnectionAbortedError):
        async with town.open(zalo):
            await town.take(zalo, f"liên kết {code}", "zalo-lan")
            await until(lambda: not town.memory.deaths)
    assert zalo.sent == []
    async with town.open(zalo):
        await until(lambda: zalo.sent)
        assert zalo.sent[0][1].splitlines()[:2] == [
            "Đã liên kết với tài khoản Telegram của anh/chị",
            "Từ nay 1 đăng ký của anh/chị được gửi về đây.",
        ]
        again = await town.say(zalo, f"liên kết {code}", "zalo-other")
        assert "Mã này đã được dùng" in again


async def test_in_a_group_no_code_is_given_and_none_works(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        code = await town.code(telegram)
        for text in ("liên kết", f"liên kết {code}", "huỷ liên kết", "gửi bản tin về Telegram"):
            reply = await town.say(zalo, text, "group", person="zalo-lan", group=True)
            assert "trò chuyện riêng" in reply
            assert not CODE.search(reply)
        assert "đã hết hạn" in await town.say(zalo, f"liên kết {code}")


async def test_what_cannot_be_is_said_with_what_to_do(town: Town) -> None:
    telegram, zalo = town.telegram, town.zalo
    async with town.open():
        code = await town.code(telegram)
        assert "ở ứng dụng kia" in await town.say(telegram, f"liên kết {code}")
        assert "Không có mã này" in await town.say(zalo, "liên kết CCCCC2")
        assert "chưa liên kết" in await town.say(zalo, "huỷ liên kết")
        assert "chưa liên kết tài khoản Telegram nào" in await town.say(
            zalo, "gửi bản tin về Telegram"
        )
        assert "chưa liên kết" in await town.say(zalo, "chuyển bản tin về đây")
        assert "Đã liên kết" in await town.say(zalo, f"mã {code}")
        assert "Đã huỷ liên kết" in await town.say(telegram, "huỷ liên kết")
        assert "chưa liên kết" in await town.say(zalo, "huỷ liên kết")


# ------------------------------------------------------------ a group whose admins the platform does not name


async def test_who_made_a_groups_subscription_changes_it_and_nobody_else(town: Town) -> None:
    zalo = town.zalo

    async def say(text: str, person: str) -> str:
        return await town.say(zalo, text, "group", person=person, group=True)

    async with town.open(zalo, admins=("chief",)):
        assert "Đã đăng ký" in await say("đăng ký bản tin hằng tháng", "lan")
        for text in (
            "tạm dừng bản tin",
            "huỷ bản tin",
            "đổi sang ngày 10",
            "đăng ký bản tin hằng tháng lúc 9h",
        ):
            assert "chỉ người đã đăng ký hoặc quản trị viên của bot" in await say(text, "minh")
            shown = await say("nhóm đang đăng ký gì", "minh")
            assert "8 giờ ngày 5/" in shown
            assert "Đã tạm dừng" not in shown
        assert "Đã đăng ký" in await say("đăng ký bản tin người có công hằng tuần", "minh")
        assert "ngày 10" in await say("đổi bản tin hằng tháng sang ngày 10", "lan")
        assert "Đã huỷ" in await say("huỷ bản tin hằng tháng", "chief")
        assert "Đã huỷ" in await say("huỷ bản tin", "minh")


async def test_on_a_platform_that_tells_its_admins_it_is_they(town: Town) -> None:
    telegram = town.telegram
    telegram.admins = {("-5", "lan")}

    async def say(text: str, person: str) -> str:
        return await town.say(telegram, text, "-5", person=person, group=True)

    async with town.open(telegram, admins=("minh",)):
        assert "chỉ quản trị viên của nhóm" in await say("đăng ký bản tin hằng tháng", "minh")
        assert "Đã đăng ký" in await say("đăng ký bản tin hằng tháng", "lan")
        assert "chỉ quản trị viên của nhóm" in await say("huỷ bản tin", "minh")
