"""Which choices are offered where it is asked back, and what yes, no and more lead to."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract import printed
from db.store import Store
from handlers.answers import choose
from handlers.desk import Desk
from handlers.message import Message
from handlers.question import (
    MOST_OFFERED,
    Answer,
    Asking,
    Candidate,
    Context,
    Conversation,
    Doubt,
    Question,
    Reading,
    Wants,
)
from handlers.say import say_in

TODAY = date(2024, 3, 24)
SAY = say_in("vi")
TEXT = "kinh phí qua các năm"


def back(store: Store, *claims: float) -> Answer:
    """What is asked back where the first indicators of the catalogue claim the words so much."""
    indicators = list(store.catalogue.indicators.values())
    candidates = tuple(map(Candidate, indicators, claims))
    reading = Reading(text=TEXT, wants=Wants.SERIES, candidates=candidates)
    question = Question(Wants.CHOOSE, reading, Asking(TODAY), store.catalogue)
    return choose.ask(question, choose.doubted(question), SAY)


def labels(message: Message) -> list[str]:
    return [choice.label for choice in message.choices]


def names(store: Store, first: int, last: int) -> list[str]:
    return [each.name for each in store.catalogue.indicators.values()][first:last]


async def said(store: Store, text: str, asked: Answer) -> Answer:
    before = Conversation(Context(doubt=asked.doubt), asked.message.choices)
    before = Conversation.load(before.dump())
    return (await Desk(store).turn(text, before, Asking(TODAY))).answer


async def test_offers_four_and_then_more(demo_store: Store) -> None:
    asked = back(demo_store, *[0.16] * 6)
    assert labels(asked.message) == [*names(demo_store, 0, 4), "Xem thêm"]
    more = await said(demo_store, "xem thêm", asked)
    assert labels(more.message) == names(demo_store, 4, 6)
    assert (await said(demo_store, "2", more)).question.indicator.name == names(demo_store, 5, 6)[0]
    spent = await said(demo_store, "còn cái nào nữa không", more)
    assert spent.message.text.splitlines()[1] == "Không còn chỉ tiêu nào khác gần với câu hỏi."
    assert labels(spent.message) == [*names(demo_store, 0, 4), "Xem thêm"]


async def test_leaves_out_what_nobody_would_think_of(demo_store: Store) -> None:
    assert len(back(demo_store, 0.4, 0.3, 0.02).message.choices) == 2
    assert len(back(demo_store, 0.1, 0.09, 0.02).message.choices) == 3


async def test_says_the_code_of_each_choice_that_settles_it(demo_store: Store) -> None:
    codes = list(demo_store.catalogue.indicators)
    choices = printed(back(demo_store, *[0.16] * 6))["choices"]
    assert [each.get("indicator") for each in choices] == [*codes[:4], None]
    assert "indicator" not in choices[-1]
    lone = printed(back(demo_store, 0.8, 0.1))["choices"]
    assert [each.get("indicator") for each in lone] == [codes[0], None]


async def test_asks_whether_the_one_likely_is_meant(demo_store: Store) -> None:
    asked = back(demo_store, 0.8, 0.1, 0.05)
    (name,) = names(demo_store, 0, 1)
    assert asked.message.text.splitlines()[0] == f"Anh/chị hỏi «{name}» phải không?"
    assert labels(asked.message) == ["Đúng", "Không phải"]


@pytest.mark.parametrize("text", ["đúng", "Đúng rồi ạ", "dung", "ừ", "phải rồi", "vâng", "1", "ok"])
async def test_yes_settles_it_and_keeps_the_wish(demo_store: Store, text: str) -> None:
    answer = await said(demo_store, text, back(demo_store, 0.8, 0.1, 0.05))
    assert answer.question.indicators == tuple(demo_store.catalogue.indicators.values())[:1]
    assert answer.kind == "series"


@pytest.mark.parametrize("text", ["không phải", "ko phai", "sai rồi", "cái khác", "2", "không"])
async def test_no_shows_the_others(demo_store: Store, text: str) -> None:
    others = await said(demo_store, text, back(demo_store, 0.8, 0.1, 0.05))
    assert labels(others.message) == names(demo_store, 1, 3)


async def test_no_without_others_shows_what_there_is(demo_store: Store) -> None:
    assert (await said(demo_store, "không phải", back(demo_store, 0.8))).kind == "catalogue"


async def test_a_year_alone_asks_the_same_of_that_year(demo_store: Store) -> None:
    asked = back(demo_store, 0.8, 0.1)
    again = await said(demo_store, "năm 2023", asked)
    assert labels(again.message) == ["Đúng", "Không phải"]
    answer = await said(demo_store, "đúng", again)
    assert [str(each) for each in answer.question.periods] == ["2023"]


@given(st.lists(st.floats(0.03, 0.2), min_size=1, max_size=12), st.booleans())
def test_more_shows_every_indicator_once(claims: list[float], lone: bool) -> None:
    doubt = Doubt(TEXT, tuple(map(str, range(len(claims)))), lone=lone)
    seen = list(doubt.shown)
    while doubt.more:
        doubt = doubt.onward()
        assert 0 < len(doubt.shown) <= MOST_OFFERED
        seen += doubt.shown
    assert tuple(seen) == doubt.codes
    assert doubt.onward().spent
