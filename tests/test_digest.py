"""What stands in a digest and in an alert: nothing that is not stored, nothing judged that cannot be, nothing told twice."""

from __future__ import annotations

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_never_wrong import follows, numbers

from db.deliveries import Deliveries, Kept
from db.engine import open_chats
from db.facts import (
    Better,
    Figure,
    Indicator,
    Op,
    OverYear,
    Period,
    Region,
    Source,
    Target,
    Unit,
    UnitKind,
)
from db.importer import DEMONSTRATION, load
from db.rhythm import HOME_ZONE, Every, Rhythm
from db.store import Store
from db.subscriptions import Alert, Subscription, Wishes
from db.turns import Turns
from handlers.digest import Digest, alert, compose
from handlers.digest.news import news
from handlers.digest.overdue import overdue
from handlers.digest.scope import scope
from handlers.digest.workbook import workbook
from handlers.say import say_in
from handlers.verdict import Pace, Status, pace, status

HERE = Path(__file__).parent
VI, EN = say_in("vi"), say_in("en")
HOME = ZoneInfo(HOME_ZONE)
PLACE = "Thái Nguyên"

INDICATORS = """code,name_vi,unit,decimals,better,parent,category,aliases,over_year
ngheo,Tỷ lệ hộ nghèo,%,2,down,,xa-hoi,,point
viec-lam,Số lao động được tạo việc làm,người,0,up,,lao-dong,,cumulative
thu,Thu ngân sách,tỷ đồng,1,up,,kinh-te,,cumulative
giai-ngan,Tỷ lệ giải ngân,%,2,up,,kinh-te,,cumulative
gia,Chỉ số giá,%,2,none,,kinh-te,,point
"""
CATEGORIES = "code,name_vi,aliases\nxa-hoi,Xã hội,\nlao-dong,Lao động,\nkinh-te,Kinh tế,\n"
SOURCES = "code,title,publisher,published,address\ns,Báo cáo thử,Sở thử,,\n"
HEAD = "indicator,region,period,value,qualifier,target_op,target_value,published,status,source,of,basis,note\n"


async def stored(store: Store, place: Path, *rows: str, today: date = date(2024, 6, 1)) -> None:
    """Makes rows of `indicator,period,value,qualifier,target_op,target_value,published,status` part of the store.

    A row is of the home place unless its indicator names another: `ngheo@Bắc Kạn`.
    """
    lines = []
    for row in rows:
        what, *rest = row.split(",")
        code, _, region = what.partition("@")
        rest += [""] * (7 - len(rest))
        lines.append(",".join((code, region or PLACE, *rest, "s", "", "", "")))
    for name, text in (
        ("indicators", INDICATORS),
        ("categories", CATEGORIES),
        ("sources", SOURCES),
    ):
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    (place / "observations.csv").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    await load(store, place, today)


BRIEF = Wishes(regions=(PLACE,), chart=False)
FULL = replace(BRIEF, full=True)


async def digest(
    store: Store,
    wishes: Wishes = BRIEF,
    day: str = "2024-07-05",
    since: int | None = None,
    **more: object,
) -> Digest:
    moment = datetime.fromisoformat(day).replace(hour=8, tzinfo=HOME)
    language = str(more.pop("language", "vi"))
    late, preview = bool(more.get("late")), bool(more.get("preview"))
    made = await compose(
        store, wishes, moment=moment, since=since, late=late, say=say_in(language), home=PLACE, preview=preview
    )  # fmt: skip
    await holds(made, store, date.fromisoformat(day), language)
    return made


async def holds(made: Digest, store: Store, day: date, language: str) -> None:
    """Every number of a digest is of its figures, follows from them, or is a day, a period, a name or a source."""
    say = say_in(language)
    texts = [say.day(day)]
    for each in made.figures:
        texts += [
            say.figure(each),
            say.period(each.period),
            each.indicator.name,
            say.source(each.source),
            say.day(each.published),
        ]
        if each.value is not None:
            texts.append(say.number(each.value))
        if each.target is not None:
            texts += [
                say.number(value)
                for value in (each.target.value, each.target.end)
                if value is not None
            ]
            texts.append(say.period(each.target.period))
    texts += [say.number(abs(each.value)) for each in made.computed]
    texts += [each.name for each in store.catalogue.indicators.values()]
    # The day from which news is counted, and the days and periods of what is overdue.
    for line in made.message.text.splitlines():
        if line.startswith(("Bản tin đầu tiên", "First digest", "Mọi số liệu")):
            texts.append(line.partition(" (")[0])
    every = await store.first_published(
        list(store.catalogue.indicators.values()), list(store.catalogue.regions.values())
    )
    for published in every.values():
        for period, first in published.items():
            texts += [say.day(first), say.period(period), say.period(period.years_before(-1))]
    strange = numbers(made.message.text) - set().union(*map(numbers, texts))
    assert not strange, f"{made.message.text}\n{strange}"
    for computed in made.computed:
        assert follows(computed, made.figures), computed


def lines(made: Digest) -> list[str]:
    return made.message.text.splitlines()


