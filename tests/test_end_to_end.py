"""The real process against a Bot API over real HTTP: asked and answering, cut off, doubled, stopped and killed."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.stubs.bot_api import BotApi, Chat, Person, Sent
from tests.stubs.zalo import ZaloApi

ROOT = Path(__file__).parent.parent
COMMAND = ("-m", "bot", "run")
IMPATIENT = (
    "-c",
    """
import asyncio
from bot.app import serve
from bot.settings import Settings
from db.store import Store

async def main():
    await serve(Settings(), await Store.open(__import__("os").environ["SOLIEU_DATABASE_URL"]), hold=1, patience=1.0, alarm=3.0)

asyncio.run(main())
""",
)
POVERTY = "tỷ lệ hộ nghèo 2023"
ASKED = ("tỷ lệ hộ nghèo", "giảm nghèo", "thất nghiệp", "bí mật của dân")
"""Words that people write here, and that no log may hold."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the demonstration, made once."""
    folder = tmp_path_factory.mktemp("made")
    environment = {**os.environ, "SOLIEU_DATABASE_URL": f"sqlite:///{folder}/solieu.db"}
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", POVERTY],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=-3,
    )
    return folder


@dataclass
class Bot:
    """A process of the bot over a folder, on the platform that `platform` names in settings; its log goes on in one file."""

    folder: Path
    stub: BotApi | ZaloApi
    platform: str = "TELEGRAM"
    process: asyncio.subprocess.Process | None = None

    async def start(self, *command: str, **settings: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SOLIEU_")},
            f"SOLIEU_{self.platform}_TOKEN": self.stub.token,
            f"SOLIEU_{self.platform}_API": self.stub.root,
            "SOLIEU_DATABASE_URL": f"sqlite:///{self.folder}/solieu.db",
            "SOLIEU_LISTEN": "127.0.0.1:0",
            "SOLIEU_LOG_LEVEL": "DEBUG",
            "HOME": str(self.folder),
            **settings,
        }
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                *(command or COMMAND),
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    async def says(self, words: str, within: float = 20) -> None:
        async with asyncio.timeout(within):
            while words not in self.log:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def stop(self) -> float:
        """Tells it to stop, and gives the seconds that it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(15):
            code = await self.process.wait()
        assert code == 0, self.log
        self.process = None
        return time.monotonic() - began

    async def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None

    def rows(self, query: str) -> list[Any]:
        connection = sqlite3.connect(self.folder / "solieu-chats.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def keeps_its_secrets(self) -> None:
        """Neither the token nor a person's words are in the log; nor in the store, once all is answered."""
        secret = self.stub.token.partition(":")[2]
        assert secret not in self.log
        assert not [words for words in ASKED if words in self.log.lower()]
        assert self.rows(
            "SELECT count(*) FROM inbox WHERE state = 'answered' AND raw IS NOT NULL"
        ) == [(0,)]
        assert self.rows(
            "SELECT count(*) FROM outbox WHERE state = 'sent' AND call IS NOT NULL"
        ) == [(0,)]


@pytest.fixture
async def stub() -> Any:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def bot(made: Path, tmp_path: Path, stub: BotApi) -> Any:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    running = Bot(tmp_path, stub)
    yield running
    await running.kill()


def to(stub: BotApi, chat: Chat, message_id: int) -> Callable[[], list[Sent]]:
    """The answers to a message."""
    return lambda: [sent for sent in stub.sent if sent.chat is chat and sent.reply_to == message_id]


async def answer(
    stub: BotApi, chat: Chat, who: Person, text: str, within: float = 20, **more: Any
) -> Sent:
    told = stub.say(chat, who, text, **more)
    await stub.until(to(stub, chat, told.message_id), within)
    return to(stub, chat, told.message_id)()[0]


