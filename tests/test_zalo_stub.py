"""The Zalo Bot API server of the tests behaves as the platform's documents and the reports on it say, seen over real HTTP."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web

from tests.stubs.zalo import Chat, Person, ZaloApi

LAN = "6ede9afa66b88fe6d6a9"
PHONG = "9b1a2c3d4e5f60718293"
PNG = b"\x89PNG\r\n\x1a\n and the rest"
SECRET = "bi-mat-cua-webhook"


class Bot:
    """Calls the server as a bot does."""

    def __init__(self, stub: ZaloApi, client: httpx.AsyncClient) -> None:
        self.stub, self.client = stub, client

    async def ask(self, method: str, **params: Any) -> httpx.Response:
        return await self.client.post(
            f"{self.stub.root}/bot{self.stub.token}/{method}", json=params
        )

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result of a call that goes well."""
        answer = (await self.ask(method, **params)).json()
        assert answer["ok"], answer
        assert answer.get("error_code", 0) == 0
        return answer.get("result")

    async def code(self, method: str, **params: Any) -> int:
        """The error_code of a call, 0 when it goes well."""
        answer = (await self.ask(method, **params)).json()
        assert answer["ok"] == (answer.get("error_code", 0) == 0)
        return int(answer.get("error_code", 0))

    async def next(self, seconds: float = 5) -> Any:
        return (await self("getUpdates", timeout=seconds))["message"]["text"]


@pytest.fixture
async def stub() -> AsyncIterator[ZaloApi]:
    async with ZaloApi() as stub:
        yield stub


@pytest.fixture
async def bot(stub: ZaloApi) -> AsyncIterator[Bot]:
    async with httpx.AsyncClient(timeout=20) as client:
        yield Bot(stub, client)


@pytest.fixture
def lan(stub: ZaloApi) -> Person:
    return stub.person(LAN, "Lan")


@pytest.fixture
def chat(stub: ZaloApi, lan: Person) -> Chat:
    return stub.private(lan)


@dataclass
class Hook:
    """A listener of the bot's: what was posted to it, and what it answers."""

    root: str = ""
    got: list[tuple[str | None, str, bytes]] = field(default_factory=list)
    status: int = 200

    async def take(self, request: web.Request) -> web.Response:
        headers = request.headers
        self.got.append(
            (headers.get("X-Bot-Api-Secret-Token"), headers["User-Agent"], await request.read())
        )
        return web.Response(status=self.status)


@asynccontextmanager
async def listening(*routes: web.RouteDef) -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    async with listening(web.post("/zalo", hook.take)) as root:
        hook.root = f"{root}/zalo"
        yield hook


# A talk


async def test_a_person_asks_and_is_answered(
    stub: ZaloApi, bot: Bot, lan: Person, chat: Chat
) -> None:
    me = await bot("getMe")
    assert me["display_name"] == "Bot Số liệu"
    assert me["account_name"].startswith("bot.")
    moment = datetime(2024, 3, 24, 8, tzinfo=UTC)
    stub.say(chat, lan, "tỷ lệ hộ nghèo 2023?", at=moment)
    update = await bot("getUpdates", timeout="5")
    assert update["event_name"] == "message.text.received"
    assert update["message"] == {
        "message_id": update["message"]["message_id"],
        "date": int(moment.timestamp() * 1000),
        "from": {"id": LAN, "display_name": "Lan", "is_bot": False},
        "chat": {"id": LAN, "chat_type": "PRIVATE"},
        "text": "tỷ lệ hộ nghèo 2023?",
    }
    assert (await bot.ask("sendChatAction", chat_id=LAN, action="typing")).json() == {"ok": True}
    made = await bot(
        "sendMessage",
        chat_id=LAN,
        text="3,02%",
        text_styles=[{"start": 0, "len": 5, "st": ["b", "c_15a85f"]}],
    )
    (sent,) = await stub.wait_for(1)
    assert (sent.chat, sent.text, sent.message_id) == (chat, "3,02%", made["message_id"])
    assert sent.styles[0]["st"] == ["b", "c_15a85f"]
    assert made["date"] > 10**12
    assert stub.shown(chat) == [sent]
    assert [each.text for each in stub.talk(chat)] == ["tỷ lệ hộ nghèo 2023?", "3,02%"]