def rows(made: Digest, title: str) -> list[str]:
    """What stands under a title."""
    said = lines(made)
    begin = next((number for number, each in enumerate(said) if each.startswith(title)), None)
    if begin is None:
        return []
    found: list[str] = []
    for each in said[begin + 1 :]:
        if not each.startswith("• "):
            break
        found.append(each[2:])
    return found


# ---------------------------------------------------------------- results


async def test_all_met(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "ngheo,2023,2.9,,<=,3", "viec-lam,2023,22000,,>=,20000")
    made = await digest(store, since=await store.watermark())
    assert lines(made) == [
        "Bản tin số liệu hằng tháng · Thái Nguyên · 5/7/2024",
        "Năm 2023, Thái Nguyên đạt hoặc vượt cả 2 chỉ tiêu đã có kết quả; không có số liệu mới.",
        "2 chỉ tiêu được giao: vượt 2",
        "Không có số liệu mới hay đính chính kể từ bản tin trước.",
        "Nguồn: Sở thử",
    ]


async def test_the_missed_stand_first(store: Store, tmp_path: Path) -> None:
    await stored(
        store,
        tmp_path,
        "ngheo,2023,3.5,,<=,3",
        "viec-lam,2023,22000,,>=,20000",
        "thu,2023,900.5,,>=,1000",
        "giai-ngan,2023,,,>=,95",
        "gia,2023,3.4,about,<=,3.5",
        "gia,2022,9,,<=,3",
    )
    brief = await digest(store, since=await store.watermark())
    assert lines(brief)[1:5] == [
        "Năm 2023, Thái Nguyên đạt hoặc vượt 1/4 chỉ tiêu đã có kết quả, 2 chỉ tiêu chưa đạt, "
        "1 chỉ tiêu chưa đủ căn cứ kết luận; không có số liệu mới.",
        "5 chỉ tiêu được giao: chưa đạt 2, chưa đủ căn cứ 1, vượt 1, chưa có kết quả 1",
        "Chưa đạt (2)",
        "• Tỷ lệ hộ nghèo: 3,5% · ≤ 3% · chưa đạt",
    ]
    assert rows(brief, "Vượt và đạt") == []
    full = await digest(store, FULL, since=await store.watermark())
    assert [
        each.partition(" (")[0] for each in lines(full) if each.startswith(("Chưa", "Vượt"))
    ] == [
        "Chưa đạt",
        "Chưa đủ căn cứ kết luận",
        "Vượt và đạt",
        "Chưa có kết quả",
    ]
    assert rows(full, "Vượt và đạt") == [
        "Số lao động được tạo việc làm: 22.000 người · ≥ 20.000 người · vượt (110%)"
    ]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ngheo,2023,2,,<=,3", "Thái Nguyên vượt chỉ tiêu duy nhất đã có kết quả"),
        ("ngheo,2023,3,,<=,3", "Thái Nguyên đạt chỉ tiêu duy nhất đã có kết quả"),
        ("ngheo,2023,4,,<=,3", "Thái Nguyên chưa đạt chỉ tiêu duy nhất đã có kết quả"),
        (
            "ngheo,2023,3,about,<=,3",
            "Thái Nguyên chưa đủ căn cứ kết luận về chỉ tiêu duy nhất đã có kết quả",
        ),
    ],
)
async def test_a_single_target_is_not_counted(
    store: Store, tmp_path: Path, row: str, said: str
) -> None:
    await stored(store, tmp_path, row)
    assert said in lines(await digest(store))[1]


async def test_each_place_is_counted_for_itself(store: Store, tmp_path: Path) -> None:
    await stored(
        store,
        tmp_path,
        "ngheo,2023,2,,<=,3",
        "ngheo@Bắc Kạn,2023,20,,<=,15",
        "viec-lam@Bắc Kạn,2023,9,,>=,9",
    )
    made = await digest(
        store, replace(BRIEF, regions=(PLACE, "Bắc Kạn")), since=await store.watermark()
    )
    assert lines(made)[:5] == [
        "Bản tin số liệu hằng tháng · Thái Nguyên và Bắc Kạn · 5/7/2024",
        "Năm 2023, Thái Nguyên và Bắc Kạn đạt hoặc vượt 2/3 chỉ tiêu đã có kết quả, 1 chỉ tiêu chưa đạt; không có số liệu mới.",
        "Thái Nguyên – 1 chỉ tiêu được giao: vượt 1",
        "Bắc Kạn – 2 chỉ tiêu được giao: chưa đạt 1, đạt 1",
        "Chưa đạt (1)",
    ]
    assert rows(made, "Chưa đạt") == ["Tỷ lệ hộ nghèo · Bắc Kạn: 20% · ≤ 15% · chưa đạt"]


async def test_wishes_narrow_it(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "ngheo,2023,4,,<=,3", "viec-lam,2023,9,,>=,9", "thu,2023,9,,>=,9")
    made = await digest(store, replace(FULL, categories=("lao-dong",), indicators=("thu",)))
    assert (
        "Bản tin số liệu hằng tháng · Lao động · Thu ngân sách · Thái Nguyên · 5/7/2024"
        in lines(made)
    )
    assert {each.indicator.code for each in made.figures} == {"viec-lam", "thu"}