async def test_fetching(bot: Bot, stub: BotApi) -> None:
    an, binh = stub.person(7, "An"), stub.person(8, "Bình")
    home, me = stub.private(an), "@" + stub.account.me["username"]
    group = stub.group(-1_001_000_000_001, "Phòng")
    forum = stub.group(-1_001_000_000_002, "Diễn đàn", forum=True)
    thread = stub.topic(forum, an, "Chỉ tiêu")
    await bot.start()

    first = await answer(stub, home, an, POVERTY)
    assert first.text.splitlines()[:2] == ["Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023", "3,02%"]
    assert first.params["link_preview_options"] == {"is_disabled": True}
    assert (await answer(stub, home, an, "còn 2022?")).text.splitlines()[1] == "4,35%"

    # Places.
    stub.say(group, an, "bí mật của dân")
    stub.sticker(group, an)
    sent = await answer(stub, group, binh, f"{me} {POVERTY}")
    assert "3,02%" in sent.text
    sent = await answer(stub, forum, an, f"/hoi {POVERTY}", thread=thread)
    assert sent.thread == thread
    told = stub.voice(home, an)
    await stub.until(to(stub, home, told.message_id))

    # Buttons, edits, search.
    label = first.labels[0]
    press = stub.press(first, label, an)
    await stub.until(lambda: press.id in stub.answered and to(stub, home, first.message_id)())
    shared = next(each for each in stub.shown(group) if each.labels)
    press = stub.press(shared, shared.labels[0], an)
    await stub.until(lambda: press.id in stub.answered and to(stub, group, shared.message_id)())
    told = stub.say(home, an, POVERTY)
    await stub.until(to(stub, home, told.message_id))
    before = to(stub, home, told.message_id)()[0]
    stub.edit(told, "tỷ lệ hộ nghèo 2022")
    edited = await stub.wait_for(lambda sent: sent.method == "editMessageText")
    assert (edited.message_id, edited.text.splitlines()[1]) == (before.message_id, "4,35%")
    found = await stub.wait_for_inline(stub.inline(an, POVERTY))
    assert found.is_personal
    assert found.results[0]["title"].startswith("Tỷ lệ hộ nghèo")
    assert "3,02%" in found.results[0]["input_message_content"]["message_text"]

    # A list is a table where the server takes it.
    table = await answer(stub, stub.private(binh), binh, "chỉ tiêu năm 2023")
    assert table.rich is not None
    stub.rich = "absent"
    text = await answer(stub, stub.private(binh), binh, "chỉ tiêu năm 2023")
    assert text.rich is None
    assert "< 3%" in text.text

    # What goes wrong on the way out: each chat its own, so that none waits for another.
    faults: dict[str, dict[str, Any]] = {
        "429": {"status": 429, "retry_after": 1},
        "502": {"status": 502, "html": True},
        "200": {"status": 200, "html": True},
        "before": {"drop": "before"},
        "after": {"drop": "after"},
    }
    people = {name: stub.person(100 + place, name) for place, name in enumerate(faults)}
    met = {
        name: stub.fault("sendMessage", chat=stub.private(people[name]), **faults[name])
        for name in faults
    }
    asked = {
        name: stub.say(stub.private(person), person, POVERTY) for name, person in people.items()
    }
    await stub.until(lambda: all(to(stub, each.chat, each.message_id)() for each in asked.values()))
    await stub.until(lambda: len(stub.shown(asked["after"].chat)) == 2)
    assert {
        name: (fault.used, len(stub.shown(asked[name].chat))) for name, fault in met.items()
    } == {name: (1, 2 if name == "after" else 1) for name in faults}

    # What goes wrong on the way in.
    for fault in (
        {"status": 401},
        {"status": 502, "html": True},
        {"drop": "after"},
        {"status": 409},
    ):
        stub.fault("getUpdates", **fault)
    stub.push_raw({"message": {"chat": "?", "text": ["bí mật của dân"]}})
    told = stub.say(home, an, POVERTY)
    await stub.until(to(stub, home, told.message_id), 30)
    stub.repeat(told)
    await answer(stub, home, an, "xin chào")
    assert len(to(stub, home, told.message_id)()) == 1
    await bot.says("Another process fetches this bot's updates")
    await bot.says("An update could not be read and is put aside")
    async with aiohttp.ClientSession() as client:
        await client.post(
            f"{stub.root}/bot{stub.token}/getUpdates", json={"offset": -1, "timeout": 0}
        )
    await answer(stub, home, an, POVERTY)

    assert await bot.stop() < 5
    assert not [sent for sent in stub.sent if "bí mật" in sent.text]
    assert [
        len(stub.called(f"set{what}"))
        for what in ("MyCommands", "MyDescription", "MyShortDescription")
    ] == [2, 2, 2]
    bot.keeps_its_secrets()


