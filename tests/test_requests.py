"""Only a plain request is done: what is denied, supposed, asked about, reported or another's changes nothing."""

from __future__ import annotations

import asyncio
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from db.facts import Catalogue
from db.importer import DEMONSTRATION, load
from db.rhythm import Every, Rhythm
from db.store import Store
from db.subscriptions import Alert, Notebook, Wishes
from handlers.desk import Desk
from handlers.mood import Mood
from handlers.question import Asking, Conversation
from handlers.reading import Reader
from locales.vocabulary import vocabulary

CASES = Path(__file__).parent / "cases" / "requests.toml"
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


async def _catalogue() -> Catalogue:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    await store.close()
    return store.catalogue


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(asyncio.run(_catalogue()), vocabulary())


def cases() -> Iterator[Any]:
    for case in tomllib.loads(CASES.read_text(encoding="utf-8"))["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, id=f"{case['mood']}: {text}")


@pytest.mark.parametrize(("text", "case"), list(cases()))
def test_tells_requests_from_talk_of_them(reader: Reader, text: str, case: dict[str, Any]) -> None:
    read = reader.read(text, TODAY, subscribing=case.get("talk", False))
    mood = read.errand.mood.value if read.errand else "none"
    assert mood in (case["mood"], *case.get("loose", ())), read.errand
    assert read.language is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("English", "en"),
        ("đổi sang tiếng Anh", "en"),
        ("trả lời bằng tiếng anh nhé", "en"),
        ("cho em chuyển sang tiếng Việt với ạ", "vi"),
        ("noi tieng viet di", "vi"),
        ("ngôn ngữ tiếng Anh", "en"),
        ("đừng đổi sang tiếng anh", None),
        ("làm sao để đổi sang tiếng anh", None),
        ("có tiếng anh không", None),
        ("tôi không biết tiếng anh", None),
        ("sếp tôi nói tiếng anh", None),
        ("nếu đổi sang tiếng anh thì sao", None),
        ("dịch sang tiếng anh kết quả 2023", None),
        ("điểm thi tiếng anh năm 2023", None),
        ("số giáo viên tiếng Anh", None),
        ("tỷ lệ hộ nghèo tiếng Anh là gì", None),
    ],
)
def test_switches_languages_only_where_asked(
    reader: Reader, text: str, language: str | None
) -> None:
    assert reader.read(text, TODAY).language == language


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("huỷ liên kết", Mood.REQUEST),
        ("làm ơn huỷ liên kết giúp em", Mood.REQUEST),
        ("đừng huỷ liên kết", Mood.NEGATED),
        ("tôi không muốn huỷ liên kết", Mood.NEGATED),
        ("làm sao để huỷ liên kết", Mood.QUESTION),
        ("tôi huỷ liên kết rồi", Mood.REPORTED),
        ("nếu huỷ liên kết thì mất bản tin", None),
        ("chuyển bản tin về đây", Mood.REQUEST),
        ("đừng chuyển bản tin về Zalo", Mood.NEGATED),
        ("có nên chuyển bản tin về Zalo không", Mood.QUESTION),
        ("liên kết K7M9R2", Mood.REQUEST),
        ("tôi chưa muốn liên kết K7M9R2", Mood.NEGATED),
    ],
)
def test_links_only_where_asked(reader: Reader, text: str, mood: Mood | None) -> None:
    linking = reader.read(text, TODAY).linking
    assert (linking.mood if linking else None) is mood


# ---------------------------------------------------------------- whatever is said, the book stays as it is