async def test_an_unknown_wish_is_named_and_is_never_everything(
    store: Store, tmp_path: Path
) -> None:
    await stored(store, tmp_path, "ngheo,2023,4,,<=,3")
    made = await digest(store, replace(BRIEF, categories=("khong-co",), regions=(PLACE, "Xứ Lạ")))
    assert lines(made)[1:] == [
        "Chưa có số liệu nào cho nội dung đã đăng ký.",
        "Không có trong kho số liệu: khong-co, Xứ Lạ",
    ]
    some = await digest(store, replace(BRIEF, categories=("khong-co",), indicators=("ngheo",)))
    assert some.figures
    assert "Không có trong kho số liệu: khong-co" in lines(some)


async def test_an_empty_store_says_so(store: Store) -> None:
    made = await digest(store)
    assert lines(made) == [
        "Bản tin số liệu hằng tháng · Thái Nguyên · 5/7/2024",
        "Chưa có số liệu nào cho nội dung đã đăng ký.",
    ]
    moment = datetime(2024, 7, 5, 8, tzinfo=HOME)
    nowhere = await compose(
        store, Wishes(), moment=moment, since=None, late=False, say=VI, home=None
    )
    assert "Chưa rõ bản tin dành cho địa phương nào" in nowhere.message.text
    assert (nowhere.watermark, nowhere.figures) == (0, ())


async def test_without_targets_the_newest_figures_stand_there(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "ngheo,2022,4.35,,,", "ngheo,2023,3.02,,,,,preliminary")
    made = await digest(store, since=await store.watermark())
    assert rows(made, "Số mới nhất") == ["Tỷ lệ hộ nghèo: năm 2023 · 3,02% (số sơ bộ)"]
    assert "Thái Nguyên không có chỉ tiêu được giao cho các số liệu theo dõi" in lines(made)[1]


async def test_the_day_is_that_of_the_rhythms_clock(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "ngheo,2023,2,,<=,3")
    moment = datetime(2024, 7, 4, 20, tzinfo=ZoneInfo("UTC"))  # 03:00 on the 5th in Viet Nam
    made = await compose(
        store,
        replace(BRIEF, rhythm=Rhythm(Every.WEEK, 5)),
        moment=moment,
        since=None,
        late=True,
        say=VI,
        home=None,
    )
    assert lines(made)[:2] == [
        "Bản tin số liệu hằng tuần · Thái Nguyên · 5/7/2024",
        "Bản tin này đến muộn: lẽ ra được gửi ngày 5/7/2024.",
    ]


# ---------------------------------------------------------------- progress

COUNT = Unit("người", UnitKind.COUNT)
HALF = Period.months(2023, 1, 6)  # 181 of 365 days


def part(
    value: str, *, op: Op = Op.GE, asked: str = "36500", period: Period = HALF, **changed: object
) -> Figure:
    jobs = Indicator("a", "A", COUNT, better=Better.UP, over_year=OverYear.CUMULATIVE)
    target = Target(op, Decimal(asked), Period.year(2023), Source(""), date(2023, 1, 1))
    figure = Figure(
        replace(jobs, **changed),
        Region("X", "province"),
        period,
        Decimal(value),
        Source(""),
        date(2023, 7, 1),
    )  # type: ignore[arg-type]
    return replace(figure, target=target)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("19005", Pace.AHEAD),  # 36500 · 181/365 · 1.05
        ("19004.999999999999999999999999999999", Pace.ON_TIME),
        ("18100", Pace.ON_TIME),
        ("17195", Pace.ON_TIME),  # 36500 · 181/365 · 0.95
        ("17194.999999999999999999999999999999", Pace.BEHIND),
        ("0", Pace.BEHIND),
    ],
)
def test_progress_is_told_at_the_exact_bounds(value: str, wanted: Pace) -> None:
    assert pace(part(value)) is wanted


@pytest.mark.parametrize(
    "figure",
    [
        part("1", op=Op.LE),
        part("1", op=Op.EQ),
        part("1", asked="0"),
        part("1", over_year=OverYear.POINT),
        part("1", over_year=OverYear.ANNUAL),
        part("1", better=Better.DOWN),
        part("1", unit=Unit("hạng", UnitKind.RANK)),
        part("1", period=Period.months(2023, 4, 3)),
        part("1", period=Period.year(2023)),
    ],
)
def test_progress_is_not_told_where_it_cannot_be(figure: Figure) -> None:
    assert pace(figure) is None


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 12))
def test_progress_is_the_share_attained_over_the_share_gone(
    value: int, asked: int, months: int
) -> None:
    period = Period.months(2023, 1, months)
    told = pace(part(str(value), asked=str(asked), period=period))
    if months == 12:
        assert told is None
    else:
        from fractions import Fraction

        share = Fraction(value, asked) / Fraction(period.days, 365)
        assert (told is Pace.AHEAD) == (share >= Fraction(105, 100))
        assert (told is Pace.BEHIND) == (share < Fraction(95, 100))