async def test_takes_json_forms_and_addresses(stub: ZaloApi, bot: Bot, chat: Chat) -> None:
    send = f"{stub.root}/bot{stub.token}/sendMessage"
    styles = json.dumps([{"start": 0, "len": 1, "st": ["b"]}])
    for given in (
        {"data": {"chat_id": LAN, "text": "a", "text_styles": styles}},
        {"files": {"chat_id": (None, LAN), "text": (None, "a")}},
    ):
        assert (await bot.client.post(send, **given)).json()["ok"]
    assert (await bot.client.get(send, params={"chat_id": LAN, "text": "a"})).json()["ok"]
    assert [sent.text for sent in stub.sent] == ["a", "a", "a"]
    assert stub.sent[0].styles
    assert (
        await bot.client.post(send, content=b"{", headers={"Content-Type": "application/json"})
    ).json()["error_code"] == 400


@pytest.mark.parametrize("http_status", [True, False])
async def test_says_no_with_a_status_or_without(
    stub: ZaloApi, bot: Bot, chat: Chat, http_status: bool
) -> None:
    stub.http_status = http_status
    answer = await bot.ask("sendMessage", chat_id=LAN, text="")
    assert answer.json() == {"ok": False, "description": "Bad request", "error_code": 400}
    assert answer.status_code == (400 if http_status else 200)
    wrong = await bot.client.post(f"{stub.root}/bot1:other/getMe")
    assert (wrong.status_code, wrong.json()["error_code"]) == (401 if http_status else 200, 401)
    assert await bot.code("getme") == 404
    assert [call.status for call in stub.calls] == [400, 404]


async def test_limits(stub: ZaloApi, bot: Bot, chat: Chat) -> None:
    assert await bot.code("sendMessage", chat_id=LAN, text="😀" * 1000) == 0
    assert await bot.code("sendMessage", chat_id=LAN, text="😀" * 1000 + "a") == 400
    assert (
        await bot.code("sendMessage", chat_id=LAN, text=unicodedata.normalize("NFD", "ế" * 2000))
        == 0
    )
    assert await bot.code("sendMessage", chat_id=LAN) == 400
    assert await bot.code("sendMessage", chat_id="ffffffffffffffffffff", text="a") == 404
    assert await bot.code("sendMessage", chat_id=7, text="a") == 400
    assert await bot.code("sendMessage", chat_id=LAN, text="a", parse_mode="HTML5") == 400
    assert await bot.code("sendMessage", chat_id=LAN, text="<b>a</b>", parse_mode="html") == 0
    assert await bot.code("sendChatAction", chat_id=LAN, action="dancing") == 400
    assert await bot.code("sendSticker", chat_id=LAN, sticker="bfe458bf64fa8da4d4eb") == 0
    assert [(sent.method, sent.sticker) for sent in stub.sent[3:]] == [
        ("sendSticker", "bfe458bf64fa8da4d4eb")
    ]


@pytest.mark.parametrize(
    ("style", "code"),
    [
        ({"start": 0, "len": 4, "st": ["b", "f_18", "c_db342e"]}, 0),
        ({"start": 1, "len": 2, "st": ["lst_1", "ind_5"]}, 0),
        ({"start": 0, "len": 5, "st": ["b"]}, 400),
        ({"start": -1, "len": 2, "st": ["b"]}, 400),
        ({"start": 0, "len": 0, "st": ["b"]}, 400),
        ({"start": 2, "len": 2, "st": ["b"]}, 400),
        ({"start": 0, "len": 2, "st": ["b"]}, 400),
        ({"start": 0, "len": 1, "st": []}, 400),
        ({"start": 0, "len": 1, "st": ["c_ff0000"]}, 400),
        ({"start": 0, "len": 1}, 400),
        ("b", 400),
    ],
)
async def test_styles_stand_inside_the_text(bot: Bot, chat: Chat, style: Any, code: int) -> None:
    """Of "a😀b": the second character has two units, which no style may part."""
    assert await bot.code("sendMessage", chat_id=LAN, text="a😀b", text_styles=[style]) == code
    if code:
        assert (
            await bot.code(
                "sendMessage", chat_id=LAN, text="a😀b", text_styles=[style], parse_mode="markdown"
            )
            == 0
        )


async def test_ids_and_names(stub: ZaloApi) -> None:
    with pytest.raises(ValueError, match="20 hex digits"):
        stub.person("7", "An")
    with pytest.raises(ValueError, match="20 hex digits"):
        stub.group("-100", "Phòng")
    with pytest.raises(ValueError, match="begins with"):
        ZaloApi(name="Số liệu")


