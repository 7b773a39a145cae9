"""Long answers page by page: every row once, in order, by buttons and by words, and none lost where words fail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.channels.setting import units
from bot.channels.telegram import Telegram, dress
from bot.channels.terminal import Terminal
from db.importer import load
from db.store import Store
from handlers.desk import Desk
from handlers.message import Choice, Message, Strong, Table, message, plain_row
from handlers.question import Answer, Asking, Conversation, Wants
from tests.stubs.bot_api.texts import TEXT_UNITS

TODAY = date(2026, 3, 24)
SECOND = Path(__file__).parent / "second" / "catalogue"
LONG = {
    "overview": [
        "tình hình 2023",
        "tình hình Dân số năm 2023",
        "tình hình nông, lâm nghiệp và thủy sản",
        "tổng hợp Hà Nội tháng 3/2024",
    ],
    "targets": [
        "các chỉ tiêu được giao năm 2023",
        "chỉ tiêu nào chưa đạt năm 2023",
        "chỉ tiêu nào vượt kế hoạch lĩnh vực Nông, lâm nghiệp và thủy sản năm 2023",
        "chỉ tiêu nào có kế hoạch lĩnh vực Nông, lâm nghiệp và thủy sản năm 2023",
    ],
    "ranking": ["xếp hạng các tỉnh tỷ lệ hộ nghèo", "tỉnh nào tỷ lệ hộ nghèo thấp nhất năm 2022"],
    "series": [
        "chỉ số sản xuất công nghiệp theo tháng",
        "chỉ số sản xuất công nghiệp từng tháng năm 2023",
        "tỷ lệ hộ nghèo từ 2020 đến 2024",
        "tỷ lệ hộ nghèo 4 năm gần đây",
        "chỉ số sản xuất công nghiệp theo tháng từ tháng 11/2022 đến tháng 4/2024",
    ],
    "breakdown": ["dân số trung bình gồm những gì 2023"],
    "comparison": [
        "so sánh tỷ lệ hộ nghèo Thái Nguyên, Hà Nội, Bắc Kạn, Lạng Sơn, Cao Bằng năm 2022, 2023",
        "so sánh tỷ lệ hộ nghèo và tỷ lệ hộ cận nghèo năm 2021, 2022, 2023",
    ],
    "catalogue": ["có những chỉ tiêu nào"],
}
EVERY = [(kind, text) for kind, texts in LONG.items() for text in texts]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a store with 201 indicators, several places, months and years, loaded once."""
    address = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('second')}/solieu.db"

    async def make() -> None:
        store = await Store.open(address)
        await load(store, SECOND, TODAY)
        await store.close()

    asyncio.run(make())
    return address


@pytest.fixture
async def desk(loaded: str) -> AsyncIterator[Desk]:
    store = await Store.open(loaded)
    yield Desk(store, "Thái Nguyên")
    await store.close()


def rows(message: Message) -> list[str]:
    """The rows of a list as they are read; where there is no table, its lines but for the headings and small print."""
    tables = [block for block in message.blocks if isinstance(block, Table)]
    if tables:
        return [plain_row(row) for table in tables for row in table.rows]
    return ["".join(block.words) for block in message.blocks[1:-1]]


def onward(answer: Answer, label: str) -> Choice | None:
    return next(
        (choice for choice in answer.message.choices if choice.label.startswith(label)), None
    )


async def walk(desk: Desk, text: str, size: int) -> AsyncIterator[Answer]:
    """The pages of an answer by its buttons, each pressed as if nothing had been said before."""
    seen: set[str] = set()
    asked: str | None = text
    while asked is not None:
        assert asked not in seen, f"{asked} leads round in a circle"
        seen.add(asked)
        answer = (await desk.turn(asked, Conversation(), Asking(TODAY, rows=size))).answer
        yield answer
        following = onward(answer, "Trang sau")
        asked = following.text if following else None