DEEDS = (
    "đăng ký bản tin hằng tuần", "đăng ký bản tin", "đăng ký nhận bản tin người có công", "gửi bản tin thứ hai hằng tuần",
    "nhận bản tin hằng quý", "huỷ bản tin", "huỷ đăng ký", "tạm dừng bản tin", "tạm dừng", "tiếp tục nhận bản tin",
    "đổi bản tin sang ngày 10", "đổi sang 9 giờ", "chuyển bản tin sang hằng quý", "bỏ biểu đồ", "đổi sang tiếng Anh",
    "theo dõi tỷ lệ hộ nghèo", "huỷ bản tin hằng tháng", "đổi giờ gửi bản tin", "thêm lĩnh vực trẻ em vào bản tin",
)  # fmt: skip
FRAMES = (
    # denied
    "tôi chưa muốn {}", "tôi không muốn {}", "không cần {}", "không cần {} đâu", "đừng {}", "đừng có {}", "khoan {}", "khoan hãy {}",
    "chưa cần {}", "tôi không {} đâu", "em đâu có {}", "tôi không định {}", "khỏi {}", "tôi chưa {}", "hổng cần {} đâu", "chẳng ai {}",
    "tôi không hề {}", "tôi không có nhu cầu {}", "ai bảo {}", "không phải {}",
    # supposed
    "nếu {} thì sao", "nếu tôi {} thì có gì thay đổi", "giả sử tôi {}", "lỡ tôi {} thì làm thế nào", "nếu sếp đồng ý thì {}", "trường hợp tôi {}",
    "bao giờ rảnh tôi sẽ {}", "khi nào cần tôi {}", "mà nếu {} thì tốn tiền không",
    # reported, done, for later
    "sếp bảo {}", "nghe nói {} được", "tôi đã {} rồi", "hôm qua tôi {}", "tôi {} rồi", "tôi vừa {}", "tôi mới {} xong", "tuần trước em {}",
    "người ta {}", "chị Lan {} rồi", "đồng nghiệp tôi {}", "anh ấy {}", "bên sở {} hết rồi", "mai tôi {}", "tôi sẽ {}", "để tôi hỏi sếp rồi {}",
    "tôi đang định {}", "chắc tôi {}",
    # asked about
    "làm sao để {}", "làm thế nào để {}", "cách {}", "{} thế nào", "{} như thế nào vậy", "{} là gì", "{} để làm gì", "có nên {} không", "tại sao phải {}",
    "{} ở đâu", "ai {} vậy", "{} chưa", "{} hả", "{} bao giờ", "{} thì được gì", "hướng dẫn {}", "cho hỏi {} kiểu gì", "{} có mất phí không",
    "{} có được không", "muốn {} thì làm sao", "bao nhiêu người {}", "{} phải không",
)  # fmt: skip
ASKING = (
    "{}", "{} giúp em", "cho tôi {}", "dạ em muốn {} ạ", "tôi muốn {}", "{} nhé", "xin {}", "vui lòng {} giúp tôi", "bạn ơi {} cho tôi",
    "nhờ bot {} giùm em", "tôi cần {}", "hãy {}", "{} cho em với ạ", "làm ơn {}", "nếu được thì {} giúp em nhé", "anh chị cho em {} với", "{} đi",
    "thôi {} đi", "{} ngay giúp tôi", "tui muốn {} nghen", "{} giùm tui cái", "phiền bạn {} giúp mình", "giờ tôi muốn {}",
)  # fmt: skip
BEFORE = ("", "dạ ", "anh ơi, ", "bot ơi ", "ad cho hỏi tí, ", "thôi ", "à mà ")
AFTER = ("", " ạ", " nhé", " bạn", "?", " vậy", " ạ?")


def bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@pytest.mark.parametrize("marked", [True, False], ids=["with marks", "without"])
@pytest.mark.parametrize("frame", ASKING)
def test_asks_plainly_in_many_words(reader: Reader, frame: str, marked: bool) -> None:
    for deed in DEEDS:
        text = frame.format(deed) if marked else bare(frame.format(deed))
        read = reader.read(text, TODAY)
        asked = read.errand is not None and read.errand.mood is Mood.REQUEST
        assert asked or read.language, text


async def _book() -> Notebook:
    book = Notebook(lambda: NOW)
    await book.add(Wishes())
    weekly = await book.add(Wishes(Rhythm(Every.WEEK, 5, time(7)), categories=("tre-em",)))
    assert weekly is not None
    await book.pause(weekly.id)
    await book.add(Wishes(rhythm=None, alerts=frozenset({Alert.NEW})))
    return book


@pytest.fixture
def desk(demo_store: Store) -> Desk:
    return Desk(demo_store)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(FRAMES),
    st.sampled_from(DEEDS),
    st.sampled_from(BEFORE),
    st.sampled_from(AFTER),
    st.booleans(),
    st.booleans(),
)
@example("tôi chưa muốn {}", "đăng ký bản tin", "", "", True, False)
@example("làm sao để {}", "huỷ bản tin", "", "?", False, True)
async def test_what_is_not_asked_for_changes_nothing(
    desk: Desk, frame: str, deed: str, before: str, after: str, marked: bool, talking: bool
) -> None:
    # "đừng gửi bản tin" cancels.
    assume(not (frame.startswith(("đừng", "khỏi")) and deed.startswith(("gửi", "nhận"))))
    text = f"{before}{frame.format(deed)}{after}"
    text = text if marked else bare(text)
    book = await _book()
    asking = Asking(TODAY, now=NOW, book=book)
    talk = Conversation()
    if talking:
        talk = (await desk.turn("tôi đang đăng ký gì", talk, asking)).after
    kept = await book.mine()
    turn = await desk.turn(text, talk, asking)
    assert await book.mine() == kept, text
    assert turn.answer.language is None, text
