"""Draws the README's gallery from invented figures: `python tests/gallery/draw.py` writes the pictures beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from db.facts import (
    Better,
    Figure,
    Indicator,
    Op,
    OverYear,
    Period,
    Qualifier,
    Region,
    Release,
    Source,
    Target,
    Unit,
    UnitKind,
)
from handlers.chart import (
    Chart,
    chart_of_comparison,
    chart_of_ranking,
    chart_of_series,
    chart_of_targets,
    draw,
)
from handlers.say import say_in

HERE = Path(__file__).parent
SAY = say_in("vi")

SOURCE = Source("Số liệu giả định để minh hoạ", "Số liệu giả định để minh hoạ, không phải số thật")
PUBLISHED = date(2025, 1, 6)
HOME = Region("Thái Nguyên", "province", valid_from=date(2025, 7, 1))

PERCENT = Unit("%", UnitKind.SHARE)
PEOPLE = Unit("người", UnitKind.COUNT)
RANK = Unit("hạng", UnitKind.RANK)

PROVINCES = [
    "Thành phố Hồ Chí Minh",
    "Hà Nội",
    "Hải Phòng",
    "Đồng Nai",
    "Bắc Ninh",
    "Phú Thọ",
    "Thanh Hóa",
    "Nghệ An",
    "An Giang",
    "Ninh Bình",
    "Gia Lai",
    "Hưng Yên",
    "Tây Ninh",
    "Đồng Tháp",
    "Vĩnh Long",
    "Cần Thơ",
    "Lâm Đồng",
    "Đắk Lắk",
    "Đà Nẵng",
    "Cà Mau",
    "Khánh Hòa",
    "Quảng Ngãi",
    "Thái Nguyên",
    "Lào Cai",
    "Tuyên Quang",
    "Quảng Trị",
    "Quảng Ninh",
    "Hà Tĩnh",
    "Sơn La",
    "Huế",
    "Lạng Sơn",
    "Điện Biên",
    "Cao Bằng",
    "Lai Châu",
]


def indicator(name: str, unit: Unit, better: Better = Better.UP) -> Indicator:
    return Indicator(name, name, unit, better=better, over_year=OverYear.POINT)


def figure(
    what: Indicator,
    period: Period,
    value: str | None,
    target: tuple[Op, str] | None = None,
    *,
    end: str | None = None,
    region: Region = HOME,
    release: Release = Release.OFFICIAL,
    qualifier: Qualifier | None = None,
    of: int | None = None,
) -> Figure:
    """A figure, with a target for its own period where one is given."""
    asked = None
    if target is not None:
        asked = Target(
            target[0],
            Decimal(target[1]),
            period,
            SOURCE,
            PUBLISHED,
            None if end is None else Decimal(end),
        )
    number = None if value is None else Decimal(value)
    return Figure(
        what, region, period, number, SOURCE, PUBLISHED, of, qualifier, release, target=asked
    )


def years() -> Chart | None:
    """Targets that rise from year to year, met, exceeded and missed, and a plan that waits for its result."""
    jobs = indicator("Số lao động được tạo việc làm mới", PEOPLE)
    rows = [
        ("19.850", "20.000"),
        ("21.000", "21.000"),
        ("22.460", "21.500"),
        ("22.115", "22.500"),
        (None, "23.000"),
    ]
    figures = [
        figure(
            jobs,
            Period.year(2021 + number),
            value and value.replace(".", ""),
            (Op.GE, asked.replace(".", "")),
        )
        for number, (value, asked) in enumerate(rows)
    ]
    return chart_of_series(figures, SAY)


def provinces() -> Chart | None:
    """All provinces in order, the asked one standing out, values of very different size."""
    firms = indicator("Số doanh nghiệp thành lập mới", Unit("doanh nghiệp", UnitKind.COUNT))
    value, figures = 58_412, []
    for number, name in enumerate(PROVINCES):
        region = HOME if name == HOME.name else Region(name, "province")
        figures.append(figure(firms, Period.year(2025), str(value), region=region))
        value = value * (52, 31, 81, 84, 88)[number] // 100 if number < 5 else value * 93 // 100
    return chart_of_ranking(figures, SAY, asked=[HOME])


def one() -> Chart | None:
    """One figure against its target."""
    jobless = indicator("Tỷ lệ thất nghiệp khu vực thành thị", PERCENT, Better.DOWN)
    return chart_of_series([figure(jobless, Period.year(2024), "2.4", (Op.LT, "3"))], SAY)


def changes() -> Chart | None:
    """Changes above and below zero, the last of them not settled."""
    industry = indicator("Tốc độ tăng chỉ số sản xuất công nghiệp so với cùng kỳ", PERCENT)
    values = ["4.2", "-1.7", "-6.35", "-2.1", "0.8", "3.9", "5.4"]
    settled = {5: Release.PRELIMINARY, 6: Release.ESTIMATE}
    figures = [
        figure(
            industry,
            Period.months(2023 + number // 4, number % 4 * 3 + 1, 3),
            value,
            release=settled.get(number, Release.OFFICIAL),
        )
        for number, value in enumerate(values)
    ]
    return chart_of_series(figures, SAY)


def long_names() -> Chart | None:
    """Indicators with long names side by side, each with a target of its own."""
    rows: Sequence[tuple[str, str | None, tuple[Op, str], str | None, Qualifier | None]] = [
        (
            "Tỷ lệ lao động qua đào tạo có bằng cấp, chứng chỉ trong tổng số lao động đang làm việc trong nền kinh tế",
            "36",
            (Op.GE, "36"),
            None,
            None,
        ),
        (
            "Tỷ lệ hồ sơ thủ tục hành chính được tiếp nhận, giải quyết trực tuyến toàn trình",
            "71.5",
            (Op.GE, "80"),
            None,
            None,
        ),
        ("Tỷ lệ dân số tham gia bảo hiểm y tế", "96.2", (Op.GE, "95"), None, None),
        ("Tỷ lệ học sinh Ưỡẫ ỷ ợ ặ hoàn thành chương trình", "92", (Op.BETWEEN, "90"), "94", None),
        ("Tỷ lệ xã đạt chuẩn nông thôn mới nâng cao", "29", (Op.GE, "30"), None, Qualifier.NEARLY),
        ("Tỷ lệ đô thị hoá", None, (Op.GE, "40"), None, None),
    ]
    figures = [
        figure(indicator(name, PERCENT), Period.year(2024), value, asked, end=end, qualifier=hedge)
        for name, value, asked, end, hedge in rows
    ]
    return chart_of_comparison(figures, SAY)


def targets() -> Chart | None:
    """Targets of different units at a glance: missed, open, exceeded and met; one far beyond what was asked."""
    rows: Sequence[tuple[str, Unit, Better, str, tuple[Op, str], str | None, Qualifier | None, Release]] = [
        ("Tỷ lệ hộ nghèo", PERCENT, Better.DOWN, "3.32", (Op.LE, "3.1"), None, None, Release.OFFICIAL),
        ("Số doanh nghiệp thành lập mới", Unit("doanh nghiệp", UnitKind.COUNT), Better.UP, "945", (Op.GE, "1200"), None, None, Release.PRELIMINARY),
        ("Xếp hạng chỉ số cải cách hành chính", RANK, Better.DOWN, "39", (Op.LE, "31"), None, None, Release.OFFICIAL),
        ("Sản lượng chè búp tươi", Unit("tấn", UnitKind.COUNT), Better.UP, "280000", (Op.GE, "270000"), None, Qualifier.NEARLY, Release.OFFICIAL),
        ("Số lao động đi làm việc ở nước ngoài theo hợp đồng", PEOPLE, Better.UP, "2749", (Op.GE, "1000"), None, None, Release.OFFICIAL),
        ("Tốc độ tăng tổng sản phẩm trên địa bàn", PERCENT, Better.UP, "5.4", (Op.BETWEEN, "4.7"), "6.0", None, Release.ESTIMATE),
        ("Tỷ lệ lao động qua đào tạo", PERCENT, Better.UP, "73", (Op.GE, "73"), None, None, Release.OFFICIAL),
        ("Bội chi ngân sách", PERCENT, Better.DOWN, "0.2", (Op.LE, "0"), None, None, Release.OFFICIAL),
    ]  # fmt: skip
    figures = [
        figure(
            indicator(name, unit, better),
            Period.year(2024),
            value,
            asked,
            end=end,
            qualifier=hedge,
            release=release,
        )
        for name, unit, better, value, asked, end, hedge, release in rows
    ]
    return chart_of_targets(
        figures,
        "Thái Nguyên · năm 2024",
        "8 chỉ tiêu được giao: chưa đạt 4, chưa đủ căn cứ 1, vượt 1, đạt 2",
        SAY,
    )


def months() -> Chart | None:
    """Five years of months against a range that is asked for."""
    prices = indicator("Chỉ số giá tiêu dùng so với cùng kỳ năm trước", PERCENT, Better.NONE)
    turns = (
        "3.1",
        "2.2",
        "1.3",
        "2.4",
        "3.2",
        "4.6",
        "4.1",
        "3.4",
        "2.7",
        "3.8",
        "3.6",
        "2.9",
        "2.5",
    )
    figures = []
    for number in range(60):
        before, after = Decimal(turns[number // 5]), Decimal(turns[number // 5 + 1])
        value = (
            before
            + (after - before) * (number % 5) / 5
            + Decimal((number * number * 11) % 9 - 4) / 25
        )
        release = Release.ESTIMATE if number == 59 else Release.OFFICIAL
        when = Period.months(2020 + number // 12, number % 12 + 1, 1)
        figures.append(
            figure(prices, when, f"{value:.2f}", (Op.BETWEEN, "2"), end="4", release=release)
        )
    return chart_of_series(figures, SAY)


GALLERY = {
    "qua-cac-nam": years,
    "xep-hang-34-tinh": provinces,
    "mot-so-lieu": one,
    "tang-giam": changes,
    "ten-dai": long_names,
    "60-thang": months,
    "chi-tieu": targets,
}


def main() -> None:
    import oxipng

    for name, made in GALLERY.items():
        chart = made()
        if chart is None:
            raise ValueError(f"no chart for {name}")
        # The same pixels in fewer bytes, since a repository keeps every version.
        (HERE / f"{name}.png").write_bytes(oxipng.optimize_from_memory(draw(chart), level=3))


if __name__ == "__main__":
    main()