# What people do


async def test_groups_are_heard_when_they_call(stub: ZaloApi, bot: Bot, lan: Person) -> None:
    group = stub.group(PHONG, "Phòng")
    stub.say(group, lan, "bí mật của dân")
    stub.sticker(group, lan)
    stub.say(group, lan, "@Bot Số liệu hộ nghèo")
    update = await bot("getUpdates")
    assert update["message"]["text"] == "@Bot Số liệu hộ nghèo"
    assert update["message"]["chat"] == {"id": PHONG, "chat_type": "GROUP"}
    await bot("sendMessage", chat_id=PHONG, text="3,02%")
    stub.say(group, lan, "còn 2022?", reply_to=stub.sent[0])
    assert await bot.next() == "còn 2022?"
    assert stub.pending == 0


async def test_what_is_no_text(stub: ZaloApi, bot: Bot, lan: Person, chat: Chat) -> None:
    stub.photo(chat, lan, "ảnh")
    stub.photo(chat, lan, key="photo")
    stub.sticker(chat, lan)
    stub.voice(chat, lan)
    stub.unsupported(chat, lan)
    stub.unsupported(chat, lan, without_message=True)
    stub.raw({"event_name": "message.reaction.received", "?": [1]})
    updates = [await bot("getUpdates") for _ in range(7)]
    names = ["image", "image", "sticker", "voice", "unsupported", "unsupported", "reaction"]
    assert [update["event_name"] for update in updates] == [
        f"message.{name}.received" for name in names
    ]
    first, second, sticker, voice, unsupported = (update["message"] for update in updates[:5])
    assert (first["caption"], "caption" in second) == ("ảnh", False)
    assert first["photo_url"] == second["photo"]
    assert sticker["sticker"]
    assert voice["voice_url"].endswith(".aac")
    assert set(unsupported) == {"message_id", "date", "from", "chat"}
    assert updates[5] == {"event_name": "message.unsupported.received"}
    assert updates[6]["?"] == [1]


# Polling


async def test_polling_waits_and_gives_up(stub: ZaloApi, bot: Bot, lan: Person, chat: Chat) -> None:
    began = time.monotonic()
    assert await bot.code("getUpdates", timeout="0.2") == 408
    assert time.monotonic() - began >= 0.2
    assert await bot.code("getUpdates", timeout="soon") == 400
    waiting = asyncio.create_task(bot.next(10))
    await stub.wait_for_call("getUpdates", 3)
    stub.say(chat, lan, "a")
    assert await waiting == "a"


async def test_an_update_is_handed_out_once(
    stub: ZaloApi, bot: Bot, lan: Person, chat: Chat
) -> None:
    said = [stub.say(chat, lan, words) for words in "abc"]
    assert sorted(await asyncio.gather(bot.next(), bot.next())) == ["a", "b"]
    stub.again(said[0])
    assert [await bot.next(), await bot.next()] == ["c", "a"]
    assert await bot.code("getUpdates", timeout=0) == 408


async def test_or_updates_come_back_for_ever(
    stub: ZaloApi, bot: Bot, lan: Person, chat: Chat
) -> None:
    stub.repeats = "always"
    for words in "abc":
        stub.say(chat, lan, words)
    assert [await bot.next(0) for _ in range(9)] == list("aabacbacb")
    stub.say(chat, lan, "d")
    assert "d" in [await bot.next(0) for _ in range(2)]


async def test_who_hung_up_takes_no_update_along(
    stub: ZaloApi, bot: Bot, lan: Person, chat: Chat
) -> None:
    async with httpx.AsyncClient(timeout=0.2) as impatient:
        with pytest.raises(httpx.ReadTimeout):
            await Bot(stub, impatient).next(30)
    stub.say(chat, lan, "a")
    assert await bot.next() == "a"


async def test_away_and_back(stub: ZaloApi, bot: Bot, lan: Person, chat: Chat) -> None:
    root = stub.root
    polling = asyncio.create_task(bot.ask("getUpdates"))
    await stub.wait_for_call("getUpdates")
    async with stub.away():
        with pytest.raises(httpx.HTTPError):
            await polling
        with pytest.raises(httpx.ConnectError):
            await bot("getMe")
        stub.say(chat, lan, "a")
    assert stub.root == root
    assert await bot.next() == "a"


# Webhooks