async def test_deliveries_and_starting_without_telegram(bot: Bot, stub: BotApi) -> None:
    an, binh = stub.person(7, "An"), stub.person(8, "Bình")
    home, group = stub.private(an), stub.group(-1_001_000_000_001, "Phòng")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    hooked = {
        "SOLIEU_TELEGRAM_MODE": "webhook",
        "SOLIEU_PUBLIC_URL": f"http://{address}/",
        "SOLIEU_LISTEN": address,
    }
    async with stub.away(), aiohttp.ClientSession() as client:
        await bot.start(**hooked)
        await bot.says("Telegram cannot be reached yet; trying on.")
        async with client.get(f"http://{address}/healthz") as health:
            assert health.status == 503
    await stub.until(lambda: stub.webhook is not None, 20)
    assert stub.webhook is not None
    first = await answer(stub, home, an, POVERTY)
    assert "3,02%" in first.text
    stub.push_raw({"message": {"chat": "?"}})
    sent = await answer(stub, group, binh, f"/hoi@{stub.account.me['username']} {POVERTY}")
    assert "3,02%" in sent.text
    press = stub.press(sent, sent.labels[0], an)
    await stub.until(lambda: press.id in stub.answered and to(stub, group, sent.message_id)())
    found = await stub.wait_for_inline(stub.inline(an, POVERTY))
    assert found.results
    async with aiohttp.ClientSession() as client:
        async with client.get(f"http://{address}/healthz") as health:
            assert (health.status, await health.json()) == (200, {"telegram": True})
        async with client.post(stub.webhook.url, json={"update_id": 1}) as refused:
            assert refused.status == 403
    assert {post.status for post in stub.posts} == {200}
    # A group talks of one thing: who replies means that answer, who has asked nothing yet means the topic's last.
    forum, me = (
        stub.group(-1_001_000_000_002, "Diễn đàn", forum=True),
        "@" + stub.account.me["username"],
    )
    thread = stub.topic(forum, an, "Chỉ tiêu")
    lan, minh, hoa = (
        stub.person(11 + place, name) for place, name in enumerate(("Lan", "Minh", "Hoa"))
    )
    spoken = await answer(stub, forum, lan, f"{me} {POVERTY}", thread=thread)
    assert "3,02%" in spoken.text
    for who, words, reply in ((minh, "còn 2022?", spoken), (hoa, f"{me} còn 2022?", None)):
        sent = await answer(stub, forum, who, words, thread=thread, reply_to=reply)
        assert sent.text.splitlines()[1] == "4,35%"
        assert "Theo câu trước: Tỷ lệ hộ nghèo" in sent.text
    # Killed, and delivered to again: what was given back while nobody listened comes once somebody does.
    await bot.kill()
    told = stub.say(home, an, "còn 2022?")
    await asyncio.sleep(0.3)
    await bot.start(**hooked)
    await stub.until(to(stub, home, told.message_id), 20)
    assert to(stub, home, told.message_id)()[0].text.splitlines()[1] == "4,35%"
    # The group's talk goes on, until it is of another day.
    assert "3,02%" in (await answer(stub, forum, hoa, f"{me} còn 2023?", thread=thread)).text
    with closing(sqlite3.connect(bot.folder / "solieu-chats.db")) as chats, chats:
        chats.execute("UPDATE talk SET changed_at = datetime(changed_at, '-13 hours')")
    assert "%" not in (await answer(stub, forum, hoa, f"{me} còn 2022?", thread=thread)).text
    assert await bot.stop() < 5
    assert len(stub.called("setWebhook")) == 1
    # And fetching from now on: the webhook is taken down, and a button of before still works.
    await bot.start()
    press = stub.press(first, first.labels[0], an)
    await stub.until(lambda: press.id in stub.answered and to(stub, home, first.message_id)(), 20)
    assert stub.webhook is None
    assert await bot.stop() < 5
    bot.keeps_its_secrets()


