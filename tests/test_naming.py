"""Names are read by words and evidence: what is said whole is found, what is not stored is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.facts import Catalogue, Indicator, Unit, UnitKind
from handlers.reading import Reader
from handlers.reading.naming.compiling import compiled
from handlers.reading.naming.evidence import NAMES, Evidence
from handlers.reading.naming.scoring import NOTHING, WEIGHTS, Nothing, scorer
from handlers.reading.naming.worddata import WORDS
from locales.library import entries
from locales.vocabulary import vocabulary

TODAY = date(2024, 3, 24)
FRAMES = (
    "{} năm 2023",
    "Dạ cho em xin lại {} năm 2023 với ạ, hôm trước em ghi mà bị mất file",
    "Em bên Sở Tài chính đang làm báo cáo, anh cho hỏi {} năm ngoái là bao nhiêu?",
    "Phóng viên báo tỉnh đây ạ: {} năm 2023",
    "{}",
)


def catalogue(*rows: tuple[str, str, UnitKind]) -> Catalogue:
    """Make a catalogue of names with their units."""
    return Catalogue(
        {
            f"i{number}": Indicator(f"i{number}", name, Unit(unit, kind))
            for number, (name, unit, kind) in enumerate(rows)
        }
    )


SHARE, COUNT, MONEY, RANK = UnitKind.SHARE, UnitKind.COUNT, UnitKind.MONEY, UnitKind.RANK
SMALL = Reader(
    catalogue(
        ("Tỷ lệ giải ngân vốn đầu tư công", "%", SHARE),
        ("Tỷ lệ hộ nghèo", "%", SHARE),
        ("Kim ngạch xuất khẩu hàng hóa", "triệu USD", MONEY),
        ("Số người chết do tai nạn giao thông", "người", COUNT),
        ("Tỷ lệ lao động qua đào tạo có bằng cấp, chứng chỉ", "%", SHARE),
        ("Số sản phẩm OCOP được công nhận", "sản phẩm", COUNT),
        ("Tỷ lệ xã đạt chuẩn nông thôn mới", "%", SHARE),
        ("Chỉ số cải cách hành chính", "điểm", UnitKind.INDEX),
    ),
    vocabulary(),
)


def meant(reader: Reader, text: str) -> list[str]:
    """Give the names of the indicators that a text is read as."""
    return [each.name for each in reader.read(text, TODAY).indicators]


@pytest.mark.parametrize(
    "text",
    [
        "tỷ lệ tử vong năm 2023",  # no tư, no vốn
        "tình hình chung năm 2023 thế nào",  # no chứng chỉ
        "xuất khẩu gạo năm 2023",
        "số sản phẩm OCOP 5 sao",
        "số người chết năm 2023",
        "tỷ lệ xã chưa đạt nông thôn mới",
        "tỷ lệ hộ cận nghèo 2023",
        "tốc độ tăng kim ngạch xuất khẩu hàng hóa",
        "tỉnh xếp thứ mấy về cải cách hành chính",
    ],
)
def test_never_gives_a_neighbour(text: str) -> None:
    assert meant(SMALL, text) == []


def whole_names() -> Iterator[tuple[str, Reader]]:
    """Give names of the library, each with a reader over it and what stands around it."""
    every = entries()
    for start in range(0, len(every), 450):
        rows = every[start : start + 60]
        known = catalogue(*((each.name, each.units[0], COUNT) for each in rows))
        reader = Reader(known, vocabulary())
        for each in rows[::12]:
            yield each.name, reader


@pytest.mark.parametrize("frame", FRAMES)
def test_answers_a_whole_name_whatever_surrounds_it(frame: str) -> None:
    """A name said in one piece is the one that is meant; of all, at most a few are asked about."""
    asked = list(whole_names())
    missed = [name for name, reader in asked if meant(reader, frame.format(name)) != [name]]
    wrong = [
        name for name, reader in asked if meant(reader, frame.format(name)) not in ([name], [])
    ]
    assert wrong == []
    assert len(missed) * 5 <= len(asked), missed


def test_words_are_compiled_from_lexicon_and_library() -> None:
    """Run `python -m handlers.reading.naming.compiling` after either changes."""
    assert json.loads(WORDS.read_text(encoding="utf-8")) == json.loads(json.dumps(compiled()))


def test_weights_are_of_this_evidence() -> None:
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert WEIGHTS.stat().st_size < 1_000_000
    assert set(data["weights"]) == set(NAMES)
    assert set(data["none"]) == set(NOTHING)


@settings(max_examples=60)
@given(st.lists(st.floats(-20, 20), max_size=8), st.floats(0, 3))
def test_probabilities_add_up(utilities: list[float], weight: float) -> None:
    each, none = scorer().probabilities(utilities, Nothing(weight=weight))
    assert abs(sum(each) + none - 1.0) < 1e-9
    assert all(0.0 <= one <= 1.0 for one in (*each, none))


def test_evidence_has_a_row_of_its_numbers() -> None:
    assert len(Evidence(cover=0.5).row()) == len(NAMES)
