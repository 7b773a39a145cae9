"""How messages look on Telegram: what fits, what is escaped, where long ones break, which buttons share a row."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels import Call
from bot.channels.setting import clean
from bot.channels.telegram import dress
from handlers.message import (
    Bad,
    Choice,
    File,
    Good,
    Image,
    Message,
    Strong,
    Table,
    Weak,
    heading,
    line,
    message,
    note,
)
from tests.stubs.bot_api.rich import read_rich
from tests.stubs.bot_api.texts import ENTITIES, RAW_BYTES, TEXT_UNITS, read_text


def dressed(given: Message, *, rich: bool = True) -> tuple[Call, ...]:
    return dress.dress(given, [f"key{number}" for number in range(len(given.choices))], rich=rich)


def forms(call: Call) -> list[tuple[str, dict[str, Any]]]:
    return [(method, params) for method, params in call.content["forms"]]


def as_read(params: dict[str, Any]) -> str:
    """The text as Telegram's own rules read it; refused where Telegram refuses it."""
    read = read_text(
        params["text"],
        params.get("parse_mode"),
        None,
        longest=TEXT_UNITS,
        too_long="message is too long",
        may_be_empty=False,
    )
    assert len(params["text"].encode()) <= RAW_BYTES
    return read.text


def keyboard(params: dict[str, Any]) -> list[list[str]]:
    rows = params.get("reply_markup", {}).get("inline_keyboard", [])
    return [[button["text"] for button in row] for row in rows]


FIGURE = message(
    heading("Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023"),
    line(Strong("3,02%")),
    line("▼ 1,33 điểm phần trăm so với năm 2022 – ", Good("chiều hướng tốt")),
    line(Bad("Chưa đạt"), " chỉ tiêu (< 3%)"),
    note("Nguồn: LĐXH & Sở, 24/3/2024"),
    choices=[
        Choice("Qua các năm", "tỷ lệ hộ nghèo qua các năm"),
        Choice("Chỉ tiêu năm 2023", "chỉ tiêu tỷ lệ hộ nghèo năm 2023"),
        Choice("Giảm nghèo 2023", "giảm nghèo 2023"),
    ],
)


def test_a_figure() -> None:
    (call,) = dressed(FIGURE)
    (method, html), (_, plain) = forms(call)
    assert method == "sendMessage"
    assert html["text"] == (
        "<b>Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023</b>\n"
        "<b>3,02%</b>\n"
        "▼ 1,33 điểm phần trăm so với năm 2022 – chiều hướng tốt\n"
        "Chưa đạt chỉ tiêu (&lt; 3%)\n"
        "<i>Nguồn: LĐXH &amp; Sở, 24/3/2024</i>"
    )
    assert html["link_preview_options"] == {"is_disabled": True}
    assert as_read(html) == FIGURE.text
    assert plain["text"] == FIGURE.text
    assert "parse_mode" not in plain
    assert (
        keyboard(html)
        == keyboard(plain)
        == [["Qua các năm", "Chỉ tiêu năm 2023"], ["Giảm nghèo 2023"]]
    )
    assert html["reply_markup"]["inline_keyboard"][1][0]["callback_data"] == "key2"


TARGETS = message(
    heading("Chỉ tiêu năm 2023"),
    Table(
        ("Chỉ tiêu", "Giao", "Kết quả"),
        (
            (("Tỷ lệ thất nghiệp",), ("< 3%",), ("2,4% ", Strong("đạt"))),
            (("Giảm nghèo",), ("≥ 1%",), ("",)),
        ),
    ),
    note("Nguồn: LĐXH"),
)


def test_a_list_is_a_table_with_text_to_fall_back_on() -> None:
    (call,) = dressed(TARGETS)
    (rich, table), (_, html), (_, plain) = forms(call)
    assert rich == "sendRichMessage"
    blocks = table["rich_message"]["blocks"]
    assert [block["type"] for block in blocks] == ["heading", "table", "footer"]
    assert blocks[1]["cells"][1][2]["text"] == ["2,4% ", {"type": "bold", "text": "đạt"}]
    assert [cell["align"] for cell in blocks[1]["cells"][1]] == ["left", "right", "right"]
    assert all(cell["is_header"] for cell in blocks[1]["cells"][0])
    read_rich(table["rich_message"])
    assert as_read(html) == TARGETS.text
    assert "• Tỷ lệ thất nghiệp: &lt; 3% · 2,4% <b>đạt</b>\n• Giảm nghèo: ≥ 1%" in html["text"]
    assert plain["text"] == TARGETS.text
    assert [method for method, _ in forms(dressed(TARGETS, rich=False)[0])] == [
        "sendMessage",
        "sendMessage",
    ]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (["a", "b", "c", "d"], [["a", "b", "c"], ["d"]]),
        (["x" * 18, "y" * 18, "z"], [["x" * 18, "y" * 18], ["z"]]),
        (["x" * 19, "y"], [["x" * 19], ["y"]]),
        (["x" * 41], [["x" * 39 + "…"]]),
        ([" "], [["…"]]),
        (["a\nb"], [["a b"]]),
    ],
)
def test_buttons_side_by_side(labels: list[str], rows: list[list[str]]) -> None:
    choices = [Choice(label, "x") for label in labels]
    assert keyboard(dress.buttons(choices, [str(number) for number in range(len(labels))])) == rows


