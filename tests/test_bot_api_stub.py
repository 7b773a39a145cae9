"""The Bot API server of the tests behaves as Telegram's does, seen by the real python-telegram-bot."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from tests.stubs.bot_api import BotApi


@pytest.fixture
async def stub() -> AsyncIterator[BotApi]:
    async with BotApi() as stub:
        yield stub


@pytest.fixture
async def bot(stub: BotApi) -> AsyncIterator[Bot]:
    async with Bot(stub.token, base_url=f"{stub.root}/bot") as bot:
        yield bot


async def test_talk(stub: BotApi, bot: Bot) -> None:
    an = stub.person(7, "An")
    chat = stub.private(an)
    said = stub.say(chat, an, "/hoi tỷ lệ")
    (update,) = await bot.get_updates(timeout=1)
    assert update.message and update.message.text == "/hoi tỷ lệ" and update.message.entities[0].type == "bot_command"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Qua các năm", callback_data="k:1")]])
    await bot.send_message(
        7, "<b>3%</b> &lt;3%", parse_mode="HTML", reply_markup=keyboard, reply_to_message_id=said.message_id
    )
    (sent,) = await stub.wait_for(1)
    assert sent.text == "3% <3%" and sent.labels == ["Qua các năm"] and sent.reply_to == said.message_id
    stub.press(sent, "Qua các năm", an)
    (press,) = await bot.get_updates(offset=update.update_id + 1)
    assert press.callback_query and press.callback_query.data == "k:1"
    await press.callback_query.answer()
    with pytest.raises(BadRequest, match="start tag"):
        await bot.send_message(7, "<3% x", parse_mode="HTML")