async def test_a_running_years_plans_are_never_missed(store: Store, tmp_path: Path) -> None:
    await stored(
        store,
        tmp_path,
        "viec-lam,2024,,,>=,20000",
        "viec-lam,2024-Q1,4000",
        "viec-lam,2024-S1,9000",
        "thu,2024,,,>=,1000",
        "thu,2024-S1,600.5",
        "giai-ngan,2024,,,>=,95",
        "giai-ngan,2024-S1,47.5",
        "ngheo,2024,,,<=,3",
        "ngheo,2024-S1,3.4",
        "gia,2024,,,<=,4",
    )
    made = await digest(store, FULL, since=await store.watermark())
    assert rows(made, "Tiến độ kế hoạch năm 2024") == [
        "Số lao động được tạo việc làm: 6 tháng đầu năm 2024: 9.000/20.000 người, bằng 45% kế hoạch khi đã qua 49,73% thời gian · chậm tiến độ",
        "Tỷ lệ giải ngân: 6 tháng đầu năm 2024: 47,5% (chỉ tiêu ≥ 95%) khi đã qua 49,73% thời gian · đúng tiến độ",
        "Thu ngân sách: 6 tháng đầu năm 2024: 600,5/1.000 tỷ đồng, bằng 60,05% kế hoạch khi đã qua 49,73% thời gian · vượt tiến độ",
        "Tỷ lệ hộ nghèo: 6 tháng đầu năm 2024: 3,4% (chỉ tiêu ≤ 3%) khi đã qua 49,73% thời gian · đang thực hiện",
    ]
    assert "Kế hoạch năm 2024 chưa có số liệu thực hiện: Chỉ số giá" in lines(made)
    assert "chưa đạt" not in made.message.text.lower()
    assert "1 kế hoạch chậm tiến độ" in lines(made)[1]
    brief = await digest(store, since=await store.watermark())
    assert [each.partition(":")[0] for each in rows(brief, "Chậm tiến độ kế hoạch năm 2024")] == [
        "Số lao động được tạo việc làm"
    ]


async def test_a_quarter_alone_says_nothing_of_the_year(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "viec-lam,2024,,,>=,20000", "viec-lam,2024-Q2,4000")
    made = await digest(store, FULL)
    assert not rows(made, "Tiến độ")
    assert "Kế hoạch năm 2024 chưa có số liệu thực hiện: Số lao động được tạo việc làm" in lines(
        made
    )


# ---------------------------------------------------------------- changes, news


async def test_the_largest_changes_are_judged_only_where_one_way_is_better(
    store: Store, tmp_path: Path
) -> None:
    await stored(store, tmp_path, "ngheo,2022,4.35", "ngheo,2023,3.02", "gia,2022,3", "gia,2023,6", "thu,2022,100", "thu,2023,90",
                 "viec-lam,2022,5", "viec-lam,2023,5")  # fmt: skip
    made = await digest(store, FULL)
    assert rows(made, "Thay đổi lớn nhất") == [
        "Chỉ số giá: 6% (năm 2023) · ▲ 3 điểm phần trăm so với năm 2022 (3%)",
        "Tỷ lệ hộ nghèo: 3,02% (năm 2023) · ▼ 1,33 điểm phần trăm so với năm 2022 (4,35%) – chiều hướng tốt",
        "Thu ngân sách: 90 tỷ đồng (năm 2023) · ▼ 10 tỷ đồng (-10%) so với năm 2022 (100 tỷ đồng) – chiều hướng chưa tốt",
    ]


async def test_tells_what_is_new_since_the_digest_before_and_only_that(
    store: Store, tmp_path: Path
) -> None:
    await stored(
        store, tmp_path, "ngheo,2022,4.35,,,,2023-01-10", "viec-lam,2024,,,>=,20000,2024-01-02"
    )
    before = (await digest(store)).watermark
    await stored(
        store,
        tmp_path,
        "ngheo,2022,4.3,,,,2024-06-20",
        "ngheo,2023,3.02,,,,2024-06-20,preliminary",
        "viec-lam,2024,,,>=,21000,2024-06-20",
        "viec-lam,2022,,,>=,1,2024-06-20",
    )
    made = await digest(store, FULL, since=before)
    assert rows(made, "Số liệu mới kể từ bản tin trước (1)") == [
        "Tỷ lệ hộ nghèo: năm 2023 · 3,02% (số sơ bộ)"
    ]
    assert rows(made, "Số liệu được đính chính, cập nhật (1)") == [
        "Tỷ lệ hộ nghèo: năm 2022 · 4,3% (trước đây: 4,35%)"
    ]
    assert rows(made, "Chỉ tiêu mới giao hoặc được điều chỉnh (2)") == [
        "Số lao động được tạo việc làm: năm 2022 · ≥ 1 người",
        "Số lao động được tạo việc làm: năm 2024 · ≥ 21.000 người (trước đây: ≥ 20.000 người)",
    ]
    assert "có 1 số liệu mới; 1 số liệu được đính chính, cập nhật." in lines(made)[1]
    again = await digest(store, FULL, since=made.watermark)
    assert "Không có số liệu mới hay đính chính kể từ bản tin trước." in lines(again)
    assert not rows(again, "Số liệu mới")