@pytest.mark.parametrize("size", [2, 4, 20])
async def test_the_buttons_show_every_row_once_and_in_order(desk: Desk, size: int) -> None:
    for kind, text in EVERY:
        whole = (await desk.turn(text, Conversation(), Asking(TODAY))).answer
        wanted = rows(whole.message)
        assert whole.kind == kind, text
        assert len(wanted) > 2, text
        pages = [rows(answer.message) async for answer in walk(desk, text, size)]
        if kind == "series":  # the newest first: what stands last is on the first page
            pages.reverse()
            assert len(pages[-1]) == min(size, len(wanted)), text
        elif kind != "catalogue":
            assert len(pages[0]) == min(size, len(wanted)), text
        assert len(pages) == -(-len(wanted) // size), text
        if kind == "catalogue":
            pages = [[row for row in page if row in wanted] for page in pages]
        assert [row for page in pages for row in page] == wanted, text


@pytest.mark.parametrize(("kind", "text"), EVERY, ids=lambda part: part[:40])
async def test_words_go_on_as_the_buttons_do(desk: Desk, kind: str, text: str) -> None:
    """ "xem tiếp" gives what the button gives, and what is remembered meanwhile outlives a restart."""
    pages = [answer async for answer in walk(desk, text, 3)]
    if kind == "overview":
        pages = pages[:4]
    talk = (await desk.turn(text, Conversation(), Asking(TODAY, rows=3))).after
    ways = ["xem tiếp", "tiếp", "còn nữa không ạ", "cho em xem trang sau với", "xem tiep di"]
    for number, page in enumerate(pages[1:]):
        talk = Conversation.load(json.loads(json.dumps(talk.dump())))
        turn = await desk.turn(ways[number % len(ways)], talk, Asking(TODAY, rows=3))
        assert turn.answer.message.text == page.message.text
        talk = turn.after
    for page in pages[-2::-1]:
        turn = await desk.turn("trang trước", talk, Asking(TODAY, rows=3))
        # The first page may name what the question did not: "kỳ gần nhất".
        assert rows(turn.answer.message)[: len(rows(page.message))] == rows(page.message)
        talk = turn.after
    again = await desk.turn("trang 2", talk, Asking(TODAY, rows=3))
    assert again.answer.message.text == pages[1].message.text
    straight = await desk.turn(f"{text} trang 2", Conversation(), Asking(TODAY, rows=3))
    assert rows(straight.answer.message) == rows(pages[1].message)


@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("mở trang 2", 2),
        ("trang 2/3", 2),
        ("cho tôi trang thứ hai", 2),
        ("10 tỉnh tiếp theo", 2),
        ("còn tỉnh nào nữa không", 2),
        ("tiếp tục hiển thị", 2),
        ("xem tieeps", 2),
        ("trang cuối đâu", 3),
        ("về trang đầu", 1),
    ],
)
async def test_ways_of_leafing(desk: Desk, words: str, page: int) -> None:
    before = (
        await desk.turn("xếp hạng các tỉnh tỷ lệ hộ nghèo", Conversation(), Asking(TODAY, rows=3))
    ).after
    turn = await desk.turn(words, before, Asking(TODAY, rows=3))
    assert (turn.answer.kind, turn.answer.page.number, turn.answer.page.of) == ("ranking", page, 3)


async def test_all_may_be_asked_for_at_once(desk: Desk) -> None:
    first = await desk.turn("tình hình 2023", Conversation(), Asking(TODAY, rows=20))
    whole = await desk.turn("cho xem hết luôn đi", first.after, Asking(TODAY, rows=20))
    assert rows(whole.answer.message) == rows(
        (await desk.turn("tình hình 2023", Conversation(), Asking(TODAY))).answer.message
    )