def test_long_answers_break_between_lines_and_keep_the_buttons_for_the_end() -> None:
    long = message(
        *(line(f"{number} " + "chữ " * 200) for number in range(12)), choices=FIGURE.choices
    )
    calls = dressed(long)
    texts = [as_read(forms(call)[0][1]) for call in calls]
    assert len(calls) > 1
    assert all(text[0].isdigit() for text in texts)
    assert [bool(keyboard(forms(call)[0][1])) for call in calls] == [False] * (len(calls) - 1) + [
        True
    ]
    assert "".join("".join(texts).split()) == "".join(long.text.split())


def test_a_long_table_breaks_between_rows_under_the_same_header() -> None:
    rows = tuple(((f"Chỉ tiêu số {number} " + "dài " * 20,), ("100",)) for number in range(100))
    calls = dressed(message(heading("Chỉ tiêu"), Table(("Chỉ tiêu", "Kết quả"), rows)))
    tables = [
        block
        for call in calls
        for block in forms(call)[0][1]["rich_message"]["blocks"]
        if block["type"] == "table"
    ]
    assert len(tables) == len(calls) > 1
    assert sum(len(table["cells"]) - 1 for table in tables) == 100
    assert all(table["cells"][0][0]["text"] == "Chỉ tiêu" for table in tables)
    for call in calls:
        as_read(forms(call)[1][1])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 4096, ["a" * 4096]),
        ("a" * 4097, ["a" * 4096, "a"]),
        ("a" * 4090 + " " + "b" * 20, ["a" * 4090, "b" * 20]),
        ("a" * 4000 + "\n" + "b c " * 40, ["a" * 4000, ("b c " * 40).strip()]),
        ("😀" * 2049, ["😀" * 2048, "😀"]),
    ],
)
def test_a_line_too_long_breaks_at_its_lines_then_words_then_anywhere(
    text: str, parts: list[str]
) -> None:
    assert [as_read(forms(call)[0][1]) for call in dressed(message(line(text)))] == parts


def test_decomposed_letters_count_as_they_arrive() -> None:
    (call,) = dressed(message(line(unicodedata.normalize("NFD", "ế" * 4096))))
    assert as_read(forms(call)[0][1]) == "ế" * 4096


def test_more_marked_places_than_telegram_keeps_are_spread_over_parts() -> None:
    calls = dressed(message(*(line(Strong(str(number)), " x") for number in range(250))))
    assert [forms(call)[0][1]["text"].count("<b>") for call in calls] == [100, 100, 50]
    (one,) = message(
        line(*(part for number in range(101) for part in (Strong(str(number)), "x"))),
    ).blocks
    assert len(dressed(Message((one,)))) == 2


def test_nothing_to_say_is_still_a_message() -> None:
    (call,) = dressed(message(line("\u202e \x00")))
    assert as_read(forms(call)[0][1]) == "…"


def test_a_picture_carries_a_short_answer() -> None:
    picture = Image(b"png", "image/png", "Tỷ lệ hộ nghèo: 4,35% năm 2022, 3,02% năm 2023")
    (call,) = dressed(Message(FIGURE.blocks, FIGURE.choices, (picture,)))
    assert call.data == b"png"
    method, params = forms(call)[0]
    assert method == "sendPhoto"
    assert params["caption"].startswith("<b>Tỷ lệ hộ nghèo")
    assert keyboard(params)
    long = message(line("chữ " * 400), choices=FIGURE.choices)
    first, second = dressed(Message(long.blocks, long.choices, (picture,)))
    assert forms(first)[0][1] == {"caption": picture.alt}
    first, _ = dressed(
        Message(long.blocks, long.choices, (replace(picture, caption="Tỷ lệ hộ nghèo"),))
    )
    assert forms(first)[0][1] == {"caption": "Tỷ lệ hộ nghèo"}
    assert keyboard(forms(second)[0][1])


