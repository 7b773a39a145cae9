"""The Bot API server of the tests behaves as Telegram's does, seen by the real python-telegram-bot over HTTP."""

from __future__ import annotations

import asyncio
import html
import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from tests.stubs.bot_api import BotApi, Chat, Person, Refused
from tests.stubs.bot_api.requests import read_markup
from tests.stubs.bot_api.rich import read_rich
from tests.stubs.bot_api.texts import parse_html, read_text


@pytest.fixture
async def stub() -> AsyncIterator[BotApi]:
    async with BotApi() as stub:
        yield stub


@pytest.fixture
async def bot(stub: BotApi) -> AsyncIterator[Bot]:
    async with Bot(stub.token, base_url=f"{stub.root}/bot") as bot:
        yield bot


@pytest.fixture
def an(stub: BotApi) -> Person:
    return stub.person(7, "An")


@pytest.fixture
def chat(stub: BotApi, an: Person) -> Chat:
    return stub.private(an)


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=f"k:{label}")] for label in labels]
    )


def texts(updates: tuple[Update, ...]) -> list[str | None]:
    return [
        update.effective_message.text if update.effective_message else None for update in updates
    ]


# A talk


async def test_a_person_asks_and_presses(stub: BotApi, bot: Bot, an: Person, chat: Chat) -> None:
    said = stub.say(chat, an, "/hoi@solieu_test_bot hộ nghèo 😀 @nguoikhac")
    (update,) = await bot.get_updates(timeout=1)
    message = update.message
    assert message
    assert message.from_user
    assert message.from_user.language_code == "vi"
    assert [message.parse_entity(entity) for entity in message.entities] == [
        "/hoi@solieu_test_bot",
        "@nguoikhac",
    ]

    words, reply = "<b>3,02%</b> &lt;3% <i>a</i>", ReplyParameters(said.message_id)
    answer = await bot.send_message(
        7, words, "HTML", reply_markup=keyboard("Qua các năm"), reply_parameters=reply
    )
    assert answer.text == "3,02% <3% a"
    assert answer.reply_to_message
    (sent,) = await stub.wait_for(1)
    assert (sent.method, sent.chat, sent.text, sent.reply_to) == (
        "sendMessage",
        chat,
        answer.text,
        said.message_id,
    )
    assert sent.entities[0] == {"type": "bold", "offset": 0, "length": 5}
    assert sent.labels == ["Qua các năm"]

    pressed = stub.press(sent, "Qua các năm", an)
    (update,) = await bot.get_updates(offset=update.update_id + 1)
    assert update.callback_query
    assert update.callback_query.data == "k:Qua các năm"
    assert update.callback_query.message
    assert update.callback_query.message.message_id == sent.message_id
    await update.callback_query.answer("được")
    assert stub.answered[pressed.id]["text"] == "được"
    with pytest.raises(LookupError, match="Qua các năm"):
        stub.press(sent, "Không có", an)