async def test_the_first_digest_tells_what_was_published_in_its_stretch(
    store: Store, tmp_path: Path
) -> None:
    await stored(store, tmp_path, "ngheo,2022,4.35,,,,2024-06-05", "ngheo,2023,3.02,,,,2024-06-06")
    made = await digest(store)
    assert rows(made, "Bản tin đầu tiên, số liệu công bố từ ngày 5/6/2024 (1)") == [
        "Tỷ lệ hộ nghèo: năm 2023 · 3,02%"
    ]
    quiet = await digest(store, replace(BRIEF, rhythm=Rhythm(Every.WEEK, 5)))
    assert "Bản tin đầu tiên; không có số liệu mới hay đính chính từ ngày 28/6/2024." in lines(
        quiet
    )
    quarterly = await digest(
        store, replace(BRIEF, rhythm=Rhythm(Every.QUARTER, 31)), day="2024-05-31"
    )
    assert rows(quarterly, "Bản tin đầu tiên, số liệu công bố từ ngày 29/2/2024 (2)")


async def test_a_first_digest_from_a_store_that_is_itself_new_lists_nothing_as_new(
    store: Store, tmp_path: Path
) -> None:
    await stored(
        store,
        tmp_path,
        *(f"ngheo,{year},3.{year % 10},,,,2024-06-2{year % 10}" for year in range(2019, 2024)),
    )
    made = await digest(store)
    assert lines(made)[1] == "Thái Nguyên không có chỉ tiêu được giao cho các số liệu theo dõi."
    assert any(
        each.startswith("Bản tin đầu tiên; mọi số liệu trong kho đều có từ ngày 5/6/2024 đến nay")
        for each in lines(made)
    )
    assert not [each for each in made.message.text.splitlines() if "số liệu công bố từ" in each]
    seen = await digest(store, preview=True)
    assert (
        "Mọi số liệu trong kho đều có từ ngày 5/6/2024 đến nay nên không nêu riêng số liệu mới."
        in lines(seen)
    )


def test_the_same_value_from_elsewhere_is_no_news() -> None:
    figure = part("19005")
    assert not news([replace(figure, source=Source("khác"), published=date(2024, 1, 1))], [figure])
    assert not news([replace(figure, value=Decimal("19005.0"))], [figure])
    assert news([replace(figure, value=Decimal("19006"))], [figure]).corrected
    assert news([figure], []).new == (figure,)


# ---------------------------------------------------------------- overdue


def came(*rows: str) -> dict[Period, date]:
    return {
        Period.parse(period): date.fromisoformat(day)
        for period, day in (row.split() for row in rows)
    }


YEARS = came("2021 2022-02-10", "2022 2023-02-20")
QUARTERS = came(
    "2023-Q2 2023-07-10", "2023-Q3 2023-10-08", "2023-Q4 2024-01-15", "2024-Q1 2024-04-09"
)


@pytest.mark.parametrize(
    ("published", "day", "wanted"),
    [
        (YEARS, "2024-03-27", []),  # 51 days, as ever, and 36 more
        (YEARS, "2024-03-28", ["2023"]),
        (YEARS, "2025-03-27", ["2023"]),
        (YEARS, "2025-03-28", []),  # given up
        (came("2022 2023-02-20"), "2024-06-01", []),  # once is no custom
        (came("2021 2023-02-20", "2022 2023-02-20"), "2024-06-01", []),  # entered afterwards
        (came("2020 2021-02-10", "2022 2023-02-20"), "2024-06-01", []),
        (QUARTERS, "2024-07-24", []),  # 15 days at most, and 9 more
        (QUARTERS, "2024-07-25", ["2024-Q2"]),
        (QUARTERS | came("2024-S1 2024-07-20"), "2024-07-25", []),  # the half-year covers it
        (
            {each: day for each, day in QUARTERS.items() if each != Period.months(2023, 10, 3)},
            "2024-07-25",
            [],
        ),
        (
            came("2022-01/2022-09 2022-10-05", "2023-01/2023-09 2023-10-03"),
            "2024-11-02",
            ["2024-01/2024-09"],
        ),
        (came("2022-01/2022-09 2022-10-05", "2023-01/2023-09 2023-10-03"), "2024-11-01", []),
    ],
)
def test_overdue(published: dict[Period, date], day: str, wanted: list[str]) -> None:
    assert [str(each.period) for each in overdue(published, date.fromisoformat(day))] == wanted


