"""What is subscribed by words and buttons: every button does to its subscription exactly what it says, and no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from db.importer import DEMONSTRATION
from db.rhythm import Every, Rhythm
from db.store import Store
from db.subscriptions import Alert, Notebook, State, Subscription, Wishes
from handlers.answers.subscription import HOURS
from handlers.desk import Desk
from handlers.message import Choice
from handlers.question import Answer, Conversation

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


class Talk:
    """One person with a desk, a book and a talk."""

    def __init__(self, desk: Desk, book: Notebook | None = None, language: str = "vi") -> None:
        self.desk, self.book = desk, book or Notebook(lambda: NOW)
        self.before = Conversation(language=language)

    async def say(self, text: str) -> Answer:
        turn = await self.desk.turn(text, self.before, today=TODAY, book=self.book, now=NOW)
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
        Rhythm(Every.MONTH, 31, time(14)), frozenset(), ("nguoi-co-cong",), full=True, chart=False, workbook=True
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


DEMO_CATEGORIES = ("lao-dong", "giam-ngheo", "te-nan-xa-hoi", "nguoi-co-cong", "tre-em", "cai-cach-hanh-chinh")
DEMO_INDICATORS = tuple(
    row.split(",")[0] for row in (DEMONSTRATION / "indicators.csv").read_text(encoding="utf-8").splitlines()[1:]
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
async def test_whatever_is_subscribed_can_be_ended_and_made_again_by_its_buttons(desk: Desk, wishes: Wishes, other: Wishes) -> None:
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
