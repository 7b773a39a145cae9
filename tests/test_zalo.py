"""Zalo, the real process against a stub over real HTTP: asked and answering, delivered to, doubled, refused and killed."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import struct
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.zalo.read import Me, read, received
from tests.stubs.bot_api import BotApi
from tests.stubs.zalo import Chat, Person, Sent, ZaloApi
from tests.test_end_to_end import POVERTY, Bot, made, until

__all__ = ["made"]  # a fixture


def impatient(more: str = "") -> tuple[str, str]:
    """The bot with shorter waits; what is given besides only Zalo knows."""
    waits = f"hold=1, patience=1.0, alarm=3.0{more}"
    return (
        "-c",
        f"""
import asyncio
from bot.app import serve
from bot.settings import Settings
from db.store import Store

async def main():
    store = await Store.open(__import__("os").environ["SOLIEU_DATABASE_URL"])
    await serve(Settings(), store, {waits})

asyncio.run(main())
""",
    )


IMPATIENT = impatient()
HASTY = impatient(", floor=0.2, every=0.05")
CHILD_OF_NOBODY = "Tôi chỉ đọc được chữ."


@pytest.fixture
async def stub() -> AsyncIterator[ZaloApi]:
    async with ZaloApi() as server:
        yield server


@pytest.fixture
async def bot(made: Path, tmp_path: Path, stub: ZaloApi) -> AsyncIterator[Bot]:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    running = Bot(tmp_path, stub, "ZALO")
    yield running
    await running.kill()


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def here(port: int, **more: str) -> dict[str, str]:
    return {
        "SOLIEU_LISTEN": f"127.0.0.1:{port}",
        "SOLIEU_PUBLIC_URL": f"http://127.0.0.1:{port}",
        **more,
    }


def people(stub: ZaloApi, *names: str) -> list[tuple[Chat, Person]]:
    found = [stub.person(f"{number:020x}", name) for number, name in enumerate(names, 1)]
    return [(stub.private(person), person) for person in found]


async def answer(stub: ZaloApi, chat: Chat, who: Person, text: str, within: float = 20) -> Sent:
    before = len(stub.shown(chat))
    stub.say(chat, who, text)
    await stub.until(lambda: len(stub.shown(chat)) > before, within)
    return stub.shown(chat)[before]


@pytest.mark.parametrize("http_status", [True, False])
async def test_fetching(bot: Bot, stub: ZaloApi, port: int, *, http_status: bool) -> None:
    stub.http_status = http_status
    (home, lan), (_, tu) = people(stub, "Lan", "Tú")
    group = stub.group("f" * 20, "Phòng")
    await bot.start(*HASTY, **here(port))

    first = await answer(stub, home, lan, "ty le ho ngheo 2023")
    assert first.text.splitlines()[:2] == ["Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023", "3,02%"]
    assert {"start": 0, "len": 39, "st": ["b"]} in first.styles
    assert (await answer(stub, home, lan, "còn 2022?")).text.splitlines()[1] == "4,35%"
    assert (await answer(stub, home, lan, "số 1")).text.startswith(
        "Tỷ lệ hộ nghèo · Thái Nguyên\n• Năm 2022: 4,35%"
    )

    # A chart: Zalo fetches it, its caption is the whole answer, and its address cannot be guessed.
    drawn = await answer(stub, home, lan, "biểu đồ tỷ lệ hộ nghèo")
    assert drawn.method == "sendPhoto"
    assert drawn.photo is not None
    assert struct.unpack(">II", drawn.photo[16:24]) > (500, 300)
    assert "Năm 2022: 4,35%" in drawn.text
    assert "1. Năm 2023" in drawn.text
    address = str(drawn.params["photo"])
    assert len(address.rpartition("/")[2]) > 30
    async with aiohttp.ClientSession() as session:
        reply = await session.get(address)
        assert (reply.status, reply.content_type, await reply.read()) == (
            200,
            "image/png",
            drawn.photo,
        )
        for wrong in (
            address[:-8] + "AAAA.png",
            address.rpartition("/")[0] + "/../healthz.png",
            address[:-4] + "%00.png",
        ):
            assert (await session.get(wrong)).status == 404

    # A group: only what addresses the bot; a number picks what the group was offered last.
    stub.say(group, tu, "bí mật của dân")
    asked = await answer(stub, group, tu, f"@{stub.name} {POVERTY}")
    assert "3,02%" in asked.text
    assert (await answer(stub, group, lan, f"@{stub.name} 2")).text.startswith("Chỉ tiêu năm 2023")
    assert "chào" in (await answer(stub, group, tu, f"@{stub.name}")).text
    stub.sticker(group, tu, reply_to=asked)
    assert (await answer(stub, group, tu, f"@{stub.name} còn 2022?")).text

    # What cannot be read, and what comes for those whose words no bot is given: one kind word, not one each.
    (_, em) = people(stub, "Lan", "Tú", "Em")[2]
    alone = stub.private(em)
    for _ in range(4):
        stub.unsupported(alone, em)
    stub.unsupported(alone, em, without_message=True)
    stub.sticker(alone, em)
    stub.raw({"event_name": "message.reaction.received", "message": {"reaction": "👍"}})
    stub.raw({"event_name": "webhook.test"})
    stub.raw({})
    await stub.wait_for(lambda sent: sent.chat is alone)
    stub.say(alone, em, POVERTY)
    await stub.until(lambda: len(stub.shown(alone)) == 2)
    assert [CHILD_OF_NOBODY in sent.text for sent in stub.shown(alone)] == [True, False]

    # A picture with words under it is a question.
    stub.photo(home, lan, caption=POVERTY)
    assert (
        "3,02%"
        in (
            await stub.wait_for(
                lambda sent: (
                    sent is stub.shown(home)[-1]
                    and sent.chat is home
                    and len(stub.shown(home)) == 5
                )
            )
        ).text
    )
    assert await bot.stop() < 5
    bot.keeps_its_secrets()


async def test_updates_that_come_again_and_again(bot: Bot, stub: ZaloApi) -> None:
    stub.repeats = "always"
    (home, lan), (other, tu) = people(stub, "Lan", "Tú")
    await bot.start(*HASTY)
    assert "3,02%" in (await answer(stub, home, lan, POVERTY)).text
    assert "3,02%" in (await answer(stub, other, tu, POVERTY)).text
    polls = len(stub.called("getUpdates"))
    await asyncio.sleep(1.2)
    assert (
        len(stub.called("getUpdates")) - polls < 8
    )  # with a pause between two that bring nothing new
    await bot.kill()
    await bot.start(*HASTY)
    third = stub.say(home, lan, "còn 2022?")
    await stub.until(lambda: len(stub.shown(home)) == 2)
    stub.again(third)
    long_ago = stub.say(home, lan, "thất nghiệp 2023", at=datetime.now(UTC) - timedelta(days=8))
    assert "4,35%" in stub.shown(home)[-1].text
    assert "2,4%" in (await answer(stub, other, tu, "thất nghiệp thành thị 2023")).text
    assert len(await stub.quiet(1.0)) == 4
    assert not [said for said in stub.shown(home) if "2,4%" in said.text], long_ago
    assert bot.log.count("this machine's clock is wrong") == 1  # it comes on every request


async def test_what_goes_wrong_on_the_way_out(bot: Bot, stub: ZaloApi) -> None:
    """Each chat has its own trouble, so that none waits for another."""
    faults = {
        "408": {"status": 408},
        "403": {"status": 403},
        "502": {"status": 502, "html": True},
        "200": {"status": 200, "html": True},
        "before": {"drop": "before"},
        "after": {"drop": "after"},
        "styles": {"status": 400},
        "silent": {"silent": True},
    }
    chats = dict(zip(faults, people(stub, *faults), strict=True))
    for name, fault in faults.items():
        stub.fault("sendMessage", chat=chats[name][0], **fault)  # type: ignore[arg-type]
    for _ in range(3):
        stub.fault("getUpdates", status=408)
    await bot.start(*HASTY)
    for chat, person in chats.values():
        stub.say(chat, person, POVERTY)
    await stub.until(lambda: all(stub.shown(chat) for chat, _ in chats.values()), 30)
    await until(lambda: bot.rows("SELECT count(*) FROM outbox WHERE finished_at IS NULL") == [(0,)])
    got = {name: len(stub.shown(chat)) for name, (chat, _) in chats.items()}
    assert got.pop("after") == 2  # it arrived, and nobody could know
    assert set(got.values()) == {1}
    assert stub.shown(chats["styles"][0])[0].styles == ()
    assert all("3,02%" in sent.text for sent in stub.sent)
    # Unknown chats are out of reach, whatever else is asked.
    stub.fault("sendMessage", status=404, times=None, chat=chats["408"][0])
    stub.say(*chats["408"], POVERTY)
    await until(lambda: bot.rows("SELECT count(*) FROM chat WHERE gone_at IS NOT NULL") == [(1,)])
    # A rate that is exceeded makes everybody wait, and nothing is lost.
    stub.fault("sendMessage", status=429, times=2)
    before = len(stub.sent)
    for name in ("403", "502", "after"):
        stub.say(*chats[name], "còn 2022?")
    await stub.until(lambda: len(stub.sent) == before + 3, 30)
    # Counted is what arrived, and what may have: "200", "before" and "silent" were sent once more.
    await until(lambda: bot.rows("SELECT messages FROM tally") == [(len(stub.sent) + 3,)])
    await bot.stop()
    bot.keeps_its_secrets()


@pytest.mark.parametrize("wrapped", [True, False])
async def test_delivery(bot: Bot, stub: ZaloApi, port: int, *, wrapped: bool) -> None:
    stub.wrapped = wrapped
    ((home, lan),) = people(stub, "Lan")
    settings = here(port, SOLIEU_ZALO_MODE="webhook", SOLIEU_ZALO_SECRET="bi-mat-cua-webhook")
    await bot.start(*HASTY, **settings)
    await stub.until(lambda: stub.webhook is not None, 20)
    assert "3,02%" in (await answer(stub, home, lan, POVERTY)).text

    event = stub.said[-1].update
    event["message"]["message_id"] += "0"  # type: ignore[operator]
    forged = json.dumps(event).encode()
    assert await stub.post(forged, "sai") == 403
    assert await stub.post(forged, None) == 403
    for odd in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"event_name": 5, "message": 7}',
        b'{"ok": true, "result": []}',
        b"\xff" * 10,
    ):
        assert await stub.post(odd, "bi-mat-cua-webhook") == 200
    assert len(stub.sent) == 1

    # Delivered again after a crash: answered once.
    update = stub.say(home, lan, "còn 2022?")
    await stub.until(lambda: len(stub.sent) == 2)
    await until(lambda: bot.rows("SELECT count(*) FROM outbox WHERE finished_at IS NULL") == [(0,)])
    await bot.kill()
    await bot.start(*HASTY, **settings)
    await until(lambda: len(stub.called("setWebhook")) >= 2)
    stub.again(update)
    assert "2,4%" in (await answer(stub, home, lan, "thất nghiệp thành thị 2023")).text
    assert len(await stub.quiet(1.0)) == 3
    async with aiohttp.ClientSession() as session:
        reply = await session.get(f"http://127.0.0.1:{port}/healthz")
        assert (reply.status, await reply.json()) == (200, {"zalo": True})
    await bot.stop()
    assert "bi-mat-cua-webhook" not in bot.log
    bot.keeps_its_secrets()


async def test_a_webhook_that_was_left_is_removed_when_updates_are_fetched(
    bot: Bot, stub: ZaloApi, port: int
) -> None:
    ((home, lan),) = people(stub, "Lan")
    await bot.start(*HASTY, **here(port, SOLIEU_ZALO_MODE="webhook"))
    await stub.until(lambda: stub.webhook is not None, 20)
    await bot.stop()
    await bot.start(*HASTY)
    await stub.until(lambda: stub.webhook is None, 20)
    assert "3,02%" in (await answer(stub, home, lan, POVERTY)).text


async def test_beside_telegram_that_answers_and_then_does_not(
    bot: Bot, stub: ZaloApi, port: int
) -> None:
    ((home, lan),) = people(stub, "Lan")
    async with BotApi() as telegram:
        both = {
            "SOLIEU_TELEGRAM_TOKEN": telegram.token,
            "SOLIEU_TELEGRAM_API": telegram.root,
            **here(port),
        }
        an = telegram.person(7, "An")
        async with telegram.away():
            await bot.start(*IMPATIENT, **both)
            assert "3,02%" in (await answer(stub, home, lan, POVERTY)).text
            await bot.says("Telegram cannot be reached yet; trying on.")
            async with aiohttp.ClientSession() as session:
                reply = await session.get(f"http://127.0.0.1:{port}/healthz")
                assert (reply.status, await reply.json()) == (
                    200,
                    {"telegram": False, "zalo": True},
                )
        told = telegram.say(telegram.private(an), an, POVERTY)
        sent = await telegram.wait_for(lambda each: each.reply_to == told.message_id, 20)
        assert "3,02%" in sent.text
        assert bot.log.count("Telegram cannot be reached yet") == 1
        assert "4,35%" in (await answer(stub, home, lan, "còn 2022?")).text
        await bot.stop()
        assert telegram.token.partition(":")[2] not in bot.log
    bot.keeps_its_secrets()


async def test_a_person_on_telegram_goes_on_here(bot: Bot, stub: ZaloApi, port: int) -> None:
    ((home, lan),) = people(stub, "Lan")
    async with BotApi() as telegram:
        both = {
            "SOLIEU_TELEGRAM_TOKEN": telegram.token,
            "SOLIEU_TELEGRAM_API": telegram.root,
            **here(port),
        }
        same = telegram.person(7, "Lan")
        chat = telegram.private(same)

        async def told(text: str) -> str:
            said = telegram.say(chat, same, text)
            return (await telegram.wait_for(lambda each: each.reply_to == said.message_id, 20)).text

        await bot.start(*IMPATIENT, **both)
        assert "Đã đăng ký" in await told("đăng ký bản tin hằng tháng")
        code = (await told("/lienket")).splitlines()[1]
        await bot.kill()
        await bot.start(*IMPATIENT, **both)
        reply = (await answer(stub, home, lan, f"lien ket {code.lower()}")).text
        assert reply.splitlines()[:2] == [
            "Đã liên kết với tài khoản Telegram của anh/chị",
            "Từ nay 1 đăng ký của anh/chị được gửi về đây.",
        ]
        assert "Gửi ở Zalo" in await told("tôi đang đăng ký gì")
        assert "được gửi về Telegram" in (await answer(stub, home, lan, "2")).text
        assert "Gửi ở Telegram" in (await answer(stub, home, lan, "tôi đang đăng ký gì")).text
        assert code not in bot.log
        assert bot.rows("SELECT count(*) FROM account WHERE identity IS NOT NULL") == [(2,)]
        await bot.stop()
    bot.keeps_its_secrets()


async def test_without_an_address_of_ours_words_stand_for_pictures(bot: Bot, stub: ZaloApi) -> None:
    ((home, lan),) = people(stub, "Lan")
    await bot.start(*HASTY)
    drawn = await answer(stub, home, lan, "biểu đồ tỷ lệ hộ nghèo")
    assert drawn.method == "sendMessage"
    assert "Năm 2022: 4,35%" in drawn.text
    assert "SOLIEU_PUBLIC_URL is not set" in bot.log


async def test_a_picture_that_cannot_be_fetched_is_said_in_words(
    bot: Bot, stub: ZaloApi, port: int
) -> None:
    ((home, lan),) = people(stub, "Lan")
    await bot.start(*HASTY, **here(port, SOLIEU_PUBLIC_URL="http://127.0.0.1:9"))
    drawn = await answer(stub, home, lan, "biểu đồ tỷ lệ hộ nghèo")
    assert drawn.method == "sendMessage"
    assert "Năm 2022: 4,35%" in drawn.text


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 403},
        {"status": 408},
        {"status": 500},
        {"status": 404},
        {"status": 502, "html": True},
        {"silent": True},
    ],
    ids=str,
)
async def test_a_picture_that_fails_again_and_again_does_not_silence_a_chat(
    bot: Bot, stub: ZaloApi, port: int, fault: dict[str, Any]
) -> None:
    ((home, lan),) = people(stub, "Lan")
    stub.fault("sendPhoto", times=None, **fault)
    await bot.start(*IMPATIENT, **here(port))
    drawn = await answer(stub, home, lan, "biểu đồ tỷ lệ hộ nghèo")
    assert drawn.method == "sendMessage"
    assert "Năm 2022: 4,35%" in drawn.text
    assert "3,02%" in (await answer(stub, home, lan, POVERTY)).text
    assert bot.rows("SELECT count(*) FROM chat WHERE gone_at IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    "mention", ["@Bot Số liệu", "@bot so lieu:", "@BOT SỐ LIỆU,", "@Bot_Số_liệu", "@bot.solieu"]
)
def test_however_the_bot_is_addressed_its_name_is_no_part_of_the_question(mention: str) -> None:
    me = Me("1", ("Bot Số liệu", "bot.solieu"))
    for form in ("NFC", "NFD"):
        event = said(unicodedata.normalize(form, f"{mention} 2"), group=True)
        incoming = read(event, me, NOW)
        assert incoming is not None
        assert incoming.text == "2"
    inside = read(said(f"cho hỏi {mention} Đào tạo nghề", group=True), me, NOW)
    assert inside is not None
    assert inside.text is not None
    assert inside.text.split() == ["cho", "hỏi", "Đào", "tạo", "nghề"]
    other = read(said("@Bot Số liệuX 2", group=True), me, NOW)
    assert other is not None
    assert other.text == "@Bot Số liệuX 2"


def test_an_id_that_no_store_can_hold_is_passed_over() -> None:
    """Fetched, it would come again and again, and nothing behind it would be reached."""
    assert received(said(POVERTY), NOW) is not None
    assert received(said(POVERTY, id="\ud800"), NOW) is None
    assert received(said(POVERTY, chat="\ud800"), NOW) is None


NOW = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)


def said(
    text: str,
    *,
    group: bool = False,
    id: str = "2d758cb5e222177a4e35",
    chat: str = "6ede9afa66b88fe6d6a9",
) -> Any:
    place = {"id": chat, "chat_type": "GROUP" if group else "PRIVATE"}
    message = {
        "message_id": id,
        "from": {"id": "6ede9afa66b88fe6d6a9"},
        "chat": place,
        "text": text,
    }
    return {"event_name": "message.text.received", "message": message}