async def test_what_is_overdue_is_told_with_the_day_on_which_it_came_the_year_before(
    store: Store, tmp_path: Path
) -> None:
    await stored(store, tmp_path, "ngheo,2021,5,,,,2022-02-10", "ngheo,2022,4,,,,2023-02-20")
    made = await digest(store, FULL, day="2024-04-05")
    assert rows(made, "Đã quá thời điểm thường có số liệu (1)") == [
        "Tỷ lệ hộ nghèo: chưa có số liệu năm 2023 (số liệu năm 2022 có từ ngày 20/2/2023)"
    ]
    assert not rows(await digest(store, FULL, day="2024-02-05"), "Đã quá thời điểm")


# ---------------------------------------------------------------- pictures and workbooks


async def test_the_picture_is_of_every_judged_target(demo_store: Store) -> None:
    wishes = replace(BRIEF, chart=True)
    made = await digest(demo_store, wishes, day="2024-04-05")
    (image,) = made.message.images
    assert image.data.startswith(b"\x89PNG")
    assert image.alt.startswith(
        "Biểu đồ: Kết quả so với chỉ tiêu được giao · Thái Nguyên · năm 2023 · 6 chỉ tiêu được giao: vượt 3, đạt 3."
    )
    assert "40.512 người (chỉ tiêu ≥ 40.000 người, vượt)" in image.alt
    assert not (await digest(demo_store, BRIEF, day="2024-04-05")).message.images


async def test_the_picture_shows_how_far_plans_have_got_while_nothing_is_judged(
    store: Store, tmp_path: Path
) -> None:
    await stored(
        store,
        tmp_path,
        "viec-lam,2024,,,>=,20000",
        "viec-lam,2024-S1,9000",
        "ngheo,2024,,,<=,0",
        "ngheo,2024-S1,0.4",
    )
    (image,) = (await digest(store, replace(BRIEF, chart=True))).message.images
    assert image.alt == (
        "Biểu đồ: Kết quả đến nay so với chỉ tiêu được giao · Thái Nguyên · năm 2024. "
        "Số lao động được tạo việc làm (6 tháng đầu năm 2024): 9.000 người (chỉ tiêu năm 2024: ≥ 20.000 người, đang thực hiện); "
        "Tỷ lệ hộ nghèo: 0,4% (chỉ tiêu năm 2024: ≤ 0%, đang thực hiện). Nguồn: Sở thử"
    )
    assert "thanh ngắn hơn vạch là đạt" not in "\n".join(image.lines)


async def test_the_workbook_keeps_numbers_as_numbers_with_their_digits(
    store: Store, tmp_path: Path
) -> None:
    await stored(
        store,
        tmp_path,
        "ngheo,2023,3.020,,<=,3.5,2024-01-10",
        "viec-lam,2023,40512,over,>=,40000",
        "thu,2023,,,>=,9.95",
    )
    made = await digest(store, replace(BRIEF, workbook=True))
    (file,) = made.message.files
    assert file.name == "ban-tin-2024-07-05.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
    assert sheet is not None
    header, *written = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert header[:8] == [
        "Chỉ tiêu",
        "Địa phương",
        "Kỳ",
        "Ước lượng",
        "Kết quả",
        "Trên tổng số",
        "Đơn vị tính",
        "Tình trạng",
    ]
    by_name = {row[0]: dict(zip(header, row, strict=True)) for row in written}
    poverty, jobs, income = (
        by_name["Tỷ lệ hộ nghèo"],
        by_name["Số lao động được tạo việc làm"],
        by_name["Thu ngân sách"],
    )
    assert (
        poverty["Kết quả"],
        poverty["Yêu cầu"],
        poverty["Mức được giao"],
        poverty["Đánh giá"],
    ) == (3.02, "≤", 3.5, "vượt")
    assert (jobs["Kết quả"], jobs["Ước lượng"], jobs["Đánh giá"]) == (40512, "trên", "vượt")
    assert (income["Kết quả"], income["Mức được giao"], income["Đánh giá"]) == (
        None,
        9.95,
        "chưa có kết quả",
    )
    assert poverty["Ngày công bố"] == datetime(2024, 1, 10)  # noqa: DTZ001 - a day has no zone
    formats = {row[0].value: row[4].number_format for row in sheet.iter_rows(min_row=2)}
    assert formats["Tỷ lệ hộ nghèo"] == "#,##0.000"
    assert formats["Số lao động được tạo việc làm"] == "#,##0"


@pytest.mark.parametrize("name", ["=1+1", "+1", "@SUM(A1)", "-2", "a\x0bb"])
def test_the_workbook_has_no_formula(name: str) -> None:
    figure = part("123456789012345678.5", name=name)
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([figure], "x", VI).data)).active
    assert sheet is not None
    assert (sheet["A2"].value, sheet["A2"].data_type) == (name.replace("\x0b", ""), "s")
    assert (sheet["E2"].value, sheet["E2"].data_type) == ("123456789012345678.5", "s")


# ---------------------------------------------------------------- alerts

EVERYTHING = Wishes(rhythm=None, alerts=frozenset(Alert), regions=(PLACE,))


async def alerts(store: Store, since: int, wishes: Wishes = EVERYTHING) -> list[list[str]]:
    told = [
        await alert(store, each, wishes, say=VI, home=PLACE) for each in await store.vintages(since)
    ]
    for each in told:
        if each is not None:
            await holds(each, store, date(2024, 7, 5), "vi")
    return [lines(each) for each in told if each is not None]