async def test_edited_questions_stickers_and_photos_come(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    told = stub.say(chat, an, "một")
    stub.edit(told, "hai")
    stub.sticker(chat, an)
    stub.voice(chat, an)
    stub.photo(chat, an, "ảnh")
    first, second, sticker, voice, photo = await bot.get_updates()
    assert texts((first, second)) == ["một", "hai"]
    assert second.edited_message
    assert second.edited_message.message_id == told.message_id
    assert sticker.message
    assert sticker.message.sticker
    assert voice.message
    assert voice.message.voice
    assert photo.message
    assert photo.message.caption == "ảnh"


async def test_takes_json_forms_and_addresses(stub: BotApi, chat: Chat) -> None:
    send = f"{stub.root}/bot{stub.token}/sendMessage"
    async with aiohttp.ClientSession() as session:
        for given in (
            {"json": {"chat_id": 7, "text": "a"}},
            {"data": {"chat_id": "7", "text": "b"}},
        ):
            async with session.post(send, **given) as response:
                assert (await response.json())["ok"]
        async with session.get(
            send.replace("sendM", "SENDm"), params={"chat_id": "7", "text": "c"}
        ) as response:
            assert (await response.json())["result"]["text"] == "c"
        async with session.post(
            send, data={"chat_id": "7", "text": "d", "reply_markup": "{"}
        ) as response:
            assert response.status == 400
        async with session.post(send.replace("sendMessage", "sendTeapot")) as response:
            assert (response.status, (await response.json())["description"]) == (404, "Not Found")
    assert [sent.text for sent in stub.sent] == ["a", "b", "c"]


async def test_a_wrong_token_is_unauthorized(stub: BotApi) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("123456789:wrong", base_url=f"{stub.root}/bot"):
            pass


# What texts say


@pytest.mark.parametrize(
    ("source", "text", "kinds"),
    [
        ("a &lt; b &amp; c &quot; &#65; &#x42;", 'a < b & c " A B', []),
        ("&nbsp; & &unknown;", "&nbsp; & &unknown;", []),
        ("<B>x</B><em>y</em>", "xy", ["bold", "italic"]),
        ("<b>đ<i>😀</i></b>!", "đ😀!", ["bold", "italic"]),
        ('<a href="https://x.vn/?a=1&amp;b">đây</a>', "đây", ["text_link"]),
        ("<blockquote expandable>x</blockquote>", "x", ["expandable_blockquote"]),
        ('<pre><code class="language-py">x</code></pre>', "x", ["pre"]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(source: str, text: str, kinds: list[str]) -> None:
    read = parse_html(source)
    assert (read.text, [entity["type"] for entity in read.entities]) == (text, kinds)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<3%", "Unclosed start tag at byte offset 0"),
        ("đạt <3% nhé", 'Unsupported start tag "3%" at byte offset 7'),
        ("< 3%", 'Unsupported start tag "" at byte offset 0'),
        ("a<br>b", 'Unsupported start tag "br" at byte offset 1'),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href=https://x>a</a>", "Unexpected end of name token at byte offset 8"),
        (
            "<i x>a</i>",
            'Expected equal sign in declaration of an attribute of the tag "i" at byte offset 0',
        ),
    ],
)
def test_html_refused(source: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_html(source)
    assert refused.value.words == f"Bad Request: can't parse entities: {words}"


@given(st.text(max_size=60))
def test_escaped_text_reads_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text, quote=False)).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  a\n ", "a"),
        ("a\r\nb\tc\x00d", "a\nb c d"),
        ("trước\u202esau\u202c", "trướcsau"),
        ("   ", None),
        ("\u202e", None),
        ("", None),
        ("😀" * 2048, "😀" * 2048),
        ("😀" * 2048 + "a", None),
        ("đ" * 16_385, None),
    ],
)
def test_what_a_person_sees(raw: str, text: str | None) -> None:
    try:
        seen = read_text(
            raw, None, None, longest=4096, too_long="message is too long", may_be_empty=False
        ).text
    except Refused:
        seen = ""
    assert seen == (text or "")


async def test_entities_move_with_what_is_cut_off(stub: BotApi, bot: Bot, chat: Chat) -> None:
    await bot.send_message(7, " \n<b> 😀\r!</b> ", "HTML")
    await bot.send_message(7, "đạt <3%", entities=[MessageEntity("bold", 4, 3)])
    first, second = stub.sent
    assert (first.text, first.entities) == ("😀!", ({"type": "bold", "offset": 0, "length": 3},))
    assert second.entities == ({"type": "bold", "offset": 4, "length": 3},)
    with pytest.raises(BadRequest, match="ends after the end of the text"):
        await bot.send_message(7, "a", entities=[MessageEntity("bold", 0, 2)])
    many = "".join(f"<b>{number}</b> " for number in range(120))
    assert len((await bot.send_message(7, many, "HTML")).entities) == 100


# What is refused


Send = Callable[[Bot], Any]


