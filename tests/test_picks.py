"""What people write to choose from a numbered list, or in answer to a question back."""

from __future__ import annotations

import pytest

from handlers.reading.picks import LAST, Act, Pick, PickReader
from locales.vocabulary import vocabulary

READER = PickReader(vocabulary())


def said(text: str, *, asked_back: bool = False) -> tuple[Act, tuple[int, ...]] | None:
    pick = READER.read(text, asked_back=asked_back)
    return None if pick is None else (pick.act, pick.places)


@pytest.mark.parametrize(
    "text",
    [
        "2",
        "2.",
        "2)",
        "(2)",
        "#2",
        "２",
        "2\ufe0f\u20e3",
        "số 2",
        "so2",
        "Số hai",
        "hai",
        "2 nhé",
        "2 đi em",
        "vâng 2",
        "cái thứ 2",
        "cai thu hai",
        "mục 2",
        "câu số 2",
        "chọn 2",
        "cho em số 2 với ạ",
        "không, cái 2 cơ",
        "dong 2",
    ],
)
def test_a_place(text: str) -> None:
    assert said(text) == (Act.PLACES, (2,))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "2022",
        "năm",
        "thứ hai",
        "chọn thứ 2",
        "ngày 2",
        "tháng 2",
        "quý 2",
        "2 giờ",
        "2%",
        "-2",
        "1, 2",
        "2.5",
        "2 người",
        "hai nghìn",
        "cái",
        "hộ nghèo 2",
        "dùng thế nào",
        "cảm ơn",
    ],
)
def test_no_place(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cái đầu tiên", (Act.PLACES, (1,))),
        ("cai dau tien a", (Act.PLACES, (1,))),
        ("thứ nhất", (Act.PLACES, (1,))),
        ("thứ hai", (Act.PLACES, (2,))),
        ("cái cuối cùng nhé", (Act.PLACES, (LAST,))),
        ("1 và 3", (Act.PLACES, (1, 3))),
        ("cái đầu với cái cuối", (Act.PLACES, (1, LAST))),
        ("cả hai", (Act.ALL, ())),
        ("ca 3 cai", (Act.ALL, ())),
        ("cho em xem tất cả", (Act.ALL, ())),
        ("hai cái", (Act.ALL, ())),
        ("đúng rồi", (Act.YES, ())),
        ("dung roi", (Act.YES, ())),
        ("ừ", (Act.YES, ())),
        ("vâng ạ", (Act.YES, ())),
        ("phải rồi", (Act.YES, ())),
        ("không phải", (Act.NO, ())),
        ("ko phai", (Act.NO, ())),
        ("không có cái nào", (Act.NO, ())),
        ("xem thêm", (Act.MORE, ())),
        ("con cai nao nua khong", (Act.MORE, ())),
        ("không, cái khác", (Act.MORE, ())),
        ("nông thôn", None),
        ("đúng năm 2022", None),
    ],
)
def test_an_answer_to_a_question_back(
    text: str, wanted: tuple[Act, tuple[int, ...]] | None
) -> None:
    assert said(text, asked_back=True) == wanted


def test_the_line_and_not_the_number_in_a_line() -> None:
    assert READER.read("cái thứ 2") == Pick(Act.PLACES, (2,), ordinal=True)
    assert READER.read("2") == Pick(Act.PLACES, (2,))


LINES = (
    ("Tỷ lệ hộ nghèo khu vực nông thôn", "%", "tỷ lệ"),
    ("Tỷ lệ hộ nghèo khu vực thành thị", "%", "tỷ lệ"),
    ("Số hộ nghèo", "hộ", "số"),
    ("Số người nghèo trong nước", "người", "số"),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("nông thôn", (0,)),
        ("nong thon nhe", (0,)),
        ("cái thành thị ấy", (1,)),
        ("cái tỷ lệ ấy", (0, 1)),
        ("số người", (3,)),
        ("số hộ", (2,)),
        ("trong nước", (3,)),
        ("khu vực", (0, 1)),
        ("nóng thôn", ()),
        ("cận nghèo", ()),
        ("cái ấy", ()),
    ],
)
def test_words_that_tell_lines_apart(text: str, wanted: tuple[int, ...]) -> None:
    assert READER.told_apart(text, LINES) == wanted