async def test_alerts_tell_what_is_new_corrected_and_missed(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "ngheo,2022,4.35,,<=,4,2023-01-10")
    assert await alerts(store, 0) == [
        [
            "Chưa đạt chỉ tiêu: Tỷ lệ hộ nghèo · Thái Nguyên · năm 2022",
            "4,35%",
            "Chưa đạt chỉ tiêu (≤ 4%)",
            "Nguồn: Sở thử",
        ]
    ]
    first = await store.watermark()
    await stored(
        store, tmp_path, "ngheo,2022,4.2,,<=,4,2023-02-10", "ngheo,2023,3.02,,<=,3.5,2024-01-10"
    )
    assert await alerts(store, first) == [
        [
            "Đính chính số liệu: Tỷ lệ hộ nghèo · Thái Nguyên · năm 2022",
            "4,2%",
            "Trước đây: 4,35% (công bố ngày 10/1/2023)",
            "Chưa đạt chỉ tiêu (≤ 4%)",
            "Nguồn: Sở thử",
        ],
        [
            "Số liệu mới: Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023",
            "3,02%",
            "▼ 1,18 điểm phần trăm so với năm 2022 (4,2%) – chiều hướng tốt",
            "Vượt chỉ tiêu (thấp hơn mức tối đa 3,5%)",
            "Nguồn: Sở thử",
        ],
    ]
    only = replace(EVERYTHING, alerts=frozenset({Alert.MISSED}))
    assert await alerts(store, first, only) == []
    second = await store.watermark()
    await stored(store, tmp_path, "ngheo,2023,,,<=,3,2024-02-10")
    assert [each[0] for each in await alerts(store, second, only)] == [
        "Chưa đạt chỉ tiêu: Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023"
    ]


async def test_a_settled_figure_is_an_update_and_no_correction(
    store: Store, tmp_path: Path
) -> None:
    await stored(store, tmp_path, "ngheo,2023,3.1,,,,2024-01-10,preliminary")
    first = await store.watermark()
    await stored(store, tmp_path, "ngheo,2023,3.02,,,,2024-03-10")
    (told,) = await alerts(store, first)
    assert told[0] == "Cập nhật số liệu: Tỷ lệ hộ nghèo · Thái Nguyên · năm 2023"
    assert told[2] == "Trước đây: 3,1%, số sơ bộ (công bố ngày 10/1/2024)"
    made = await digest(store, since=first)
    assert rows(made, "Số liệu được đính chính, cập nhật (1)") == [
        "Tỷ lệ hộ nghèo: năm 2023 · 3,02% (trước đây: 3,1%, số sơ bộ)"
    ]


async def test_alerts_are_only_of_what_is_followed(store: Store, tmp_path: Path) -> None:
    await stored(store, tmp_path, "ngheo,2022,4.35", "ngheo@Bắc Kạn,2022,20", "viec-lam,2022,5")
    told = await alerts(store, 0, replace(EVERYTHING, indicators=("ngheo",)))
    assert [each[0] for each in told] == ["Số liệu mới: Tỷ lệ hộ nghèo · Thái Nguyên · năm 2022"]
    assert await alerts(store, 0, replace(EVERYTHING, indicators=("khong-co",))) == []


# ---------------------------------------------------------------- every digest of real catalogues


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_digests_of_the_demonstration_hold_nothing_else(
    demo_store: Store, language: str
) -> None:
    categories: Sequence[str] = ["", *demo_store.catalogue.categories]
    for code in categories:
        for every in Every:
            for day in ("2024-04-05", "2025-02-28", "2023-01-01"):
                wishes = Wishes(
                    Rhythm(every, 5),
                    categories=(code,) if code else (),
                    full=every is not Every.WEEK,
                    chart=False,
                )
                await digest(
                    demo_store,
                    wishes,
                    day=day,
                    since=None if day < "2025" else 0,
                    language=language,
                )


async def test_digests_of_a_catalogue_of_all_kinds_hold_nothing_else(store: Store) -> None:
    await load(store, HERE / "second" / "catalogue", date(2024, 10, 20))
    for wishes in (
        FULL,
        replace(FULL, regions=("Cả nước", PLACE, "Bắc Kạn", "Hà Nội")),
        replace(BRIEF, chart=True),
    ):
        for day in ("2022-04-05", "2024-11-05", "2026-01-31"):
            made = await digest(store, wishes, day=day)
            assert wishes.full or len(lines(made)) <= 16


async def test_what_is_called_missed_is_what_the_store_holds_as_missed(store: Store) -> None:
    await load(store, HERE / "second" / "catalogue", date(2024, 10, 20))
    region = store.catalogue.namesakes(PLACE)[0]
    held = await store.in_period([Period.year(2024)], [region])
    missed = {each.indicator.name for each in held if status(each) is Status.MISSED}
    assert len(missed) > 10
    made = await digest(store, FULL, day="2024-11-05")
    assert {each.partition(": ")[0] for each in rows(made, f"Chưa đạt ({len(missed)})")} == missed