async def test_a_silent_network_and_a_locked_database(bot: Bot, stub: BotApi) -> None:
    an = stub.person(7, "An")
    home = stub.private(an)
    await bot.start(*IMPATIENT)
    await answer(stub, home, an, POVERTY)
    silence = stub.fault("*", silent=True, times=None)
    told = stub.say(home, an, "còn 2022?")
    await bot.says("No updates can arrive from Telegram")
    assert silence.used
    stub.heal()
    await stub.until(to(stub, home, told.message_id))
    await bot.says("Telegram answers again.")
    other = sqlite3.connect(
        bot.folder / "solieu-chats.db", isolation_level=None, check_same_thread=False
    )
    await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
    told = stub.say(home, an, "thất nghiệp 2023")
    await bot.says("The database is kept from us")
    assert stub.pending
    other.execute("COMMIT")
    await stub.until(to(stub, home, told.message_id))
    # Locked again, it can still be told to stop.
    await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")
    stub.say(home, an, POVERTY)
    await asyncio.sleep(1.0)
    assert await bot.stop() < 5
    other.execute("COMMIT")
    other.close()
    await bot.start()
    await stub.until(lambda: stub.pending == 0 and len(stub.shown(home)) == 4, 20)
    await bot.kill()


@pytest.mark.parametrize("moment", ["received", "answered", "sending"])
async def test_killed_with_ten_updates_waiting(bot: Bot, stub: BotApi, moment: str) -> None:
    """All ten are answered after the restart; twice at most those that were being sent when it died."""
    people = [stub.person(100 + number, f"Người {number}") for number in range(10)]
    await bot.start()
    await stub.wait_for_call("getUpdates", 1, 20)
    heir = Bot(bot.folder, stub)
    await heir.start()  # a second process over the same store waits until the first is gone
    await bot.says("Another process serves telegram-")
    if moment == "sending":
        stub.fault("sendMessage", delay=0.3, times=None)
    elif moment == "answered":
        stub.fault("sendMessage", silent=True, times=None)
    asked = [stub.say(stub.private(each), each, POVERTY) for each in people]
    ready: dict[str, Callable[[], Awaitable[Any]]] = {
        "received": lambda: until(lambda: bot.rows("SELECT 1 FROM inbox LIMIT 1")),
        "answered": lambda: until(lambda: len(bot.rows("SELECT 1 FROM outbox")) == 10),
        "sending": lambda: stub.wait_for_call("sendMessage", 5),
    }
    await ready[moment]()
    await bot.kill()
    in_doubt = {call.chat_id for call in stub.called("sendMessage")}
    stub.heal()
    try:
        await stub.until(lambda: all(to(stub, each.chat, each.message_id)() for each in asked), 25)
        await until(
            lambda: bot.rows("SELECT count(*) FROM outbox WHERE finished_at IS NULL") == [(0,)]
        )
        for each in asked:
            answers = to(stub, each.chat, each.message_id)()
            assert all("3,02%" in sent.text for sent in answers)
            assert len(answers) <= (2 if str(each.chat.id) in in_doubt else 1)
        assert stub.pending == 0
        assert await heir.stop() < 5
        assert bot.rows("SELECT count(*) FROM inbox WHERE state = 'answered'") == [(10,)]
        bot.keeps_its_secrets()
        assert not re.search("409", " ".join(str(call.status) for call in stub.calls))
    finally:
        await heir.kill()


async def until(holds: Callable[[], Any], within: float = 25) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