async def test_past_the_last_page_it_says_so_and_leads_back(desk: Desk) -> None:
    turn = await desk.turn(
        "xếp hạng các tỉnh tỷ lệ hộ nghèo trang 9", Conversation(), Asking(TODAY, rows=5)
    )
    assert turn.answer.message.text == "Đã hết. Câu trả lời này chỉ có 2 trang."
    assert not turn.answer.figures
    (back,) = turn.answer.message.choices
    last = await desk.turn(back.text, Conversation(), Asking(TODAY, rows=5))
    assert "Trang 2/2" in last.answer.message.text
    over = await desk.turn("còn nữa không", last.after, Asking(TODAY, rows=5))
    assert over.answer.message.text == turn.answer.message.text
    assert (
        "Trang 1/2"
        in (await desk.turn("trang trước", over.after, Asking(TODAY, rows=5))).answer.message.text
    )


async def test_the_headline_and_the_picture_come_once(desk: Desk) -> None:
    first, *others = [
        answer async for answer in walk(desk, "biểu đồ chỉ số sản xuất công nghiệp theo tháng", 20)
    ]
    assert first.message.images
    assert "Cả giai đoạn" in first.message.text
    assert others
    for each in others:
        assert not each.message.images
        assert "Cả giai đoạn" not in each.message.text
        assert len(each.figures) <= 20
    first, *others = [answer async for answer in walk(desk, "các chỉ tiêu được giao năm 2023", 20)]
    assert "chỉ tiêu được giao: " in first.message.text
    assert not any("chỉ tiêu được giao: " in each.message.text for each in others)


async def test_looking_through_pages_changes_no_subject(desk: Desk) -> None:
    """After the second page of the latest ranking a new subject is asked for its own latest period."""
    turn = await desk.turn(
        "xếp hạng các tỉnh tỷ lệ hộ nghèo", Conversation(), Asking(TODAY, rows=5)
    )
    ranked = turn.after.context
    paged = (await desk.turn("xem tiếp", turn.after, Asking(TODAY, rows=5))).after.context
    assert ranked is not None
    assert paged is not None
    assert (paged.page, paged.named, paged.periods) == (2, ranked.named, ranked.periods)


@pytest.mark.parametrize("text", ["xem tiếp", "trang 2", "trang trước", "tiếp"])
async def test_going_on_with_nothing_says_so(desk: Desk, text: str) -> None:
    assert (
        "Không còn phần nào để xem tiếp"
        in (await desk.turn(text, Conversation(), Asking(TODAY, rows=5))).answer.message.text
    )
    short = await desk.turn("tỷ lệ hộ nghèo 2023", Conversation(), Asking(TODAY, rows=5))
    assert not (await desk.turn(text, short.after, Asking(TODAY, rows=5))).answer.figures
    figure = await desk.turn("còn 2022?", short.after, Asking(TODAY, rows=5))
    assert figure.answer.kind == "figure"


@pytest.mark.parametrize(
    "text",
    ["tình trạng 2", "số trang trại 2023", "tháng 3/2024", "trang 2023", "tiếp cận 2 năm 2023"],
)
async def test_what_is_no_page(desk: Desk, text: str) -> None:
    reading = (await desk.reader()).read(text, TODAY)
    assert (reading.wants == Wants.PAGE, reading.listing.page) == (False, None)


async def test_a_page_of_what_has_none_is_passed_over(desk: Desk) -> None:
    turn = await desk.turn("tỷ lệ hộ nghèo 2023 trang 15", Conversation(), Asking(TODAY, rows=5))
    assert (turn.answer.kind, str(turn.answer.question.period)) == ("figure", "2023")