async def test_a_webhook(stub: ZaloApi, bot: Bot, lan: Person, chat: Chat, hook: Hook) -> None:
    assert await bot.code("getWebhookInfo") == 404
    assert await bot.code("testWebhook") == 404
    polling = asyncio.create_task(bot.code("getUpdates"))
    await stub.wait_for_call("getUpdates")
    made = await bot("setWebhook", url=hook.root, secret_token=SECRET)
    assert await polling == 400
    assert made["url"] == hook.root
    assert (
        made["verification"]["ok"],
        made["verification"]["outcome"],
        made["verification"]["status_code"],
    ) == (
        True,
        "webhook.ok",
        200,
    )
    assert (await bot("getWebhookInfo")).keys() == {"url", "updated_at"}
    refused = await bot.ask("getUpdates")
    assert (refused.status_code, "while a webhook is set" in refused.json()["description"]) == (
        400,
        True,
    )

    hook.got.clear()
    said = [stub.say(chat, lan, "một"), stub.say(chat, lan, "hai")]
    await stub.until(lambda: len(stub.posts) == 2)
    assert [json.loads(body) for _, _, body in hook.got] == said
    assert {(secret, agent.startswith("Java/")) for secret, agent, _ in hook.got} == {
        (SECRET, True)
    }
    stub.wrapped = True
    stub.again(said[0])
    await stub.until(lambda: len(stub.posts) == 3)
    assert json.loads(hook.got[2][2]) == {"ok": True, "result": said[0]}
    assert {post.status for post in stub.posts} == {200}

    assert await stub.post(b"", None) == 200
    assert hook.got[-1][::2] == (None, b"")
    assert await stub.post(b"\xff{", "wrong") == 200
    assert hook.got[-1][::2] == ("wrong", b"\xff{")

    assert (await bot("deleteWebhook"))["url"] == ""
    assert (await bot("deleteWebhook"))["url"] == ""
    stub.say(chat, lan, "ba")
    assert await bot.next() == "ba"
    with pytest.raises(LookupError):
        await stub.post(b"", None)


async def test_a_webhook_that_fails_is_set_all_the_same(
    stub: ZaloApi, bot: Bot, lan: Person, chat: Chat, hook: Hook
) -> None:
    hook.status = 403
    made = await bot("setWebhook", url=hook.root, secret_token=SECRET)
    assert (made["verification"]["ok"], made["verification"]["outcome"]) == (
        False,
        "webhook.http.403",
    )
    assert stub.webhook
    stub.webhook_tests = 1
    assert (await bot("testWebhook"))["status_code"] == 403
    assert (await bot.ask("testWebhook")).json()["errorCode"] == 426

    stub.say(chat, lan, "một")
    await stub.until(lambda: len(stub.posts) == 1)
    stub.retries = 2
    stub.say(chat, lan, "hai")
    await stub.until(lambda: len(stub.posts) == 4)
    assert [post.update["message"]["text"] for post in stub.posts] == ["một", "hai", "hai", "hai"]
    assert (stub.pending, {post.status for post in stub.posts}) == (0, {403})

    for url in ("https://bot.example.vn/zalo", "http://127.0.0.1:9/zalo"):
        assert not (await bot("setWebhook", url=url, secret_token=SECRET))["verification"]["ok"]


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://bot.example.vn/", SECRET),
        ("https://localhost/", SECRET),
        ("https://192.168.1.2/", SECRET),
        ("", SECRET),
        ("https://bot.example.vn/", "1234567"),
        ("https://bot.example.vn/", "x" * 257),
        ("https://bot.example.vn/", None),
    ],
)
async def test_no_webhook_like_that(stub: ZaloApi, bot: Bot, url: str, secret: str | None) -> None:
    assert await bot.code("setWebhook", url=url, secret_token=secret) == 400
    assert stub.webhook is None


# Pictures