@pytest.mark.parametrize(
    ("send", "words"),
    [
        (lambda bot: bot.send_message(8, "a"), "Chat not found"),
        (lambda bot: bot.send_message(7, ""), "Message text is empty"),
        (lambda bot: bot.send_message(7, " \n"), "Text must be non-empty"),
        (lambda bot: bot.send_message(7, "a" * 4097), "Message is too long"),
        (lambda bot: bot.send_message(7, "a", "MarkdownV2"), "Unsupported parse_mode"),
        (
            lambda bot: bot.send_message(7, "a", reply_to_message_id=999),
            "Message to be replied not found",
        ),
        (lambda bot: bot.send_message(7, "a", message_thread_id=1), "Message thread not found"),
        (lambda bot: bot.send_photo(7, b"x", caption="a" * 1025), "Message caption is too long"),
        (lambda bot: bot.send_photo(7, "no-such-file"), "Wrong remote file identifier"),
        (lambda bot: bot.send_document(7, b""), "File must be non-empty"),
        (lambda bot: bot.send_chat_action(7, "dancing"), "Wrong parameter action"),
        (lambda bot: bot.answer_callback_query("1"), "Query is too old"),
        (lambda bot: bot.answer_callback_query("1", "a" * 201), "Message_too_long"),
        (lambda bot: bot.answer_inline_query("1", []), "Query is too old"),
        (lambda bot: bot.edit_message_text("a", 7, 999), "Message to edit not found"),
        (lambda bot: bot.edit_message_text("a", 7), "Message identifier is not specified"),
        (lambda bot: bot.set_my_commands([("Hoi", "x")]), "Bot_command_invalid"),
        (lambda bot: bot.set_my_commands([("hoi", "x" * 257)]), "Bot_command_description_invalid"),
        (lambda bot: bot.set_my_description("a" * 513), "Description_too_long"),
        (lambda bot: bot.set_my_short_description("a" * 121), "Short_description_too_long"),
        (
            lambda bot: bot.get_chat_administrators(7),
            "There are no administrators in the private chat",
        ),
        (lambda bot: bot.get_chat_member(7, 8), "User not found"),
        (
            lambda bot: bot.set_webhook("https://x", secret_token="a b"),
            "Secret token contains unallowed characters",
        ),
    ],
)
async def test_refused(bot: Bot, chat: Chat, send: Send, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await send(bot)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[{"text": "a", "callback_data": "ờ" * 21}]], None),
        ([[{"text": "a", "callback_data": "ờ" * 22}]], "BUTTON_DATA_INVALID"),
        ([[{"text": "a", "callback_data": ""}]], "Text buttons are unallowed"),
        ([[{"text": "a"}]], "Text buttons are unallowed"),
        ([[{"callback_data": "a"}]], 'Can\'t find field "text"'),
        ([[{"text": " ", "callback_data": "a"}]], "text must be non-empty"),
        ([[{"text": "a", "url": "not an address"}]], "Wrong HTTP URL"),
        (
            [[{"text": "a", "copy_text": CopyTextButton("x" * 257).to_dict()}]],
            "BUTTON_COPY_TEXT_INVALID",
        ),
        ([[{"text": "a", "callback_data": "a"}] * 8] * 12, None),
        ([[{"text": "a", "callback_data": "a"}] * 8] * 13, "reply markup is too long"),
        ([[{"text": "a", "callback_data": "a"}] * 9], "reply markup is too long"),
        ([{"text": "a", "callback_data": "a"}], "should be an Array of Arrays"),
    ],
)
def test_keyboards(rows: list[Any], words: str | None) -> None:
    if words is None:
        assert read_markup({"inline_keyboard": rows})
    else:
        with pytest.raises(Refused, match=words):
            read_markup({"inline_keyboard": rows})


async def test_places_that_are_closed(stub: BotApi, bot: Bot, an: Person, chat: Chat) -> None:
    group = stub.group(-200, "Văn phòng", admins=[an])
    big = stub.group(-1_001_000_000_001, "Sở")
    stub.block(chat, an)
    stub.standing(big, an, "left")
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(7, "a")
    with pytest.raises(Forbidden, match="not a member of the supergroup chat"):
        await bot.send_message(big.id, "a")
    stub.unblock(chat, an)
    await bot.send_message(7, "a")
    new = stub.migrate(group, an, -1_001_000_000_002)
    with pytest.raises(ChatMigrated) as migrated:
        await bot.send_message(group.id, "a")
    assert migrated.value.new_chat_id == new.id
    await bot.send_message(new.id, "a")
    changes = [update.my_chat_member for update in await bot.get_updates() if update.my_chat_member]
    assert [change.new_chat_member.status for change in changes] == ["kicked", "left", "member"]
    stub.block(new, an)
    with pytest.raises(Forbidden, match="kicked from the supergroup chat"):
        await bot.send_message(new.id, "a")


# Editing, files, menus


