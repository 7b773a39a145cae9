"""What people write to choose from a numbered list."""

from __future__ import annotations

import pytest

from handlers.reading.picks import picked
from locales.vocabulary import vocabulary


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
    ],
)
def test_a_place(text: str) -> None:
    assert picked(text, vocabulary()) == 2


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
        "1 và 2",
        "1, 2",
        "2.5",
        "2 người",
        "hai nghìn",
        "cái",
        "hộ nghèo 2",
    ],
)
def test_no_place(text: str) -> None:
    assert picked(text, vocabulary()) is None