async def test_a_picture_is_fetched(stub: ZaloApi, bot: Bot, chat: Chat) -> None:
    async def picture(_: web.Request) -> web.Response:
        return web.Response(body=PNG, content_type="image/png")

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>")

    async with listening(web.get("/a.png", picture), web.get("/page", page)) as root:
        assert (
            await bot.code("sendPhoto", chat_id=LAN, photo=f"{root}/a.png", caption="hộ nghèo") == 0
        )
        assert await bot.code("sendPhoto", chat_id=LAN, photo=f"{root}/a.png") == 0
        for photo, caption in (
            (f"{root}/page", "a"),
            (f"{root}/none", "a"),
            (f"{root}/a.png", "a" * 2001),
            (f"{root}/a.png", ""),
            (None, "a"),
        ):
            assert await bot.code("sendPhoto", chat_id=LAN, photo=photo, caption=caption) == 400
        upload = await bot.client.post(
            f"{stub.root}/bot{stub.token}/sendPhoto", data={"chat_id": LAN}, files={"photo": PNG}
        )
        assert upload.json()["error_code"] == 400
    assert await bot.code("sendPhoto", chat_id=LAN, photo=f"{root}/a.png") == 400
    assert await bot.code("sendPhoto", chat_id=LAN, photo="https://bot.example.vn/a.png") == 400
    assert [(sent.text, sent.photo) for sent in stub.sent] == [("hộ nghèo", PNG), ("", PNG)]


# Limits of the plan


async def test_the_plan_ends_and_a_month_begins(stub: ZaloApi, bot: Bot, chat: Chat) -> None:
    stub.plan = 2
    codes = [await bot.code("sendMessage", chat_id=LAN, text="a") for _ in range(3)]
    assert codes == [0, 0, 429]
    assert (await bot.ask("sendMessage", chat_id=LAN, text="a")).json()[
        "description"
    ] == "Quota exceeded"
    assert await bot.code("sendChatAction", chat_id=LAN, action="typing") == 0
    assert (stub.used, len(stub.sent)) == (2, 2)
    stub.renew()
    assert await bot.code("sendMessage", chat_id=LAN, text="a") == 0


async def test_only_so_many_calls_a_second(stub: ZaloApi, bot: Bot, chat: Chat) -> None:
    stub.rate = 2
    assert [await bot.code("getMe") for _ in range(3)] == [0, 0, 429]
    stub.rate = 3
    assert await bot.code("getMe") == 0


# Faults


async def test_faults(stub: ZaloApi, bot: Bot, chat: Chat) -> None:
    other = stub.private(stub.person("0" * 20, "Bình"))
    met = stub.fault("sendMessage", status=403, chat=chat, times=2)
    assert await bot.code("sendMessage", chat_id=other.id, text="a") == 0
    assert [await bot.code("sendMessage", chat_id=LAN, text="b") for _ in range(3)] == [403, 403, 0]
    assert met.used == 2
    stub.http_status = False
    stub.fault("sendMessage", status=429)
    assert (await bot.ask("sendMessage", chat_id=LAN, text="c")).json() == {
        "ok": False,
        "description": "Quota exceeded",
        "error_code": 429,
    }
    stub.fault("getMe", html=True)
    answer = await bot.ask("getMe")
    assert (answer.status_code, "502" in answer.text) == (502, True)
    for drop in ("before", "after"):
        stub.fault("sendMessage", drop=drop)
        with pytest.raises(httpx.RemoteProtocolError):
            await bot.ask("sendMessage", chat_id=LAN, text=drop)
    stub.fault("*", silent=True, times=None)
    with pytest.raises(httpx.ReadTimeout):
        await bot.client.post(f"{stub.root}/bot{stub.token}/getMe", timeout=0.2)
    stub.heal()
    stub.fault("getMe", delay=0.2)
    began = time.monotonic()
    await bot("getMe")
    assert time.monotonic() - began >= 0.2
    assert [sent.text for sent in stub.sent] == ["a", "b", "after"]
    assert [call.status for call in stub.called("sendMessage")] == [200, 403, 403, 200, 429, 0, 0]
    assert await stub.quiet(0.05) == stub.sent
    with pytest.raises(AssertionError, match=r"not within 0\.05 s: 3 sent"):
        await stub.wait_for(4, within=0.05)


async def test_by_hand() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.stubs.zalo", "--port", "0"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parent.parent,
        env={"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdin
    assert process.stdout
    async with asyncio.timeout(10), httpx.AsyncClient() as client:
        root, token = [
            (await process.stdout.readline()).decode().strip().partition("=")[2] for _ in range(2)
        ]
        process.stdin.write("hộ nghèo\n".encode())
        update = (await client.post(f"{root}/bot{token}/getUpdates")).json()["result"]
        await client.post(
            f"{root}/bot{token}/sendMessage",
            json={"chat_id": update["message"]["chat"]["id"], "text": "3,02%"},
        )
        while (await process.stdout.readline()).decode() != "3,02%\n":
            pass
        process.stdin.close()
        assert await process.wait() == 0
