"""What is subscribed by words and buttons: every button does to its subscription exactly what it says, and no more."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db.importer import DEMONSTRATION
from db.rhythm import Every, Rhythm
from db.store import Store
from db.subscriptions import Alert, Notebook, Only, State, Subscription, Wishes
from handlers.answers.subscription_choices import HOURS, meaning
from handlers.answers.subscription_words import as_facets
from handlers.command import Command
from handlers.desk import Desk
from handlers.message import Choice
from handlers.question import Answer, Asking, Conversation
from handlers.subscribing import Errand

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


class Talk:
    """One person with a desk, a book and a talk."""

    def __init__(self, desk: Desk, book: Notebook | None = None, language: str = "vi") -> None:
        self.desk, self.book = desk, book or Notebook(lambda: NOW)
        self.before = Conversation(language=language)

    async def say(self, text: str) -> Answer:
        turn = await self.desk.turn(text, self.before, Asking(TODAY, book=self.book, now=NOW))
        self.before = turn.after
        return turn.answer

    async def one(self) -> Subscription:
        (only,) = await self.book.mine()
        return only


@pytest.fixture
def desk(demo_store: Store) -> Desk:
    return Desk(demo_store)


@pytest.fixture
def talk(desk: Desk) -> Talk:
    return Talk(desk)


def choice(answer: Answer, label: str) -> Choice:
    return next(each for each in answer.message.choices if each.label == label)


async def test_every_button_is_read_back_as_what_it_says(talk: Talk) -> None:
    await talk.say("đăng ký bản tin người có công hằng tháng")
    for label, wanted in {
        "Bản đầy đủ": {"full": True},
        "Bỏ biểu đồ": {"chart": False},
        "Kèm Excel": {"workbook": True},
    }.items():
        answer = await talk.say("tôi đang đăng ký gì")
        await talk.say(choice(answer, label).text)
        changed = (await talk.one()).wishes
        assert {name: getattr(changed, name) for name in wanted} == wanted
    days = await talk.say(choice(await talk.say("tôi đang đăng ký gì"), "Đổi ngày").text)
    await talk.say(choice(days, "Ngày cuối tháng").text)
    hours = await talk.say(choice(await talk.say("tôi đang đăng ký gì"), "Đổi giờ").text)
    await talk.say(choice(hours, "14 giờ").text)
    assert (await talk.one()).wishes == Wishes(
        Rhythm(Every.MONTH, 31, time(14)),
        frozenset(),
        ("nguoi-co-cong",),
        full=True,
        chart=False,
        workbook=True,
    )
    paused = await talk.say(choice(await talk.say("tôi đang đăng ký gì"), "Tạm dừng").text)
    assert (await talk.one()).state is State.PAUSED
    resumed = await talk.say(choice(paused, "Gửi tiếp").text)
    assert (await talk.one()).state is State.ACTIVE
    kept = (await talk.one()).wishes
    ended = await talk.say(choice(resumed, "Huỷ").text)
    assert await talk.book.mine() == ()
    await talk.say(choice(ended, "Đăng ký lại").text)
    assert (await talk.one()).wishes == kept


DEMO_CATEGORIES = (
    "lao-dong",
    "giam-ngheo",
    "te-nan-xa-hoi",
    "nguoi-co-cong",
    "tre-em",
    "cai-cach-hanh-chinh",
)
DEMO_INDICATORS = tuple(
    row.split(",")[0]
    for row in (DEMONSTRATION / "indicators.csv").read_text(encoding="utf-8").splitlines()[1:]
)

rhythms = st.builds(
    lambda every, day, at: Rhythm(every, (day - 1) % 7 + 1 if every is Every.WEEK else day, at),
    st.sampled_from(Every),
    st.integers(1, 31),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)) | st.sampled_from(HOURS),
)
scopes = {
    "categories": st.lists(st.sampled_from(DEMO_CATEGORIES), max_size=3, unique=True).map(tuple),
    "indicators": st.lists(st.sampled_from(DEMO_INDICATORS), max_size=3, unique=True).map(tuple),
    "regions": st.sampled_from([(), ("Thái Nguyên",)]),
}
digests = st.builds(
    Wishes, rhythm=rhythms, **scopes, full=st.booleans(), chart=st.booleans(), workbook=st.booleans()
)  # fmt: skip
alerts = st.builds(
    Wishes, rhythm=st.none(), alerts=st.frozensets(st.sampled_from(Alert), min_size=1), **scopes
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(digests | alerts, digests | alerts)
async def test_whatever_is_subscribed_can_be_ended_and_made_again_by_its_buttons(
    desk: Desk, wishes: Wishes, other: Wishes
) -> None:
    talk = Talk(desk)
    made = await talk.book.add(wishes)
    assert made is not None
    shown = await talk.say("tôi đang đăng ký gì")
    await talk.book.add(other)
    ended = await talk.say(choice(shown, "Huỷ").text)
    left = [each.wishes for each in await talk.book.mine()]
    if len(left) == 2:  # they are about the same in the same rhythm: it is asked which
        assert (wishes.rhythm and wishes.rhythm.every) == (other.rhythm and other.rhythm.every)
        assert (set(wishes.categories), set(wishes.indicators), wishes.regions) == (
            set(other.categories), set(other.indicators), other.regions,
        )  # fmt: skip
        return
    assert left == [other]
    await talk.book.end(2)
    await talk.say(choice(ended, "Đăng ký lại").text)
    again = (await talk.one()).wishes
    assert again == wishes


PIECES: dict[str, dict[str, object]] = {
    "hằng tháng": {"every": Every.MONTH},
    "ngày 5": {"day": 5},
    "lúc 8h sáng": {"at": time(8)},
    "bản đầy đủ": {"full": True},
    "không cần biểu đồ": {"chart": False},
    "kèm file excel": {"workbook": True},
    "về người có công": {"scope": True},
}


def bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.sampled_from(list(PIECES)), unique=True),
    st.integers(0, 7),
    st.sampled_from([" ", ", "]),
    st.booleans(),
)
async def test_pieces_may_come_in_any_order(
    desk: Desk, pieces: list[str], place: int, between: str, marked: bool
) -> None:
    said = between.join([*pieces[:place], "gửi bản tin", *pieces[place:]])
    errand = (await desk.reader()).read(said if marked else bare(said), TODAY).errand
    assert errand is not None
    wanted = {name: value for piece in pieces for name, value in PIECES[piece].items()}
    for name in ("every", "day", "at", "full", "chart", "workbook"):
        assert getattr(errand.to, name) == wanted.get(name), said
    assert [each.code for each in errand.to.categories] == (
        ["nguoi-co-cong"] if "scope" in wanted else []
    )
    assert not errand.to.unclear


class Shut(Notebook):
    """The book of a group, as somebody sees it who may not change it."""

    async def reserved(self, id: int | None = None) -> Only | None:  # noqa: ARG002
        return Only.ADMINS


async def test_who_may_not_change_a_groups_digests_is_told_so_and_may_look(desk: Desk) -> None:
    book = Shut(lambda: NOW)
    await book.add(Wishes())
    talk = Talk(desk, book)
    for text in ("đăng ký bản tin hằng tuần", "đổi sang ngày 10", "tạm dừng", "huỷ bản tin"):
        answer = await talk.say(text)
        assert "chỉ quản trị viên" in answer.message.text
        assert (await talk.one()) == Subscription(1, Wishes(), NOW)
    assert "8 giờ ngày 5/12/2026" in (await talk.say("tôi đang đăng ký gì")).message.text


async def test_answers_in_the_language_of_the_chat(desk: Desk) -> None:
    answer = await Talk(desk, language="en").say("đăng ký bản tin thứ hai hằng tuần")
    assert answer.message.text.splitlines() == [
        "Subscribed: weekly digest",
        "Sent every Monday at 8:00",
        "About: all fields of work",
        "Short, with chart, no Excel file",
        "Next digest: 8:00 on 30/11/2026 (Monday)",
    ]


async def test_an_old_button_of_what_was_ended_does_nothing_to_another(talk: Talk) -> None:
    shown = await talk.say("đăng ký bản tin người có công hằng tuần")
    await talk.say("huỷ bản tin")
    await talk.say("đăng ký bản tin hằng tháng")
    answer = await talk.say(choice(shown, "Huỷ").text)
    assert "Không có đăng ký nào như vậy." in answer.message.text
    assert (await talk.one()).wishes == Wishes()


async def test_what_was_not_understood_beside_a_subscription_is_named(talk: Talk) -> None:
    answer = await talk.say("gửi bản tin người có công hằng tháng kèm thơ")
    assert (await talk.one()).wishes.categories == ("nguoi-co-cong",)
    assert "Chưa rõ các từ: “thơ”." in answer.message.text


async def test_a_search_subscribes_nobody(desk: Desk) -> None:
    turn = await desk.turn("đăng ký bản tin hằng tháng", Conversation(), Asking(TODAY))
    assert turn.answer.kind == "subscription"
    again = await desk.turn("tôi đang đăng ký gì", Conversation(), Asking(TODAY))
    assert "Anh/chị chưa đăng ký bản tin nào." in again.answer.message.text


async def test_a_button_does_what_it_carries_whatever_its_words_say(desk: Desk, talk: Talk) -> None:
    made = await talk.say("đăng ký bản tin người có công hằng tháng")
    for label, wanted in {"Bản đầy đủ": {"full": True}, "Bỏ biểu đồ": {"chart": False}}.items():
        command = Command.load(choice(made, label).carried)
        asking = Asking(TODAY, now=NOW, book=talk.book, command=command)
        await desk.turn("thời tiết hôm nay", Conversation(), asking)
        changed = (await talk.one()).wishes
        assert {name: getattr(changed, name) for name in wanted} == wanted


async def test_what_is_remembered_of_a_talk_keeps_what_its_buttons_do(talk: Talk) -> None:
    await talk.say("đăng ký bản tin hằng tháng")
    talk.before = Conversation.load(json.loads(json.dumps(talk.before.dump())))
    await talk.say("Tạm dừng")
    assert (await talk.one()).state is State.PAUSED


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(digests | alerts)
async def test_commands_outlive_their_talk(desk: Desk, wishes: Wishes) -> None:
    catalogue = (await desk.reader()).catalogue
    facets = as_facets(wishes, catalogue)
    errand = Errand("change", meaning(wishes, catalogue), facets, "also", turned=True)
    command = Command.of(errand)
    assert Command.load(command.dump()) == command
    assert command.errand(catalogue) == errand
    if wishes.indicators:
        assert command.errand(replace(catalogue, indicators={})) is None


async def test_every_choice_about_subscriptions_carries_what_it_does(talk: Talk) -> None:
    for text in (
        "bản tin", "đăng ký bản tin hằng tuần", "đổi ngày", "đổi giờ", "đăng ký bản tin ngày 45 hằng tháng", "xem thử", "sếp bảo huỷ bản tin",
        "gửi bản tin hằng tuần lúc 2 giờ", "đăng ký bản tin giá vàng hằng tháng", "đăng ký bản tin lúc 8h giờ Nhật Bản", "huỷ bản tin", "tạm dừng",
    ):  # fmt: skip
        answer = await talk.say(text)
        assert answer.message.choices, text
        assert all(each.command for each in answer.message.choices), text


async def test_a_choice_made_for_a_channel_stays_for_that_channel(talk: Talk) -> None:
    answer = await talk.say("đăng ký bản tin ngày 45 hằng tháng cho kênh @tin_tinh")
    picked = choice(answer, "Ngày 15")
    assert picked.text.endswith("cho kênh @tin_tinh")
    again = await talk.say("Ngày 15")
    assert "Chưa đăng ký được cho kênh @tin_tinh" in again.message.text
    assert await talk.book.mine() == ()