async def test_a_digest_is_the_same_on_postgresql(demo_store: Store, postgres: str) -> None:
    other = await Store.open(postgres)
    await load(other, DEMONSTRATION, date(2024, 3, 24))
    for since in (None, 0):
        one, two = [
            await digest(each, FULL, day="2024-04-05", since=since) for each in (demo_store, other)
        ]
        assert (one.message, one.figures, one.computed) == (two.message, two.figures, two.computed)
    await other.close()


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["ngheo", "thu"]),
        st.sampled_from(["2022", "2023", "2024-S1"]),
        st.integers(1, 3),
        st.integers(1, 28),
    ),
    max_size=5,
    unique_by=lambda row: (row[0], row[1], row[3]),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(loads=st.lists(st.tuples(ROWS, st.booleans()), max_size=5))
def test_each_result_is_news_once_and_each_correction_names_what_was_told(
    loads: list[tuple[list[Any], bool]], tmp_path: Path
) -> None:
    """However loads and digests follow each other, the news of all digests lead from nothing to what is stored."""

    async def whole() -> None:
        store = await Store.open("sqlite+aiosqlite:///:memory:")
        told: dict[tuple[str, str], Decimal | None] = {}
        since = 0
        for rows_, is_served in [*loads, ([], True)]:
            if rows_:
                await stored(
                    store,
                    tmp_path,
                    *(
                        f"{code},{period},{value},,,,2024-06-{day:02}"
                        for code, period, value, day in rows_
                    ),
                )
            if not is_served:
                continue
            about = scope(BRIEF, await store.refresh(), PLACE, await store.places())
            now, then = await about.figures(store), await about.figures(store, watermark=since)
            found = news(now, then)
            for each in found.new:
                key = each.indicator.code, str(each.period)
                assert key not in told
                told[key] = each.value
            for each, before in found.corrected:
                key = each.indicator.code, str(each.period)
                assert told[key] == before.value != each.value
                told[key] = each.value
            assert told == {(each.indicator.code, str(each.period)): each.value for each in now}
            since = (await digest(store, since=since)).watermark
        await store.close()

    asyncio.run(whole())


# ---------------------------------------------------------------- the command


def solieu(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "digest", "preview", *arguments],
        env=os.environ | {"SOLIEU_DATABASE_URL": url, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_preview_prints_and_saves(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'solieu.db'}"
    done = solieu(
        url,
        "--day",
        "2024-04-05",
        "--category",
        "người có công",
        "--full",
        "--save",
        str(tmp_path / "out"),
    )
    assert done.returncode == 0, done.stderr
    said, *_ = done.stdout.splitlines()
    assert said == "Bản tin số liệu hằng tháng · Người có công · Thái Nguyên · 5/4/2024"
    kept = {each.suffix: each for each in (tmp_path / "out").iterdir()}
    assert kept.keys() == {".txt", ".png", ".xlsx"}
    assert kept[".txt"].read_text(encoding="utf-8") in done.stdout
    before = solieu(url, "--day", "2024-03-23")
    assert "Chưa có số liệu nào" in before.stdout  # the report came a day later
    told = solieu(
        url, "--day", "2024-04-05", "--category", "người có công", "--region", "Thái Nguyên"
    )
    assert (told.returncode, told.stderr) == (0, "")
    for option, cause in (
        ("--category", "Không có lĩnh vực “du lịch” trong kho số liệu."),
        ("--indicator", "Không có chỉ tiêu “du lịch” trong kho số liệu."),
        ("--region", "Không có địa phương “du lịch” trong kho số liệu."),
    ):
        unknown = solieu(url, option, "du lịch")
        assert (unknown.returncode, unknown.stdout, unknown.stderr) == (2, "", cause + "\n")
    lost = solieu(url, "--subscription", "7")
    assert (lost.returncode, lost.stdout) == (2, "")
    assert "Không có đăng ký số 7" in lost.stderr


async def test_preview_shows_what_a_subscription_would_be_sent(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'solieu.db'}"
    engine = await open_chats(url)
    wishes = Wishes(Rhythm(Every.WEEK, 2), categories=("lao-dong",))
    now = datetime(2024, 3, 1, tzinfo=UTC)
    kept = Kept(Subscription(-1, wishes, now, language="en"), "12", "", "34")
    (number,) = await Deliveries(Turns(engine)).keep("telegram", "1", [kept], now)
    await engine.dispose()
    done = await asyncio.to_thread(
        solieu, url, "--day", "2024-03-26", "--subscription", str(number)
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(
        "Weekly digest · Lao động, việc làm và giáo dục nghề nghiệp · Thái Nguyên · 26/3/2024\n"
    )


def test_no_question_waits_for_what_only_digests_need() -> None:
    """A first answer must not cost the time of drawing and of workbooks."""
    code = "import sys, handlers.desk, bot.channels.terminal; print([n for n in sys.modules if n.split('.')[0] in ('openpyxl', 'resvg_py')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