async def test_where_no_words_ask_again_all_is_shown_at_once(store: Store, tmp_path: Path) -> None:
    """A field of work whose name is read as a year cannot be asked for by it; its rows are not lost."""
    (tmp_path / "categories.csv").write_text(
        "code,name_vi,aliases\nx,Năm 2023,hoa lan\n", encoding="utf-8"
    )
    header = "code,name_vi,unit,decimals,better,parent,category,aliases\n"
    names = ["Chậu hoa đỏ", "Chậu hoa vàng", "Chậu hoa trắng", "Chậu hoa tím"]
    lines = [f"c{number},{name},chậu,0,up,,x,\n" for number, name in enumerate(names)]
    (tmp_path / "indicators.csv").write_text(header + "".join(lines), encoding="utf-8")
    header = "indicator,region,period,value,qualifier,target_op,target_value,basis,note,source\n"
    lines = [
        f"c{number},Thái Nguyên,{year},{number + 5},,,,,,Sở\n"
        for number in range(4)
        for year in (2021, 2022)
    ]
    (tmp_path / "observations.csv").write_text(header + "".join(lines), encoding="utf-8")
    await load(store, tmp_path, TODAY)
    desk = Desk(store)
    said = await desk.turn("tình hình hoa lan năm 2022", Conversation(), Asking(TODAY, rows=3))
    assert "Trang 1/2" in said.answer.message.text  # her own words ask again
    leant = await desk.turn("còn 2021?", said.after, Asking(TODAY, rows=3))
    assert len(rows(leant.answer.message)) == 4
    assert onward(leant.answer, "Trang") is None


def test_a_page_of_long_names_loses_nothing_on_telegram() -> None:
    """Names of 300 letters do not fit one text together: the page is sent in parts, and its buttons stand under the last."""
    names = [f"{number} " + "chỉ tiêu dài " * 23 for number in range(Telegram.rows)]
    page = message(
        Table(("Chỉ tiêu", "Kết quả"), tuple(((name,), (Strong("12,5%"),)) for name in names)),
        choices=[Choice("Trang sau (2/3)", "trang 2")],
    )
    calls = dress.dress(page, ["key"], rich=False)
    texts = [call.content["forms"][-1][1]["text"] for call in calls]
    assert max(map(units, texts)) <= TEXT_UNITS
    assert [f"• {name.strip()}" in "\n".join(texts) for name in names] == [True] * len(names)
    assert [("reply_markup" in call.content["forms"][-1][1]) for call in calls] == [False] * (
        len(calls) - 1
    ) + [True]


async def test_pages_fit_a_message_of_telegram(desk: Desk) -> None:
    for _, text in EVERY:
        async for answer in walk(desk, text, Telegram.rows):
            assert len(list(dress.SETTING.parts(answer.message.blocks))) == 1, text
            keys = [f"key{number}" for number in range(len(answer.message.choices))]
            for call in dress.dress(answer.message, keys):
                for _, params in call.content["forms"]:
                    assert units(params.get("text", "")) <= TEXT_UNITS * 2  # with its markup


@pytest.mark.parametrize("text", [*LONG["series"], *LONG["ranking"]])
async def test_the_chart_that_is_offered_is_of_what_was_answered(desk: Desk, text: str) -> None:
    """Of months where months were listed, from the lowest up where they stood so."""
    listed = (await desk.turn(text, Conversation(), Asking(TODAY))).answer
    offered = onward(listed, "Biểu đồ")
    assert offered is not None
    drawn = (await desk.turn(offered.text, Conversation(), Asking(TODAY))).answer
    assert drawn.message.images
    assert (drawn.kind, rows(drawn.message)) == (listed.kind, rows(listed.message))


async def test_a_talk_at_the_keyboard_has_pages_and_a_script_sees_all(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["tình hình 2023", "1", "tiếp", "thoát"])
    terminal = Terminal(desk, today=TODAY)
    await terminal.chat(lambda _: next(typed))
    shown = capsys.readouterr().out
    places = [shown.index(f"Trang {number}/11\n") for number in (1, 2, 3)]
    assert places == sorted(places)
    asked = await terminal.answer("tình hình 2023")
    assert len(rows(asked.message)) > 200
    assert onward(asked, "Trang") is None
