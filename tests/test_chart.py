"""Charts say what the figures say: every value is written, inside the picture, and drawn at its height."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize
from xml.etree import ElementTree

import pytest
from gallery.draw import GALLERY, HOME, PEOPLE, PERCENT, RANK, figure, indicator
from hypothesis import given, settings
from hypothesis import strategies as st

from db.facts import Better, Figure, Op, Period, Qualifier, Region, Release
from handlers.chart import (
    Chart,
    blocks,
    chart_of_comparison,
    chart_of_ranking,
    chart_of_series,
    draw,
    svg,
)
from handlers.chart.lettering import balance, files, width, wrap
from handlers.say import say_in

VI, EN = say_in("vi"), say_in("en")
POVERTY = indicator("Tỷ lệ hộ nghèo", PERCENT, Better.DOWN)
JOBS = indicator("Số lao động được tạo việc làm mới", PEOPLE)
PAR = indicator("Chỉ số cải cách hành chính", RANK, Better.DOWN)
SVG = "{http://www.w3.org/2000/svg}"


class Text(NamedTuple):
    """Words in a picture and the box that they fill."""

    words: str
    size: float
    left: float
    top: float
    right: float
    bottom: float


class Picture:
    """A drawn chart, read back from its SVG."""

    def __init__(self, chart: Chart | None) -> None:
        assert chart is not None
        self.chart = chart
        self.root = ElementTree.fromstring(svg(chart))
        self.height = float(self.root.get("height", 0))

    @property
    def texts(self) -> list[Text]:
        return [_text(each) for each in self.root.iter(f"{SVG}text")]

    @property
    def words(self) -> str:
        return "\n".join(text.words for text in self.texts)

    def named(self, name: str) -> list[dict[str, str]]:
        """The shapes of a class, by their attributes."""
        return [dict(each.attrib) for each in self.root.iter() if each.get("class") == name]

    def bars(self) -> list[tuple[float, float, float, float]]:
        """Left, top, right, bottom of each bar."""
        return [_box(each) for each in self.named("bar")]

    def goals(self) -> list[tuple[float, float, float, float]]:
        """From where to where the line of each target runs."""
        return [
            tuple(map(float, re.findall(r"-?[\d.]+", each["d"])))[:4] for each in self.named("goal")
        ]  # type: ignore[misc]


def _text(element: ElementTree.Element) -> Text:
    words, size = element.text or "", float(element.get("font-size", 0))
    wide = width(words, size, 600 if element.get("font-weight") == "600" else 400)
    x, y = float(element.get("x", 0)), float(element.get("y", 0))
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
    return Text(words, size, left, y - size * 0.75, left + wide, y + size * 0.2)


def _box(shape: dict[str, str]) -> tuple[float, float, float, float]:
    x, y, wide, high = (float(shape[key]) for key in ("x", "y", "width", "height"))
    return x, y, x + wide, y + high


def years(
    *values: str | None,
    first: int = 2020,
    target: tuple[Op, str] | None = None,
    what: object = POVERTY,
) -> list[Figure]:
    return [
        figure(what, Period.year(first + number), value, target)
        for number, value in enumerate(values)
    ]  # type: ignore[arg-type]


def months(
    values: Sequence[str], first: int = 2020, target: tuple[Op, str] | None = None
) -> list[Figure]:
    return [
        figure(POVERTY, Period.months(first + n // 12, n % 12 + 1, 1), value, target)
        for n, value in enumerate(values)
    ]


def inside(picture: Picture) -> None:
    for text in picture.texts:
        assert text.left >= 0, text
        assert text.right <= 1080, text
        assert text.top >= 0, text
        assert text.bottom <= picture.height, text


# ---------------------------------------------------------------- every picture


@pytest.mark.parametrize("name", GALLERY)
def test_the_gallery_reads_well(name: str) -> None:
    """All words inside the picture, none over others, none small; the values as they are said, the source at the foot."""
    picture = Picture(GALLERY[name]())
    inside(picture)
    assert min(text.size for text in picture.texts) >= 30
    for one, other in combinations(picture.texts, 2):
        apart = (
            one.right <= other.left
            or other.right <= one.left
            or one.bottom <= other.top
            or other.bottom <= one.top
        )
        assert apart, (one, other)
    said = picture.words.replace("\n", " ")
    if len(picture.chart.points) <= 12 or picture.chart.shape != "line":
        for point in picture.chart.points:
            assert point.label in said
            assert point.aside in said
    assert "Nguồn: Số liệu giả định" in said
    assert picture.chart.unit in said


@pytest.mark.parametrize("name", GALLERY)
def test_draws_in_time_and_light(name: str) -> None:
    chart = GALLERY[name]()
    assert chart is not None
    start = time.perf_counter()
    data = draw.__wrapped__(chart)
    assert (
        time.perf_counter() - start < 5
    )  # far less, but for a machine that is busy with other work
    kept = (Path(__file__).parent / "gallery" / f"{name}.png").read_bytes()
    assert len(kept) < 120_000
    # The picture in the repository is of this chart as it is drawn today.
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == struct.unpack(">II", kept[16:24])
    assert struct.unpack(">I", data[16:20]) == (1080,)


def test_draws_the_same_chart_once() -> None:
    assert draw(chart_of_series(years("5", "4"), VI)) is draw(chart_of_series(years("5", "4"), VI))  # type: ignore[arg-type]


def test_imports_no_renderer_before_a_chart_is_drawn() -> None:
    loaded = "import sys, handlers.chart; print([name for name in sys.modules if name.split('.')[0] in ('resvg_py', 'fontTools', 'fontpkg')])"
    assert (
        subprocess.run(
            [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )


def test_the_typeface_has_every_vietnamese_letter() -> None:
    from fontTools.ttLib import TTFont

    letters = {
        normalize("NFC", base + mark)
        for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
        for mark in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    }
    for file in files():
        with TTFont(file) as font:
            assert {ord(letter) for letter in letters | set("đĐ%‰≥≤–−·…")} <= set(
                font.getBestCmap()
            )


# ---------------------------------------------------------------- columns


def test_columns_and_target_stand_at_their_heights() -> None:
    picture = Picture(chart_of_series(years("4", "2", "3", target=(Op.LE, "3")), VI))
    assert picture.chart.shape == "columns"
    highs = [bottom - top for _, top, _, bottom in picture.bars()]
    assert highs[1] / highs[0] == pytest.approx(0.5, abs=0.01)
    ((_, y, _, also),) = picture.goals()
    assert y == also
    zero = picture.bars()[0][3]
    assert (zero - y) / highs[0] == pytest.approx(0.75, abs=0.01)
    assert "Chỉ tiêu ≤ 3%" in picture.words
    assert [len(picture.named(each)) for each in ("missed", "exceeded", "met")] == [
        2,
        2,
        2,
    ]  # once each, once in the legend
    assert all(each in picture.words for each in ("Chưa đạt", "Vượt", "Đạt"))


def test_a_range_is_a_band() -> None:
    figures = [
        figure(POVERTY, Period.year(2020 + n), value, (Op.BETWEEN, "2"), end="3")
        for n, value in enumerate(("4", "2.5"))
    ]
    picture = Picture(chart_of_series(figures, VI))
    (band,) = picture.named("band")
    zero, unit = picture.bars()[0][3], (picture.bars()[0][3] - picture.bars()[0][1]) / 4
    _, top, _, bottom = _box(band)
    assert ((zero - top) / unit, (zero - bottom) / unit) == (
        pytest.approx(3, abs=0.02),
        pytest.approx(2, abs=0.02),
    )
    assert "Chỉ tiêu từ 2 đến 3%" in picture.words


def test_targets_of_their_own_are_drawn_and_written_each() -> None:
    figures = [
        figure(JOBS, Period.year(2021 + n), "21000", (Op.GE, asked))
        for n, asked in enumerate(("20000", "22000"))
    ]
    picture = Picture(chart_of_series(figures, VI))
    low, high = picture.goals()
    assert high[1] < picture.bars()[1][1] < low[1]
    assert "≥ 20.000" in picture.words
    assert "≥ 22.000" in picture.words


def test_a_plan_is_hollow_and_an_estimate_hatched() -> None:
    figures = [
        *years("5", "4"),
        figure(POVERTY, Period.year(2022), "3.5", release=Release.ESTIMATE),
        *years(None, first=2023, target=(Op.LE, "3")),
    ]
    picture = Picture(chart_of_series(figures, VI))
    looks = picture.named("bar")
    assert [each["fill"].startswith("url(#hatch") for each in looks] == [False, False, True, False]
    assert ["stroke-dasharray" in each for each in looks] == [False, False, False, True]
    said = picture.words.replace("\n", " ")
    assert "ước tính" in said
    assert "kế hoạch ≤ 3%" in said
    assert "Chưa có kết quả" in said


def test_falls_below_the_zero_line() -> None:
    picture = Picture(chart_of_series(years("2", "-1", "-3"), VI))
    (zero,) = picture.named("zero")
    line = (_box(zero)[1] + _box(zero)[3]) / 2
    sides = ["over" if bottom <= line + 2 else "under" for _, _, _, bottom in picture.bars()]
    assert sides == ["over", "under", "under"]
    for text in picture.texts:
        if text.words in ("-1%", "-3%"):
            assert text.top > line


def test_a_missing_year_keeps_its_place_and_is_said() -> None:
    chart = chart_of_series([*years("8", "7"), *years("5", first=2023)], VI)
    picture = Picture(chart)
    assert [point.tick for point in picture.chart.points] == ["2020", "2021", "2022", "2023"]
    assert "không có số liệu" in picture.words.replace("\n", " ")
    assert "năm 2022: không có số liệu" in picture.chart.alt
    assert len(picture.bars()) == 3


def test_words_that_do_not_fit_beside_each_other_lie_down() -> None:
    figures = [
        figure(JOBS, Period.months(2023, month, 1), str(1_234_000 + month))
        for month in range(1, 13)
    ]
    picture = Picture(chart_of_series(figures, VI))
    assert len({left for left, *_ in picture.bars()}) == 1
    assert all(point.label in picture.words for point in picture.chart.points)
    inside(picture)


def test_periods_of_unlike_length_are_listed_by_their_whole_names() -> None:
    figures = [
        figure(JOBS, Period.months(2023, 1, 6), "20100"),
        figure(JOBS, Period(date(2022, 12, 15), date(2023, 12, 14)), "40512"),
    ]
    picture = Picture(chart_of_series(figures, VI))
    assert picture.chart.shape == "bars"
    assert "6 tháng đầu năm 2023" in picture.words
    assert "Kỳ từ 15/12/2022 đến 14/12/2023" in picture.words


def test_says_that_boundaries_changed() -> None:
    before = replace(HOME, valid_from=None, valid_to=date(2025, 6, 30))
    figures = [
        figure(POVERTY, Period.year(2024), "3", region=before),
        figure(POVERTY, Period.year(2025), "4"),
    ]
    assert "Địa giới thay đổi từ 1/7/2025" in Picture(chart_of_series(figures, VI)).words


# ---------------------------------------------------------------- lines


def test_of_many_periods_the_telling_values_are_written() -> None:
    values = [f"{30 + (number * 7) % 23}.5" for number in range(60)]
    picture = Picture(chart_of_series(months(values), VI))
    assert picture.chart.shape == "line"
    for telling in (values[0], values[-1], max(values), min(values)):
        assert VI.number(Decimal(telling)) + "%" in picture.words
        assert VI.number(Decimal(telling)) + "%" in picture.chart.alt
    assert len(picture.named("point")) == 60
    inside(picture)


def test_a_line_stops_where_a_month_is_missing() -> None:
    figures = [each for number, each in enumerate(months(["5"] * 30)) if number != 11]
    picture = Picture(chart_of_series(figures, VI))
    assert len(picture.named("line")) == 2


def test_a_line_that_does_not_begin_at_zero_says_so() -> None:
    assert (
        "Trục đứng bắt đầu từ 70%"
        in Picture(chart_of_series(months([f"7{n % 5}" for n in range(20)]), VI)).words
    )
    assert (
        "Trục đứng" not in Picture(chart_of_series(months([f"{n}" for n in range(20)]), VI)).words
    )


def test_a_line_holds_its_target_at_the_right_height() -> None:
    picture = Picture(
        chart_of_series(months([str(n) for n in range(1, 21)], target=(Op.LE, "10")), VI)
    )
    ((_, y, _, _),) = picture.goals()
    dots = [
        float(each.get("cy", 0))
        for name in ("met",)
        for each in picture.named(name)
        if float(each["cy"]) > 250
    ]
    assert min(abs(y - each) for each in dots) < 1  # the tenth month is met exactly


def test_ranks_have_the_first_on_top() -> None:
    figures = [
        figure(PAR, Period.year(2020 + number), value, of=63)
        for number, value in enumerate(("30", "12", "5"))
    ]
    picture = Picture(chart_of_series(figures, VI))
    heights = [float(each["cy"]) for each in picture.named("point")]
    assert heights == sorted(heights, reverse=True)
    assert "Trục đảo chiều: hạng 1 ở trên cùng" in picture.words
    assert all(said in picture.words for said in ("thứ 30/63", "thứ 12/63", "thứ 5/63"))


# ---------------------------------------------------------------- bars


def places(
    *values: str, target: tuple[Op, str] | None = None, what: object = POVERTY
) -> list[Figure]:
    names = ("Đắk Lắk", "Thái Nguyên", "Lạng Sơn", "Huế")
    return [
        figure(
            what,
            Period.year(2025),
            value,
            target,
            region=HOME if name == HOME.name else Region(name, "province"),
        )  # type: ignore[arg-type]
        for name, value in zip(names, values, strict=False)
    ]


def test_the_asked_place_stands_out_without_colour() -> None:
    picture = Picture(chart_of_ranking(places("5", "4", "4", "1"), VI, asked=[HOME]))
    assert len(picture.named("home")) == 1
    bold = [
        each.text for each in picture.root.iter(f"{SVG}text") if each.get("font-weight") == "600"
    ]
    assert "Thái Nguyên" in bold
    assert "Đắk Lắk" not in bold
    assert [point.place for point in picture.chart.points] == ["1.", "2.", "2.", "4."]


def test_bars_and_target_lie_at_their_lengths() -> None:
    picture = Picture(chart_of_ranking(places("4", "2", "1", target=(Op.LE, "3")), VI))
    lengths = [right - left for left, _, right, _ in picture.bars()]
    assert [each / lengths[0] for each in lengths] == [
        pytest.approx(share, abs=0.01) for share in (1, 0.5, 0.25)
    ]
    ((x, _, _, _),) = picture.goals()
    assert (x - picture.bars()[0][0]) / lengths[0] == pytest.approx(0.75, abs=0.01)


def test_a_small_value_beside_a_large_one_is_still_seen() -> None:
    picture = Picture(chart_of_ranking(places("9000000", "3", what=JOBS), VI))
    assert picture.bars()[1][2] - picture.bars()[1][0] >= 4
    assert "9.000.000" in picture.words


def test_a_better_rank_is_the_longer_bar_and_that_is_said() -> None:
    picture = Picture(chart_of_ranking(places("1", "2", "3", what=PAR), VI))
    lengths = [right - left for left, _, right, _ in picture.bars()]
    assert lengths == sorted(lengths, reverse=True)
    assert "Thanh càng dài, thứ hạng càng cao" in picture.words.replace("\n", " ")


def test_places_and_years_side_by_side_are_grouped() -> None:
    other = Region("Bắc Kạn", "province")
    figures = [
        figure(POVERTY, Period.year(year), str(year - 2015), region=region)
        for year in (2022, 2023)
        for region in (HOME, other)
    ]
    picture = Picture(chart_of_comparison(figures, VI))
    assert [(point.group, point.name) for point in picture.chart.points] == [
        ("Thái Nguyên", "Năm 2022"),
        ("Thái Nguyên", "Năm 2023"),
        ("Bắc Kạn", "Năm 2022"),
        ("Bắc Kạn", "Năm 2023"),
    ]
    assert "Bắc Kạn · năm 2023: 8%" in picture.chart.alt


def test_long_names_are_wrapped_whole() -> None:
    name = "Tỷ lệ người khuyết tật đặc biệt nặng, người khuyết tật nặng được hưởng trợ cấp xã hội hằng tháng tại cộng đồng"
    chart = chart_of_comparison(
        [
            figure(indicator(each, PERCENT), Period.year(2024), "90")
            for each in (name, "Tỷ lệ khác")
        ],
        VI,
    )
    picture = Picture(chart)
    assert name in picture.words.replace("\n", " ")
    inside(picture)


def test_one_period_of_one_indicator_is_one_number() -> None:
    picture = Picture(
        chart_of_series(
            [figure(JOBS, Period.year(2023), "40512", (Op.GE, "40000"), qualifier=Qualifier.OVER)],
            VI,
        )
    )
    assert picture.chart.shape == "single"
    assert "trên 40.512 người" in picture.words
    (left, _, right, _), ((x, _, _, _),) = picture.bars()[0], picture.goals()
    assert (x - left) / (right - left) == pytest.approx(40000 / 40512, abs=0.005)
    assert "Vượt" in picture.words


# ---------------------------------------------------------------- none


def test_no_chart_where_none_would_be_true() -> None:
    assert chart_of_series([], VI) is None
    assert chart_of_series(years(None, target=(Op.LE, "3")), VI) is None
    assert chart_of_series([figure(PAR, Period.year(2023), "12")], VI) is None
    assert chart_of_ranking(places("3"), VI) is None
    assert chart_of_comparison([*years("3"), figure(JOBS, Period.year(2020), "40000")], VI) is None


# ---------------------------------------------------------------- words


def test_all_values_up_to_twelve_are_in_the_words() -> None:
    figures = years(*(f"{number}.25" for number in range(1, 13)), first=2010, target=(Op.LE, "6"))
    chart = chart_of_series(figures, VI)
    assert chart is not None
    for number in range(1, 13):
        assert (
            f"năm {2009 + number}: {number},25% (chỉ tiêu ≤ 6%, {'vượt' if number < 6 else 'chưa đạt'})"
            in chart.alt.replace("Năm", "năm")
        )
    assert chart.alt.startswith("Biểu đồ: Tỷ lệ hộ nghèo · Thái Nguyên. ")


def test_speaks_english() -> None:
    chart = chart_of_series(
        [*years("5.5", "4", target=(Op.LE, "4")), *years(None, first=2022, target=(Op.LE, "4"))], EN
    )
    picture = Picture(chart)
    assert "5.5%" in picture.words
    assert "Target ≤ 4%" in picture.words
    assert "2020: 5.5% (target ≤ 4%, missed)" in picture.chart.alt


def test_odd_names_break_nothing() -> None:
    odd = indicator(normalize("NFD", 'Tỷ lệ <&> "hộ" \']]>') + "\x07\u202e" + "dài" * 60, PERCENT)
    figures = [figure(odd, Period.year(2023), "5"), figure(odd, Period.year(2024), "4")]
    picture = Picture(chart_of_series(figures, VI))
    assert 'Tỷ lệ <&> "hộ" \']]>' in picture.words.replace("\n", " ")
    inside(picture)
    assert draw(picture.chart).startswith(b"\x89PNG")


@given(
    st.lists(st.decimals(-10_000_000, 10_000_000, places=2) | st.none(), min_size=2, max_size=30),
    st.sampled_from([Op.LE, Op.GE, Op.BETWEEN]),
    st.decimals(-1000, 1000, places=1) | st.none(),
    st.sampled_from([12, 3, 1]),
)
@settings(max_examples=80, deadline=None)
def test_whatever_the_values_all_words_are_inside(
    values: list[Decimal | None], op: Op, asked: Decimal | None, length: int
) -> None:
    when = [
        Period.months(2000 + n * length // 12, n * length % 12 + 1, length)
        for n in range(len(values))
    ]
    target = None if asked is None else (op, str(asked))
    end = str(asked + 5) if asked is not None and op is Op.BETWEEN else None
    figures = [
        figure(POVERTY, period, None if value is None else str(value), target, end=end)
        for period, value in zip(when, values, strict=True)
        if value is not None or target is not None
    ]
    for chart in (
        chart_of_series(figures, VI),
        chart_of_comparison(figures, EN),
        chart_of_ranking(figures, VI),
    ):
        if chart is not None:
            picture = Picture(chart)
            inside(picture)
            if chart.shape != "line":
                said = picture.words.replace("\n", " ")
                assert all(point.label in said for point in chart.points)
            assert all(len(line) < 200 for line in blocks(chart))


# ---------------------------------------------------------------- lines of words


def test_wraps_at_spaces_and_inside_only_what_is_too_long() -> None:
    assert wrap("một hai ba", width("một hai", 30), 30) == ["một hai", "ba"]
    assert "".join(wrap("a" * 100, 200, 30)) == "a" * 100
    assert all(width(line, 30) <= 200 for line in wrap("a" * 100, 200, 30))
    cut = wrap("một hai ba bốn năm sáu", 120, 30, 400, 2)
    assert len(cut) == 2
    assert cut[-1].endswith("…")


def test_leaves_no_word_alone() -> None:
    text = "Chỉ số giá tiêu dùng so với cùng kỳ năm trước"
    room = width("Chỉ số giá tiêu dùng so với cùng kỳ năm", 50, 600)
    assert wrap(text, room, 50, 600)[-1] == "trước"
    lines = balance(text, room, 50, 600)
    assert len(lines) == 2
    assert " ".join(lines) == text
    assert lines[-1] != "trước"


# ---------------------------------------------------------------- the terminal


def test_the_terminal_shows_the_same_values() -> None:
    for name, made in GALLERY.items():
        chart = made()
        assert chart is not None
        lines = blocks(chart)
        said = "\n".join(lines)
        assert lines[0] == chart.title
        assert lines[-1] == chart.source
        if chart.shape != "line":
            assert all(point.label in said for point in chart.points), name
        assert max(len(line) for line in lines) <= 100


def test_blocks_are_as_long_as_the_values() -> None:
    chart = chart_of_ranking(places("4", "2", "1", target=(Op.LE, "3")), VI)
    assert chart is not None
    rows = [line for line in blocks(chart) if "█" in line]
    full = [line.count("█") + line.count("│") for line in rows]
    assert full[1] == pytest.approx(full[0] / 2, abs=1.5)
    assert all("│" in row for row in rows)
    assert "✗" in rows[0]
    assert "✓✓" in rows[2]


def test_blocks_fall_left_of_zero() -> None:
    chart = chart_of_series(years("2", "-1", "-2"), VI)
    assert chart is not None
    rows = [line for line in blocks(chart) if "█" in line]
    assert rows[1].rindex("█") < rows[0].index("█")


def test_a_long_series_is_a_row_of_blocks() -> None:
    lines = blocks(GALLERY["60-thang"]())  # type: ignore[arg-type]
    row = next(line for line in lines if set(line) <= set(" ▁▂▃▄▅▆▇█"))
    assert len(row) == 60