def test_a_file_follows() -> None:
    book = File(
        "số liệu.xlsx", b"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    text, document = dressed(Message(FIGURE.blocks, files=(book,)))
    assert forms(text)[0][0] == "sendMessage"
    assert forms(document) == [("sendDocument", {})]
    assert document.content["file"]["name"] == "số liệu.xlsx"
    assert document.data == b"xlsx"


def test_an_article() -> None:
    article = dress.article("0", FIGURE, "?")
    assert article["title"] == "Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023"
    assert article["description"] == "3,02%"
    assert article["input_message_content"]["parse_mode"] == "HTML"
    assert dress.article("1", Message(()), "?")["title"] == "?"


WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "<3%",
            "< 3%",
            "&",
            "&nbsp;",
            "&#60;",
            "</b>",
            "<b>",
            '"',
            "1.000–2.000",
            "ế" * 50,
            "👨‍👩‍👧",
            "\u202e",
            "\r\n",
        ]
    ),
    st.text(min_size=900, max_size=1500),
)
PARTS = st.lists(
    st.builds(
        lambda kind, text: kind(text), st.sampled_from([str, Strong, Weak, Good, Bad]), WORDS
    ),
    max_size=4,
)
TABLES = st.lists(st.tuples(PARTS.map(tuple), PARTS.map(tuple)), min_size=1, max_size=4).map(
    lambda rows: Table(("Chỉ tiêu", "Kết quả <x>"), tuple(rows))
)
BLOCKS = st.one_of(
    PARTS.map(lambda parts: heading(*parts)),
    PARTS.map(lambda parts: line(*parts)),
    PARTS.map(lambda parts: note(*parts)),
    TABLES,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCKS, max_size=6))
def test_any_words_arrive_whole(blocks: list[Any]) -> None:
    """Whatever is said passes Telegram's reading, within its limits, and no letter is lost."""
    given = Message(tuple(blocks))
    html, plain = "", ""
    for call in dressed(given):
        for method, params in forms(call):
            if method == "sendRichMessage":
                continue
            text = as_read(params)
            if "parse_mode" in params:
                html += text
                assert params["text"].count("<b>") + params["text"].count("<i>") <= ENTITIES
            else:
                plain += text
    wanted = "".join(clean(given.text).split())
    for said in (html, plain):
        assert "".join(said.split()) == (wanted or "…")


# ------------------------------------------------------------ for many

DOUBT = "Tin này được gửi lại."
PICTURE = Image(b"png", "image/png", "Sáu chỉ tiêu", caption="Biểu đồ")


def test_what_goes_to_many_knows_how_to_look_when_it_is_sent_again() -> None:
    book = File("ban-tin.xlsx", b"PK", "application/x")
    call, document = dress.broadcast(
        Message(FIGURE.blocks, FIGURE.choices, (PICTURE,), (book,)), DOUBT
    )
    assert [method for method, _ in forms(call)] == ["sendPhoto", "sendPhoto"]
    assert "reply_markup" not in forms(call)[0][1]  # a button belongs to one chat
    (_, marked), (_, plain) = call.content["again"]
    assert marked["caption"] == forms(call)[0][1]["caption"] + f"\n<i>{DOUBT}</i>"
    assert plain["caption"].endswith(f"\n{DOUBT}")
    assert document.content["forms"] == [["sendDocument", {}]]
    assert document.content["again"] == [["sendDocument", {"caption": DOUBT}]]
    long = Message((*(line("chữ " * 200) for _ in range(20)), *FIGURE.blocks), (), (PICTURE,))
    *texts, picture = dress.broadcast(long, DOUBT)
    assert len(texts) == 5
    assert picture.content["forms"][0][1]["caption"] == "Biểu đồ"
    assert picture.content["again"][0][1]["caption"] == f"Biểu đồ\n<i>{DOUBT}</i>"


@given(st.lists(st.text(max_size=3000), max_size=6), st.text(min_size=1, max_size=300))
@settings(max_examples=40, deadline=None)
def test_each_form_of_what_goes_to_many_is_taken(texts: list[str], doubt: str) -> None:
    for call in dress.broadcast(
        Message(tuple(line(Strong(text), "<3%") for text in texts)), doubt, rich=False
    ):
        for way in ("forms", "again"):
            for _, params in call.content[way]:
                as_read(params)


def test_a_table_for_many_is_a_table_also_when_it_is_sent_again() -> None:
    (call,) = dress.broadcast(
        Message((Table(("Chỉ tiêu", "Giao"), ((("Thất nghiệp",), ("< 3%",)),)),)), DOUBT
    )
    method, params = call.content["again"][0]
    assert method == "sendRichMessage"
    assert params["rich_message"]["blocks"][-1] == {"type": "footer", "text": DOUBT}