async def test_editing(stub: BotApi, bot: Bot, an: Person, chat: Chat) -> None:
    told = stub.say(chat, an, "a")
    sent = await bot.send_message(7, "một", reply_markup=keyboard("A"))
    await bot.edit_message_text("hai", 7, sent.message_id, reply_markup=keyboard("A"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(
            "<b></b>hai", 7, sent.message_id, parse_mode="HTML", reply_markup=keyboard("A")
        )
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("hai", 7, told.message_id)
    await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=keyboard("B"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(7, sent.message_id, reply_markup=keyboard("B"))
    (shown,) = stub.shown(chat)
    assert (shown.text, shown.labels) == ("hai", ["B"])
    # A screen that lags behind still has the former keyboard.
    assert stub.press(stub.sent[0], "A", an).update["callback_query"]["data"] == "k:A"
    await bot.edit_message_text("ba", 7, sent.message_id)
    assert [(sent.method, sent.text, sent.labels) for sent in stub.sent[-1:]] == [
        ("editMessageText", "ba", [])
    ]
    photo = await bot.send_photo(7, b"png")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("a", 7, photo.message_id)


async def test_files(stub: BotApi, bot: Bot, chat: Chat) -> None:
    first = await bot.send_photo(
        7, b"png", caption="<b>Biểu đồ</b>", parse_mode="HTML", filename="a.png"
    )
    await bot.send_photo(7, first.photo[-1].file_id)
    await bot.send_document(7, b"a,b\n", filename="số liệu.csv")
    photo, again, document = stub.sent
    assert photo.upload
    assert (photo.text, photo.upload.name, photo.upload.content) == ("Biểu đồ", "a.png", b"png")
    assert photo.entities[0]["type"] == "bold"
    assert again.upload == photo.upload
    assert document.upload
    assert (document.upload.name, document.upload.content) == ("số liệu.csv", b"a,b\n")


async def test_menus(stub: BotApi, bot: Bot) -> None:
    groups = BotCommandScopeAllGroupChats()
    await bot.set_my_commands([BotCommand("hoi", "Hỏi số liệu")])
    await bot.set_my_commands([("ask", "Ask")], scope=groups, language_code="en")
    assert [command.command for command in await bot.get_my_commands()] == ["hoi"]
    assert [command.command for command in await bot.get_my_commands(groups, "en")] == ["ask"]
    assert await bot.get_my_commands(groups) == ()
    await bot.delete_my_commands(groups, "en")
    assert stub.account.commands == {
        ("default", ""): [{"command": "hoi", "description": "Hỏi số liệu"}]
    }
    await bot.set_my_description("Số liệu", "vi")
    await bot.set_my_short_description("Ngắn")
    assert (await bot.get_my_description("vi")).description == "Số liệu"
    assert (await bot.get_my_short_description()).short_description == "Ngắn"


async def test_inline_questions(stub: BotApi, bot: Bot, an: Person) -> None:
    def article(id: str) -> InlineQueryResultArticle:
        return InlineQueryResultArticle(
            id, "Hộ nghèo", InputTextMessageContent("<b>3,02%</b>", "HTML")
        )

    question = stub.inline(an, "hộ nghèo 2023")
    (update,) = await bot.get_updates()
    assert update.inline_query
    assert update.inline_query.query == "hộ nghèo 2023"
    for results, words in (
        ([article(str(number)) for number in range(51)], "RESULTS_TOO_MUCH"),
        ([article("a"), article("a")], "RESULT_ID_DUPLICATE"),
        ([article("ờ" * 22)], "RESULT_ID_INVALID"),
        (
            [InlineQueryResultArticle("a", "x", InputTextMessageContent("<3%", "HTML"))],
            "Unclosed start tag",
        ),
    ):
        # Past the library, whose own checks would change them.
        params = {
            "inline_query_id": question.id,
            "results": [result.to_dict() for result in results],
        }
        async with aiohttp.ClientSession() as session:
            response = await session.post(
                f"{stub.root}/bot{stub.token}/answerInlineQuery", json=params
            )
            assert words in (await response.json())["description"]
    await bot.answer_inline_query(question.id, [article("a")], cache_time=5, is_personal=True)
    answer = await stub.wait_for_inline(question)
    assert (answer.texts, answer.cache_time, answer.is_personal) == (("3,02%",), 5, True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_inline_query(question.id, [])


async def test_presses_too_late_and_on_forgotten_messages(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    await bot.send_message(7, "a", reply_markup=keyboard("A"))
    pressed = stub.press(stub.sent[0], "k:A", an, inaccessible=True)
    stub.expire(pressed)
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.message
    assert not update.callback_query.message.is_accessible
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer()


# Groups


async def test_groups_and_their_people(stub: BotApi, bot: Bot, an: Person) -> None:
    group = stub.group(-1_001_000_000_001, "Sở", admins=[an])
    other = stub.group(-1_001_000_000_002, "Phòng")
    binh = stub.person(8, "Bình")
    said, elsewhere = stub.say(group, binh, "chào"), stub.say(other, binh, "chào")
    assert said.message_id == elsewhere.message_id  # supergroups count for themselves
    stub.say(group, an, "/hoi", anonymous=True)
    reply = stub.say(group, an, "vâng", reply_to=said)
    update = (await bot.get_updates())[2]
    assert update.message
    assert update.message.sender_chat
    assert update.effective_user
    assert update.effective_user.username == "GroupAnonymousBot"
    message = reply.update["message"]
    assert message["message_thread_id"] == said.message_id
    assert "is_topic_message" not in message
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(group.id, "a", message_thread_id=said.message_id)
    assert [admin.user.id for admin in await bot.get_chat_administrators(group.id)] == [7]
    assert [(await bot.get_chat_member(group.id, id)).status for id in (7, 8)] == [
        "administrator",
        "member",
    ]
    assert (await bot.get_chat_member(other.id, 7)).status == "left"
    assert (await bot.get_chat(group.id)).title == "Sở"


async def test_topics(stub: BotApi, bot: Bot, an: Person) -> None:
    forum = stub.group(-1_001_000_000_001, "Sở", forum=True)
    thread = stub.topic(forum, an, "Chỉ tiêu")
    asked = stub.say(forum, an, "hộ nghèo", thread=thread)
    general = stub.say(forum, an, "chào")
    _, first, second = await bot.get_updates()
    assert first.message
    assert (first.message.message_thread_id, first.message.is_topic_message) == (thread, True)
    assert first.message.reply_to_message  # the service message that opened the topic
    assert first.message.reply_to_message.forum_topic_created
    assert second.message
    assert second.message.message_thread_id is None
    await bot.send_message(forum.id, "a", reply_to_message_id=asked.message_id)
    await bot.send_message(forum.id, "b", message_thread_id=thread)
    await bot.send_message(forum.id, "c", reply_to_message_id=general.message_id)
    assert [sent.thread for sent in stub.sent] == [thread, thread, None]
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "d", message_thread_id=1)
    late = ReplyParameters(999, allow_sending_without_reply=True)
    assert (await bot.send_message(forum.id, "e", reply_parameters=late)).reply_to_message is None


async def test_privacy_hides_plain_talk(stub: BotApi, bot: Bot, an: Person) -> None:
    group = stub.group(-1_001_000_000_001, "Sở")
    stub.account.privacy = True
    answer = await bot.send_message(group.id, "a")
    assert stub.say(group, an, "chào").update_id is None
    assert stub.say(group, an, "/hoi@nguoikhac_bot").update_id is None
    assert stub.sticker(group, an).update_id is None
    for text in ("@solieu_test_bot hộ nghèo", "/hoi", "/hoi@solieu_test_bot"):
        assert stub.say(group, an, text).update_id
    assert stub.say(group, an, "vâng", reply_to=answer.message_id).update_id
    stub.standing(group, an, "administrator")
    assert stub.say(group, an, "chào").update_id


# Polling


async def test_updates_come_until_confirmed(stub: BotApi, bot: Bot, an: Person, chat: Chat) -> None:
    ids = [stub.say(chat, an, text).update_id or 0 for text in "abcd"]
    assert texts(await bot.get_updates(limit=2)) == ["a", "b"]
    assert texts(await bot.get_updates(offset=ids[1])) == ["b", "c", "d"]
    assert stub.pending == 3
    assert texts(await bot.get_updates(offset=-1)) == ["d"]
    assert texts(await bot.get_updates(offset=ids[3] + 1)) == []
    assert stub.pending == 0


async def test_a_poll_is_held_until_something_comes(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    began = time.monotonic()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < time.monotonic() - began < 10
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await stub.wait_for_call("getUpdates", 2)
    stub.say(chat, an, "a")
    assert texts(await poll) == ["a"]


async def test_kinds_of_updates_are_remembered(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    await bot.get_updates(allowed_updates=["message"])
    told = stub.say(chat, an, "a")
    assert stub.edit(told, "b").update_id is None
    assert texts(await bot.get_updates()) == ["a"]
    await bot.get_updates(allowed_updates=[])
    assert stub.edit(told, "c").update_id


async def test_two_pollers_conflict(stub: BotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await stub.wait_for_call("getUpdates")
    async with Bot(stub.token, base_url=f"{stub.root}/bot") as other:
        second = asyncio.create_task(other.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        first = asyncio.create_task(bot.get_updates(timeout=5))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await second
    await bot.set_webhook("https://nowhere.invalid/hook")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await first
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_malformed_and_repeated_updates(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    told = stub.say(chat, an, "a")
    await bot.get_updates(offset=(told.update_id or 0) + 1)
    stub.repeat(told)
    assert [update.update_id for update in await bot.get_updates()] == [told.update_id]
    assert await bot.get_updates() == ()
    stub.push_raw({"message": {"message_id": "x", "chat": 3}})
    with pytest.raises(KeyError):
        await bot.get_updates()
    assert stub.pending == 1


async def test_outlives_a_poller_that_was_killed(stub: BotApi, an: Person, chat: Chat) -> None:
    async with aiohttp.ClientSession() as session:
        poll = asyncio.create_task(
            session.get(f"{stub.root}/bot{stub.token}/getUpdates?timeout=30")
        )
        await stub.wait_for_call("getUpdates")
        poll.cancel()
    for text in "ab":
        stub.say(chat, an, text)
    async with Bot(stub.token, base_url=f"{stub.root}/bot") as bot:
        assert texts(await bot.get_updates(timeout=5)) == ["a", "b"]
    assert stub.called("getUpdates")[0].status == 0


# Webhook


class Hook:
    """The bot's side of a webhook: what came, and what to answer to whom."""

    def __init__(self) -> None:
        self.came: list[tuple[int, str, str | None]] = []
        self.answers: dict[int, list[int]] = {}
        self.body: dict[str, Any] = {}
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        message = (await request.json())["message"]
        chat_id: int = message["chat"]["id"]
        self.came.append(
            (chat_id, message["text"], request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        )
        status = self.answers[chat_id].pop(0) if self.answers.get(chat_id) else 200
        return web.json_response(self.body if status == 200 else {}, status=status)


@asynccontextmanager
async def listening() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_webhook_keeps_the_order_of_a_chat(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    other = stub.private(stub.person(8, "Bình"))
    async with listening() as hook:
        stub.say(chat, an, "trước")
        hook.answers[chat.id] = [500, 500]
        await bot.set_webhook(hook.url, secret_token="bi-mat", max_connections=5)
        for text in "abc":
            stub.say(chat, an, text)
            stub.say(other, an, text)
        await stub.until(lambda: stub.pending == 0)
    assert [text for id, text, _ in hook.came if id == chat.id] == ["trước"] * 3 + ["a", "b", "c"]
    assert [text for id, text, _ in hook.came if id == other.id] == ["a", "b", "c"]
    # The failure held back its own chat only.
    assert hook.came.index((other.id, "c", "bi-mat")) < hook.came.index((chat.id, "a", "bi-mat"))
    assert sorted(post.status or 0 for post in stub.posts) == [200] * 7 + [500] * 2
    assert {secret for *_, secret in hook.came} == {"bi-mat"}


async def test_webhook_waits_for_a_bot_that_is_away(
    stub: BotApi, bot: Bot, an: Person, chat: Chat
) -> None:
    async with listening() as hook:
        hook.body = {
            "method": "sendMessage",
            "chat_id": 7,
            "text": "<b>đây</b>",
            "parse_mode": "HTML",
        }
    await bot.set_webhook(hook.url)
    stub.say(chat, an, "a")
    await stub.until(lambda: len(stub.posts) >= 2)
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == (hook.url, 1)
    assert info.last_error_message
    async with listening() as hook:
        hook.body = {
            "method": "sendMessage",
            "chat_id": 7,
            "text": "<b>đây</b>",
            "parse_mode": "HTML",
        }
        await bot.set_webhook(hook.url)
        (sent,) = await stub.wait_for(1)
    assert sent.text == "đây"
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


# Faults


async def test_429_of_one_chat(stub: BotApi, bot: Bot, chat: Chat) -> None:
    other = stub.private(stub.person(8, "Bình"))
    fault = stub.fault("sendMessage", chat=chat, status=429, retry_after=3, times=2)
    for _ in range(2):
        with pytest.raises(RetryAfter, match="Retry in 3 seconds"):
            await bot.send_message(7, "a")
        await bot.send_message(8, "a")
    await bot.send_message(7, "b")
    assert [(sent.chat, sent.text) for sent in stub.sent] == [
        (other, "a"),
        (other, "a"),
        (chat, "b"),
    ]
    assert [call.status for call in stub.called("sendMessage")] == [429, 200, 429, 200, 200]
    assert fault.used == 2


async def test_pages_instead_of_answers(stub: BotApi, bot: Bot, chat: Chat) -> None:
    stub.fault("sendMessage", status=502, html=True)
    stub.fault("sendMessage", status=200, html=True)
    with pytest.raises(NetworkError):
        await bot.send_message(7, "a")
    with pytest.raises(TelegramError, match="Invalid server response"):
        await bot.send_message(7, "a")
    assert stub.sent == []


async def test_dropped_before_and_after_acting(stub: BotApi, bot: Bot, chat: Chat) -> None:
    stub.fault("sendMessage", drop="before")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "a")
    assert stub.sent == []
    stub.fault("sendMessage", drop="after")
    with pytest.raises(NetworkError):
        await bot.send_message(7, "a")
    assert [sent.text for sent in stub.sent] == ["a"]
    assert [call.status for call in stub.called("sendMessage")] == [0, 0]


async def test_silence_and_delay(stub: BotApi, bot: Bot, chat: Chat) -> None:
    stub.fault("*", silent=True, times=None)
    with pytest.raises(TimedOut):
        await bot.send_message(7, "a", read_timeout=0.2)
    stub.heal()
    stub.fault("sendMessage", delay=0.3)
    began = time.monotonic()
    await bot.send_message(7, "b")
    assert time.monotonic() - began >= 0.3
    assert [sent.text for sent in stub.sent] == ["b"]


@pytest.mark.parametrize(
    ("status", "error"), [(401, InvalidToken), (404, InvalidToken), (409, Conflict)]
)
async def test_a_poll_that_fails_once(
    stub: BotApi, bot: Bot, status: int, error: type[Exception]
) -> None:
    stub.fault("getUpdates", status=status)
    with pytest.raises(error):
        await bot.get_updates()
    assert await bot.get_updates() == ()


async def test_away_and_back(stub: BotApi, bot: Bot, an: Person, chat: Chat) -> None:
    async with stub.away():
        with pytest.raises(NetworkError):
            await bot.get_me()
        stub.say(chat, an, "a")
    assert texts(await bot.get_updates()) == ["a"]


async def test_limits(stub: BotApi, bot: Bot, chat: Chat) -> None:
    stub.account.flood = True
    group = stub.group(-1_001_000_000_001, "Sở")
    burst = [await bot.send_message(7, str(number)) for number in range(3)]
    with pytest.raises(RetryAfter, match="Retry in 1 seconds"):
        await bot.send_message(7, "x")
    with pytest.raises(RetryAfter):
        await bot.edit_message_text("y", 7, burst[0].message_id)
    await bot.send_message(group.id, "a")  # another chat is not concerned
    await asyncio.sleep(1)
    await bot.send_message(7, "z")


async def test_waiting_says_what_there_was(stub: BotApi, bot: Bot, chat: Chat) -> None:
    await bot.send_message(7, "đây")
    with pytest.raises(
        AssertionError,
        match=r"1 sent, last sendMessage to 7: 'đây'; last requests .*sendMessage 200",
    ):
        await stub.wait_for(2, 0.05)
    assert (await stub.wait_for(lambda sent: "đ" in sent.text)).message_id
    assert len(await stub.quiet(0.05)) == 1


# Rich messages


def table(columns: int = 2, rows: int = 2) -> dict[str, Any]:
    cell = {"text": "<3%", "align": "right", "valign": "middle"}
    return {"type": "table", "cells": [[cell] * columns] * rows, "is_bordered": True}


async def test_rich_messages(stub: BotApi, bot: Bot, chat: Chat) -> None:
    heading = {"type": "heading", "text": ["Giảm ", {"type": "bold", "text": "nghèo"}], "size": 3}
    params = {
        "chat_id": 7,
        "rich_message": {"blocks": [heading, table()]},
        "reply_markup": keyboard("A"),
    }
    message = await bot.do_api_request("sendRichMessage", params)
    (sent,) = stub.sent
    assert sent.text == "Giảm nghèo\n<3%\t<3%\n<3%\t<3%"
    assert sent.rich
    assert [block["type"] for block in sent.rich] == ["heading", "table"]
    assert sent.labels == ["A"]
    page = {
        "html": "<p>Một &lt;3%</p>\n<table striped><tr><th>a</th><td align='right'><b>b</b></td></tr></table>"
    }
    edit = {"chat_id": 7, "message_id": message["message_id"], "rich_message": page}
    await bot._post("editMessageText", edit)
    assert stub.sent[-1].text == "Một <3%\na\tb"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot._post("editMessageText", edit)
    await bot.edit_message_text("chữ", 7, message["message_id"])
    assert stub.shown(chat)[0].rich is None


async def test_servers_without_rich_messages(stub: BotApi, bot: Bot, chat: Chat) -> None:
    params = {"chat_id": 7, "rich_message": {"blocks": [table()]}}
    stub.rich = "absent"
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRichMessage", params)
    assert stub.calls[-1].status == 404
    sent = await bot.send_message(7, "a")
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot._post("editMessageText", params | {"message_id": sent.message_id})
    stub.rich = "refused"
    with pytest.raises(BadRequest):
        await bot.do_api_request("sendRichMessage", params)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"blocks": [table(20, 499)]}, None),
        ({"blocks": [table(1, 500)]}, "RICH_MESSAGE_BLOCKS_TOO_MANY"),
        ({"blocks": [table(21, 1)]}, "RICH_MESSAGE_TABLE_COLS_TOO_MANY"),
        ({"blocks": [{"type": "paragraph", "text": "a" * 32_769}]}, "RICH_MESSAGE_TEXT_TOO_LONG"),
        ({"blocks": [{"type": "divider"}]}, "RICH_MESSAGE_EMPTY"),
        ({"blocks": []}, "RICH_MESSAGE_EMPTY"),
        ({"blocks": [{"type": "thinking", "text": "a"}]}, "RICH_MESSAGE_BLOCK_UNSUPPORTED"),
        ({"blocks": [{"type": "table", "rows": []}]}, "cells must be"),
        ({"blocks": [{"type": "table", "cells": [[{"text": "a"}]]}]}, "align of a table cell"),
        ({"blocks": [{"type": "heading", "text": "a", "size": 7}]}, "size of a heading"),
        (
            {"blocks": [{"type": "paragraph", "text": {"type": "plain", "text": "a"}}]},
            "RichText must be",
        ),
        ({"blocks": [table()], "html": "a"}, "exactly one of"),
        ({}, "exactly one of"),
        ({"html": "<p>a"}, "Can't find end tag"),
        ({"html": "a <3%"}, "Unsupported start tag"),
        ({"html": "<marquee>a</marquee>"}, 'Unsupported start tag "marquee"'),
        ({"html": "<table><p>a</p></table>"}, 'Tag "p" is out of place'),
        ({"html": "<p>" + "<b>" * 16 + "a" + "</b>" * 16 + "</p>"}, "RICH_MESSAGE_DEPTH_INVALID"),
    ],
)
def test_limits_of_rich_messages(message: dict[str, Any], words: str | None) -> None:
    if words is None:
        assert read_rich(message).text
    else:
        with pytest.raises(Refused, match=words):
            read_rich(message)


def test_html_becomes_the_same_blocks() -> None:
    page = (
        "<h2>Giảm nghèo</h2>chữ <b>đậm</b> &hellip;<ul><li>một</li></ul><details open><summary>Nguồn</summary>"
        "<blockquote>Báo cáo<cite>Sở</cite></blockquote></details><hr/>"
        "<table bordered compact><caption>Bảng</caption><tr><th colspan=2>a</th></tr></table><footer>hết</footer>"
    )
    blocks = read_rich({"html": page}).blocks
    assert [block["type"] for block in blocks] == [
        *("heading", "paragraph", "list", "details", "divider", "table", "footer"),
    ]
    assert blocks[1]["text"] == ["chữ ", {"type": "bold", "text": "đậm"}, " ", "…"]
    assert blocks[3]["is_open"]
    assert blocks[3]["blocks"][0]["credit"] == "Sở"
    assert blocks[5]["cells"] == [
        [{"text": "a", "align": "left", "valign": "middle", "is_header": True, "colspan": 2}]
    ]
    assert blocks[5]["is_compact"]
    assert json.dumps(blocks)


# By hand


async def test_played_by_hand() -> None:
    command = [sys.executable, "-m", "tests.stubs.bot_api", "--port", "0"]
    root = Path(__file__).parent.parent
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=root, stdin=pipe, stdout=pipe)
    shown, _ = await process.communicate("chào\n:press A\n:inline hộ nghèo\n".encode())
    assert process.returncode == 0
    assert b"SOLIEU_TELEGRAM_API=http://127.0.0.1:" in shown
